import assert from 'node:assert/strict'
import { test } from 'node:test'
import { changes, edited, editsOf, hers, his, saved, world } from './edits.ts'
import { alice, general, generalTopic, online, settle } from './scripted.ts'

test('[C4] an edit is shown at once as one that is not saved, until the server tells of it, before or after its answer', async () => {
  const { server, device } = world()
  await using client = await online(server, device)
  const edits = editsOf(server)
  using open = client.open(general)
  await settle()
  await open.edit(hers, 'better')
  assert.deepEqual(changes(open), ['better (pending)', 'his'])
  assert.equal(client.snapshot().unsent, 1)
  await settle()
  await edits.answer(saved('better', 1, 11))
  assert.deepEqual(changes(open), ['better (pending)', 'his'])
  assert.equal(client.snapshot().unsent, 0)
  server.socket.events(generalTopic, 11, edited('better'))
  assert.deepEqual(changes(open), ['better', 'his'])
  await open.edit({ id: hers.id, rev: 1 }, 'best')
  await settle()
  server.socket.events(generalTopic, 12, edited('best', 2))
  assert.deepEqual(changes(open), ['best', 'his'])
  await settle()
  assert.equal(client.snapshot().unsent, 0)
  await edits.answer(saved('best', 2, 12))
  assert.deepEqual(changes(open), ['best', 'his'])
  assert.deepEqual(await device.storage.rows(alice), [])
})

test('[C3] [C4] what alice does offline is done once and in order, after the page was closed and opened anew', async () => {
  const { server, clock, device } = world()
  {
    await using client = await online(server, device)
    using open = client.open(general)
    await settle()
    server.isReachable = false
    server.socket.close(1006)
    await open.post('new')
    await open.edit(hers, 'better')
    await open.remove(his.id)
    await clock.turn(60_000)
    assert.deepEqual(changes(open), ['better (pending)', 'his (pending)', 'pending new'])
  }
  server.isReachable = true
  const done: string[] = []
  server.handlers['messages.post'] = () => ({ ok: { seq: 10 + done.push('post') } })
  server.handlers['messages.edit'] = ({ text }) => saved(text, 1, 10 + done.push('edit'))
  server.handlers['messages.remove'] = () => ({ ok: { seq: 10 + done.push('remove') } })
  await using client = await device.tab()
  using open = client.open(general)
  await settle()
  assert.deepEqual(changes(open), ['better (pending)', 'his (pending)', 'pending new'])
  server.socket.welcome()
  await settle()
  assert.deepEqual(done, ['post', 'edit', 'remove'])
  assert.equal(client.snapshot().unsent, 0)
  assert.deepEqual(await device.storage.rows(alice), [])
})

test('[C5] two tabs do not edit twice, and both show it', async () => {
  const { server, device } = world()
  const edits = editsOf(server)
  await using one = await online(server, device)
  await using two = await online(server, device)
  using here = one.open(general)
  using there = two.open(general)
  await settle()
  await here.edit(hers, 'better')
  await settle()
  assert.deepEqual(changes(there), ['better (pending)', 'his'])
  await edits.answer(saved('better', 1, 11))
  assert.equal(edits.inputs.length, 1)
  assert.equal(two.snapshot().unsent, 0)
})

test('[C3] edits of one message that are not sent yet are one edit; what comes while one is on its way follows it', async () => {
  const { server, device } = world()
  await using client = await online(server, device)
  const edits = editsOf(server)
  using open = client.open(general)
  await settle()
  await open.edit(hers, 'first')
  await settle()
  const shown = open.snapshot().rows[0]
  assert.ok(shown?.is === 'message')
  await open.edit(shown.message, 'second')
  await open.edit(shown.message, 'third')
  assert.deepEqual(changes(open), ['third (pending)', 'his'])
  await edits.answer(saved('first', 1, 11))
  assert.deepEqual(edits.inputs, [
    { id: hers.id, text: 'first', was: 0 },
    { id: hers.id, text: 'third', was: 1 },
  ])
  assert.deepEqual(changes(open), ['third (pending)', 'his'])
  server.socket.events(generalTopic, 11, edited('first'))
  assert.deepEqual(changes(open), ['third (pending)', 'his'])
  await edits.answer(saved('third', 2, 12))
  server.socket.events(generalTopic, 12, edited('third', 2))
  assert.deepEqual(changes(open), ['third', 'his'])
})
