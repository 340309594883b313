import assert from 'node:assert/strict'
import { test } from 'node:test'
import { memoryStorage } from '../../web/sync/storage/memory.ts'
import type { Storage } from '../../web/sync/storage/storage.ts'
import { editsOf, hers, saved } from './edits.ts'
import { postsOf, rows } from './posts.ts'
import {
  alice,
  general,
  generalTopic,
  online,
  posted,
  random,
  ScriptedServer,
  said,
  scriptedDevice,
  settle,
  TurnedClock,
} from './scripted.ts'

const world = () => ({ server: new ScriptedServer(), clock: new TurnedClock() })

test('[C3] a storage that does not answer while a room is sent holds it up for a while, not for good', async () => {
  const { server, clock } = world()
  const kept = memoryStorage()
  let reads = Number.NaN
  const storage: Storage = {
    ...kept,
    addRow: (...of) => {
      reads = 0
      return kept.addRow(...of)
    },
    rows: user =>
      ++reads === 1 ? Promise.reject(new DOMException('gone', 'InvalidStateError')) : kept.rows(user),
  }
  await using client = await online(server, scriptedDevice(server, clock, storage))
  const posts = postsOf(server)
  using open = client.open(general)
  await open.post('one')
  await settle()
  assert.deepEqual(posts.texts, [])
  await clock.turn(60_000)
  assert.deepEqual(posts.texts, ['one'])
  await posts.answer({ ok: { seq: 11 } })
})

test('[C3] what alice sends while she is online is read from the storage at most once', async () => {
  const kept = memoryStorage()
  let reads = 0
  const counted =
    <Of extends unknown[], T>(read: (...of: Of) => T) =>
    (...of: Of): T => {
      reads++
      return read(...of)
    }
  const storage: Storage = {
    ...kept,
    rows: counted(kept.rows),
    draft: counted(kept.draft),
    drafts: counted(kept.drafts),
    savedWindow: counted(kept.savedWindow),
  }
  const { server, clock } = world()
  const device = scriptedDevice(server, clock, storage)
  await using client = await online(server, device)
  const posts = postsOf(server)
  using open = client.open(general)
  await settle()
  reads = 0
  const id = await open.post('one')
  await settle()
  await posts.answer({ ok: { seq: 11 } })
  server.socket.events(generalTopic, 11, posted({ ...said(11, alice, 'one'), id }))
  await settle()
  assert.deepEqual(rows(open).at(-1), 'message one')
  assert.equal(reads, 1)
})

test('[C3] what a newer page has left in the outbox waits for it, and holds up nothing', async () => {
  const { server, clock } = world()
  const device = scriptedDevice(server, clock)
  const newer = { operation: 'stars.add', room: general, input: { id: general }, at: 1 }
  await device.storage.addRow(alice, 'newer', newer as never)
  await using client = await online(server, device)
  server.handlers['messages.post'] = () => ({ ok: { seq: 11 } })
  using open = client.open(general)
  await open.post('one')
  await settle()
  assert.equal(client.snapshot().unsent, 0)
  assert.equal(server.called('messages.post').length, 1)
  assert.deepEqual(
    (await device.storage.rows(alice)).map(row => row.key),
    ['newer'],
  )
})

const damaged: readonly object[] = [
  { operation: 'messages.post', room: general, input: null },
  { operation: 'messages.post', room: general, input: { id: 'x', room: general } },
  { operation: 'messages.post', input: { id: 'x', room: general, text: 'no room' } },
  { operation: 'messages.edit', room: general },
  { operation: 'messages.remove', room: general, input: 'x' },
  { operation: 'reads.move', room: general, input: null },
  { operation: '__proto__', room: general, input: { id: 'x', text: '' } },
  { room: general },
]

test('[C3] damaged rows and drafts keep alice from nothing', async () => {
  const { server, clock } = world()
  const device = scriptedDevice(server, clock)
  for (const [n, row] of damaged.entries())
    await device.storage.addRow(alice, `${n}`, { ...row, at: n } as never)
  await device.storage.setDraft(alice, random, { text: null } as never)
  await device.storage.setDraft(alice, general, { text: '', edit: { text: 5 } } as never)
  await device.storage.addRow(alice, `read ${general}`, damaged[5] as never)
  await using client = await online(server, device)
  server.handlers['messages.post'] = () => ({ ok: { seq: 11 } })
  using open = client.open(general)
  await open.post('one')
  await settle()
  assert.deepEqual(rows(open), ['pending one'])
  assert.equal(client.snapshot().unsent, 0)
  assert.equal(server.called('messages.post').length, 1)
  const move = { operation: 'reads.move', room: general, at: 1, input: { id: general, seq: 4 } } as const
  assert.deepEqual((await device.storage.addRow(alice, `read ${general}`, move)).input, move.input)
})

/** A storage that does one write after the other, each some time after it was asked for, as IndexedDB does. */
function slowly(kept: Storage): Storage {
  let turn: Promise<unknown> = Promise.resolve()
  const inTurn =
    <Of extends unknown[], T>(work: (...of: Of) => Promise<T>) =>
    (...of: Of): Promise<T> => {
      const done = turn.then(async () => {
        await new Promise(resolve => setImmediate(resolve))
        return work(...of)
      })
      turn = done.catch(() => {})
      return done
    }
  return {
    ...kept,
    rows: inTurn(kept.rows),
    addRow: inTurn(kept.addRow),
    changeRow: inTurn(kept.changeRow),
  }
}

for (const isRead of [false, true])
  test(`[C3] an edit that is being stored when the one before is answered follows it${isRead ? ', also while the storage is read' : ''}`, async () => {
    const { server, clock } = world()
    const device = scriptedDevice(server, clock, slowly(memoryStorage()))
    await using client = await online(server, device)
    const edits = editsOf(server)
    using open = client.open(general)
    for (let n = 0; n < 5; n++) await settle()
    await open.edit(hers, 'first')
    for (let n = 0; n < 5; n++) await settle()
    const adding = open.edit({ id: hers.id, rev: 1 }, 'second')
    if (isRead) device.ports.openTabs(`confab-${alice}`, () => {}).emit({ is: 'outbox', room: general })
    const answered = edits.answer(saved('first', 1, 11))
    await Promise.all([adding, answered])
    for (let n = 0; n < 5; n++) await settle()
    assert.deepEqual(edits.inputs.at(-1), { id: hers.id, text: 'second', was: 1 })
  })
