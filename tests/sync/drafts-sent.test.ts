import assert from 'node:assert/strict'
import { test } from 'node:test'
import { alice, bob, general, online, ScriptedServer, said, scriptedDevice, TurnedClock } from './scripted.ts'

const world = () => {
  const server = new ScriptedServer()
  const clock = new TurnedClock()
  return { server, clock, device: scriptedDevice(server, clock) }
}

test('[C3] a draft is in the storage until its message is: a page that ends between loses neither', async () => {
  const { server, clock, device } = world()
  const { addRow } = device.storage
  const kept: (string | undefined)[] = []
  Object.assign(device.storage, {
    addRow: async (...row: Parameters<typeof addRow>) => {
      kept.push((await device.storage.draft(alice, general))?.text)
      const added = await addRow(...row)
      kept.push((await device.storage.draft(alice, general))?.text)
      return added
    },
  })
  await using client = await online(server, device)
  using open = client.open(general)
  open.write({ text: 'an answer', quote: said(9, bob, '').id })
  await clock.turn(1_000)
  server.handlers['messages.post'] = () => ({ ok: { seq: 11 } })
  await open.send()
  assert.deepEqual(kept, ['an answer', ''])
  Object.assign(device.storage, { addRow })
})

test('[C3] an edit that is saved leaves the box at once, and is in the storage until its row is', async () => {
  const { server, clock, device } = world()
  await using client = await online(server, device)
  using open = client.open(general)
  const { id } = said(9, alice, 'hers')
  const edit = { message: id, was: 'hers', rev: 0, text: 'better' }
  open.write({ text: 'a draft', edit })
  await clock.turn(1_000)
  const add = device.storage.addRow
  const refuse = Promise.withResolvers<never>()
  Object.assign(device.storage, { addRow: () => refuse.promise })
  const refused = open.save(edit)
  assert.deepEqual([open.draft().edit, open.draft().text], [null, 'a draft'])
  refuse.reject(new Error('full'))
  await assert.rejects(refused)
  assert.deepEqual(open.draft().edit, edit)
  const kept: unknown[] = []
  Object.assign(device.storage, {
    addRow: async (...row: Parameters<typeof add>) => {
      kept.push((await device.storage.draft(alice, general))?.edit)
      const added = await add(...row)
      kept.push((await device.storage.draft(alice, general))?.edit)
      return added
    },
  })
  await open.save(edit)
  assert.deepEqual(kept, [edit, null])
  assert.equal((await device.storage.rows(alice))[0]?.operation, 'messages.edit')
  Object.assign(device.storage, { addRow: add })
})

test('[C3] a page that ends while what was sent is being stored leaves it in the storage as a draft', async () => {
  const { server, clock, device } = world()
  await using client = await online(server, device)
  using open = client.open(general)
  open.write({ text: 'last words' })
  await clock.turn(1_000)
  const add = device.storage.addRow
  const storing = Promise.withResolvers<void>()
  Object.assign(device.storage, {
    addRow: (...row: Parameters<typeof add>) => storing.promise.then(() => add(...row)),
  })
  const sending = open.send()
  device.hide()
  await clock.turn(1_000)
  assert.equal((await device.storage.draft(alice, general))?.text, 'last words')
  storing.resolve()
  await sending
  assert.equal(await device.storage.draft(alice, general), null)
  Object.assign(device.storage, { addRow: add })
})

test('a draft that cannot be stored for sending is a draft again', async () => {
  const { server, device } = world()
  const add = device.storage.addRow
  Object.assign(device.storage, { addRow: () => Promise.reject(new Error('full')) })
  await using client = await online(server, device)
  using open = client.open(general)
  open.write({ text: 'dear all' })
  const sending = open.send()
  assert.equal(open.draft().text, '')
  open.write({ text: ', more' })
  await assert.rejects(sending)
  assert.equal(open.draft().text, 'dear all, more')
  Object.assign(device.storage, { addRow: add })
})
