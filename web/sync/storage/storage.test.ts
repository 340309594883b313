import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import 'fake-indexeddb/auto'
import { openDB } from 'idb'
import type { WireError } from '../../../contract/frames.ts'
import type { Epoch, MessageId, RoomId, Topic, UserId } from '../../../contract/ids.ts'
import type { RoomDraft } from '../model.ts'
import type { OutboxRow, QueuedCall } from '../outbox/queued.ts'
import { isOf } from '../outbox/queued.ts'
import type { State } from '../replica/state.ts'
import { emptyState } from '../replica/state.ts'
import { windowOf } from '../room/message-window.ts'
import { fallbackStorage } from './fallback-storage.ts'
import { indexedDbStorage } from './indexeddb.ts'
import { memoryStorage } from './memory.ts'
import type { SavedWindow, Storage } from './storage.ts'
import { emptyDraft } from './storage.ts'

const alice = 'alice' as UserId
const bob = 'bob' as UserId
const room = 'room' as RoomId
const epoch = 'epoch' as Epoch

const stateOf = (id: UserId): State =>
  emptyState({
    id,
    username: id,
    displayName: id,
    firstName: '',
    lastName: '',
    status: '',
    avatar: null,
    role: 'member',
    state: 'active',
    createdAt: 1,
    email: '',
  })
const saved = (id: UserId, cursor: number) => ({
  state: stateOf(id),
  cursors: new Map<Topic, number>([['workspace', cursor]]),
})
const savedWindowOf = (text: string): SavedWindow => ({
  room,
  epoch,
  messageWindow: windowOf({
    messages: [{ id: 'm' as MessageId, room, seq: 1, author: alice, at: 1, text, rev: 0 }],
    before: false,
    after: false,
    seq: 1,
  }),
})
const begun = (text: string): RoomDraft => ({ ...emptyDraft, id: text as MessageId, text })
const post = (id: string, text: string): QueuedCall<'messages.post'> => ({
  operation: 'messages.post',
  room,
  input: { id: id as MessageId, room, text },
  at: 1,
})
const textOf = (row: OutboxRow | undefined) => row && isOf(row, 'messages.post') && row.input.text
const refused: WireError = { code: 'archived', message: 'Archived.' }
/** Adds a message, by its id. */
const add = (storage: Storage, user: UserId, id: string, text = id) =>
  storage.addRow(user, id, post(id, text))

let opened = 0
/** Every storage there is, and those that go on without it. */
const storages: Record<string, () => Promise<Storage>> = {
  memory: async () => memoryStorage(),
  IndexedDB: () => indexedDbStorage(`test-${++opened}`, () => {}),
  'IndexedDB that may fail': async () =>
    fallbackStorage(await indexedDbStorage(`test-${++opened}`, () => {}), () => {}),
  'one that fails always': async () => fallbackStorage(broken(), () => {}),
}

/** A storage of a browser that refuses everything. */
function broken(): Storage {
  const refuse = () => Promise.reject(new DOMException('full', 'QuotaExceededError'))
  const names = Object.keys(memoryStorage()) as (keyof Storage)[]
  return { ...Object.fromEntries(names.map(name => [name, refuse])), close: () => {} } as unknown as Storage
}

for (const [name, open] of Object.entries(storages))
  describe(`storage: ${name}`, () => {
    test('[C3] rows come back in the order in which they were added, each once, and only to their author', async () => {
      const storage = await open()
      for (const text of ['one', 'two', 'three']) await add(storage, alice, text, text)
      await add(storage, alice, 'two', 'again')
      await add(storage, bob, 'bobs', 'bobs')
      const texts = async () => (await storage.rows(alice)).map(textOf)
      assert.deepEqual(await texts(), ['one', 'two', 'three'])
      await storage.changeRow(alice, 'two', () => null)
      await add(storage, alice, 'four', 'four')
      assert.deepEqual(await texts(), ['one', 'three', 'four'])
      assert.equal((await storage.rows(bob)).length, 1)
      storage.close()
    })

    test('[C3] the draft that a row was goes in the same write; another one, and an edit beside it, stay', async () => {
      const storage = await open()
      const edit = { message: 'm' as MessageId, was: 'a', rev: 0, text: 'b' }
      await storage.setDraft(alice, room, { ...begun('one'), quote: 'q' as MessageId, edit })
      await add(storage, alice, 'other', 'other')
      assert.equal((await storage.draft(alice, room))?.text, 'one')
      await add(storage, alice, 'one', 'one')
      assert.deepEqual(await storage.draft(alice, room), { ...emptyDraft, edit })
      storage.close()
    })

    test('a row is changed as it is stored, and one that is gone stays gone', async () => {
      const storage = await open()
      await storage.addRow(alice, 'one', {
        ...post('one', 'one'),
        input: { ...post('one', 'one').input, quote: 'q' as MessageId },
      })
      await storage.changeRow(alice, 'one', row => ({ ...row, failed: refused }))
      assert.equal((await storage.rows(alice))[0]?.failed?.code, 'archived')
      await storage.changeRow(alice, 'one', row => ({ ...row, ...post('one', 'one'), failed: null }))
      assert.deepEqual(
        (await storage.rows(alice)).map(({ input, failed }) => [input, failed]),
        [[post('one', 'one').input, null]],
      )
      await storage.changeRow(alice, 'one', () => null)
      await storage.changeRow(alice, 'one', row => ({ ...row, failed: null }))
      assert.deepEqual(await storage.rows(alice), [])
      storage.close()
    })

    test('[C3] what is asked for again is one row: an edit has its last text, and goes where the first was', async () => {
      const storage = await open()
      const edit = (text: string, was: number): QueuedCall<'messages.edit'> => ({
        operation: 'messages.edit',
        room,
        input: { id: 'm' as MessageId, text, was },
        at: 1,
      })
      const first = await storage.addRow(alice, 'edit m', edit('first', 0))
      await add(storage, alice, 'one')
      const second = await storage.addRow(alice, 'edit m', edit('second', 1))
      assert.deepEqual(second.input, { id: 'm', text: 'second', was: 0 })
      assert.equal(second.order, first.order)
      // What was refused has left nothing: the next is an edit of what its author saw then.
      await storage.changeRow(alice, 'edit m', row => ({ ...row, failed: refused }))
      const third = await storage.addRow(alice, 'edit m', edit('third', 4))
      assert.deepEqual([third.input, third.failed], [{ id: 'm', text: 'third', was: 4 }, null])
      assert.deepEqual(await storage.rows(bob), [])
      for (const seq of [300, 230])
        await storage.addRow(bob, 'read', { operation: 'reads.move', room, input: { id: room, seq }, at: 1 })
      assert.deepEqual(
        (await storage.rows(bob)).map(row => row.input),
        [{ id: room, seq: 300 }],
      )
      assert.deepEqual(
        (await storage.rows(alice)).map(row => row.key),
        ['edit m', 'one'],
      )
      storage.close()
    })

    test('state, cursors and runs are stored and replaced; drafts are kept by room', async () => {
      const storage = await open()
      assert.equal(await storage.state(alice), null)
      assert.equal(await storage.savedWindow(alice, room), null)
      await storage.save(alice, saved(alice, 1), [savedWindowOf('old')])
      await storage.save(alice, saved(alice, 2), [savedWindowOf('new')])
      assert.deepEqual(await storage.state(alice), saved(alice, 2))
      assert.deepEqual(await storage.savedWindow(alice, room), savedWindowOf('new'))
      assert.equal(await storage.savedWindow(bob, room), null)
      await storage.dropWindow(alice, room)
      assert.equal(await storage.savedWindow(alice, room), null)
      await storage.setDraft(alice, room, begun('half a sen'))
      await storage.setDraft(bob, room, begun('his'))
      assert.deepEqual(await storage.draft(alice, room), begun('half a sen'))
      assert.deepEqual(await storage.drafts(alice), new Map([[room, begun('half a sen')]]))
      await storage.setDraft(alice, room, null)
      assert.equal((await storage.draft(alice, room))?.text ?? '', '')
      assert.equal((await storage.drafts(alice)).get(room)?.text ?? '', '')
      await storage.setLastUser(alice)
      assert.equal(await storage.lastUser(), alice)
      await storage.setLastUser(null)
      assert.equal(await storage.lastUser(), null)
      storage.close()
    })

    test('wiping takes the cache of one person, and their own words only where that is said', async () => {
      const storage = await open()
      for (const user of [alice, bob]) {
        await storage.save(user, saved(user, 1), [savedWindowOf(user)])
        await add(storage, user, `${user}s`, user)
        await storage.setDraft(user, room, begun(user))
      }
      await storage.wipe(alice, false)
      assert.equal(await storage.state(alice), null)
      assert.equal(await storage.savedWindow(alice, room), null)
      assert.equal((await storage.rows(alice)).length, 1)
      assert.equal((await storage.draft(alice, room))?.text, alice)
      await storage.wipe(alice, true)
      assert.deepEqual(await storage.rows(alice), [])
      assert.equal(await storage.draft(alice, room), null)
      assert.ok(await storage.state(bob))
      assert.ok(await storage.savedWindow(bob, room))
      assert.equal((await storage.rows(bob)).length, 1)
      assert.equal((await storage.draft(bob, room))?.text, bob)
      storage.close()
    })
  })

test('[C3] a storage that fills up while one writes goes on in memory, says so once, and still has what it had', async () => {
  const first = memoryStorage()
  let isFull = false
  let lost = 0
  const filling: Storage = {
    ...first,
    addRow: (...of) => (isFull ? Promise.reject(new Error('full')) : first.addRow(...of)),
    save: () => Promise.reject(new Error('full')),
  }
  const storage = fallbackStorage(filling, () => lost++)
  await add(storage, alice, 'one', 'one')
  isFull = true
  await add(storage, alice, 'two', 'two')
  await storage.save(alice, saved(alice, 1), [])
  assert.deepEqual((await storage.rows(alice)).map(textOf), ['one', 'two'])
  assert.equal(lost, 1)
  await storage.changeRow(alice, 'one', () => null)
  await storage.changeRow(alice, 'two', () => null)
  assert.deepEqual(await storage.rows(alice), [])
})

test('a page that finds an older form drops the cache, and keeps the words that were not sent', async () => {
  let ended = 0
  const old = await indexedDbStorage('forms', () => ended++)
  await add(old, alice, 'one')
  await old.save(alice, saved(alice, 1), [savedWindowOf('old')])
  const newer = await indexedDbStorage('forms', () => {}, 3)
  assert.equal(ended, 1)
  assert.equal((await newer.rows(alice)).length, 1)
  assert.equal(await newer.state(alice), null)
  assert.equal(await newer.savedWindow(alice, room), null)
  newer.close()
})

test('[C3] messages that were not sent when the outbox held nothing else are sent by a newer page', async () => {
  const old = await openDB('first-form', 1, {
    upgrade(made) {
      for (const store of ['meta', 'states', 'runs', 'drafts']) made.createObjectStore(store)
      made.createObjectStore('rows', { keyPath: 'draft.id' }).createIndex('order', ['user', 'order'])
    },
  })
  const draft = { id: 'one', room, text: 'one', quote: 'q', at: 7 }
  await old.put('rows', { user: alice, draft, order: 3, failed: refused })
  await old.put('drafts', begun('half a sen'), [alice, room])
  old.close()
  const storage = await indexedDbStorage('first-form', () => {})
  assert.deepEqual(await storage.rows(alice), [
    {
      operation: 'messages.post',
      key: 'one',
      room,
      input: { id: 'one', room, text: 'one', quote: 'q' },
      at: 7,
      order: 3,
      failed: refused,
    },
  ])
  assert.equal((await storage.draft(alice, room))?.text, 'half a sen')
  assert.equal((await add(storage, alice, 'two')).order, 4)
  storage.close()
})
