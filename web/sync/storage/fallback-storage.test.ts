import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Epoch, MessageId, RoomId, UserId } from '../../../contract/ids.ts'
import type { RoomDraft } from '../model.ts'
import type { QueuedCall } from '../outbox/queued.ts'
import { rowKeyOf } from '../outbox/queued.ts'
import { fallbackStorage } from './fallback-storage.ts'
import { memoryStorage } from './memory.ts'
import type { SavedState, SavedWindow, Storage } from './storage.ts'
import { emptyDraft } from './storage.ts'

const users = ['alice', 'bob'] as UserId[]
const rooms = ['general', 'random'] as RoomId[]
const [alice, general] = ['alice' as UserId, 'general' as RoomId]
const ids = [0, 1, 2, 3, 4].map(n => `m${n}` as MessageId)

const draftOf = (id: MessageId, text: string): RoomDraft => ({ ...emptyDraft, id, text })
/** A message of this id, which is its text too, in answer to another; with `n`, an edit of one. */
const callOf = (id: MessageId, room: RoomId, n?: number): QueuedCall =>
  n === undefined
    ? { operation: 'messages.post', room, input: { id, room, text: id, quote: ids[0] as MessageId }, at: 1 }
    : { operation: 'messages.edit', room, input: { id, text: `edit ${n}`, was: n }, at: 1 }
const add = (storage: Storage, user: UserId, call: QueuedCall) => storage.addRow(user, rowKeyOf(call), call)
const full = () => new Error('full')

/** `storage`, of which a call fails while `fails` says so; it has done nothing then. */
function failing(storage: Storage, fails: () => boolean): Storage {
  const calls = Object.entries(storage).map(([name, call]) => [
    name,
    async (...of: never[]) => {
      if (fails()) throw full()
      return call(...of)
    },
  ])
  return Object.fromEntries(calls)
}

type Step = (storage: Storage) => Promise<unknown>

const user = fc.constantFrom(...users)
const room = fc.constantFrom(...rooms)
const id = fc.constantFrom(...ids)
/** Of a message, and of an edit of it. */
const key = fc
  .tuple(id, fc.boolean())
  .map(([one, isEdit]): [MessageId, string] => [one, isEdit ? `edit ${one}` : one])
const refused = fc.constantFrom(null, { code: 'archived', message: 'Archived.' } as const)
const savedOf = (n: number): SavedState => ({ state: { n } as never, cursors: new Map() })
const savedWindowOf = (at: RoomId, n: number): SavedWindow => ({
  room: at,
  epoch: 'epoch' as Epoch,
  messageWindow: { n } as never,
})

/** What a client does with its storage. The id of a message is one person's, in one room. */
const ownerOf = (message: MessageId): UserId => (ids.indexOf(message) < 3 ? 'alice' : 'bob') as UserId
const roomFor = (message: MessageId): RoomId => rooms[ids.indexOf(message) % 2] as RoomId

const steps: fc.Arbitrary<Step> = fc.oneof(
  fc.tuple(id, fc.option(fc.nat(3), { nil: undefined })).map(
    ([one, n]) =>
      (storage: Storage) =>
        add(storage, ownerOf(one), callOf(one, roomFor(one), n)),
  ),
  key.map(
    ([one, of]) =>
      (storage: Storage) =>
        storage.changeRow(ownerOf(one), of, () => null),
  ),
  fc.tuple(key, refused).map(
    ([[one, of], failed]) =>
      (storage: Storage) =>
        storage.changeRow(ownerOf(one), of, row => ({ ...row, failed })),
  ),
  key.map(
    ([one, of]) =>
      (storage: Storage) =>
        storage.changeRow(ownerOf(one), of, row => ({ ...row, at: row.at + 1, failed: null })),
  ),
  fc.tuple(id, fc.string({ minLength: 1, maxLength: 2 })).map(
    ([one, text]) =>
      (storage: Storage) =>
        storage.setDraft(ownerOf(one), roomFor(one), draftOf(one, text)),
  ),
  fc.tuple(user, room).map(
    ([who, where]) =>
      (storage: Storage) =>
        storage.setDraft(who, where, null),
  ),
  fc.tuple(user, fc.nat(9), fc.subarray(rooms)).map(
    ([who, n, some]) =>
      (storage: Storage) =>
        storage.save(
          who,
          savedOf(n),
          some.map(where => savedWindowOf(where, n)),
        ),
  ),
  fc.tuple(user, room).map(
    ([who, where]) =>
      (storage: Storage) =>
        storage.dropWindow(who, where),
  ),
  fc.option(user).map(who => (storage: Storage) => storage.setLastUser(who)),
  fc.tuple(user, fc.boolean()).map(
    ([who, all]) =>
      (storage: Storage) =>
        storage.wipe(who, all),
  ),
)

/** Everything that can be read, but for the numbers that rows are ordered by. */
async function contents(storage: Storage) {
  const of = async (who: UserId) => ({
    rows: (await storage.rows(who)).map(({ order: _, ...row }) => row),
    drafts: new Map([...(await storage.drafts(who))].sort(([one], [other]) => (one < other ? -1 : 1))),
    single: await Promise.all(rooms.map(where => storage.draft(who, where))),
    state: await storage.state(who),
    windows: await Promise.all(rooms.map(where => storage.savedWindow(who, where))),
  })
  return { last: await storage.lastUser(), all: await Promise.all(users.map(of)) }
}

test('[C3] whichever writes and reads fail, what is read is what was written last, and rows keep their order', async () => {
  const history = fc.array(fc.tuple(steps, fc.array(fc.boolean(), { maxLength: 3 })), { maxLength: 25 })
  await fc.assert(
    fc.asyncProperty(history, async given => {
      const model = memoryStorage()
      let failures: boolean[] = []
      const fallback = fallbackStorage(
        failing(memoryStorage(), () => failures.shift() ?? false),
        () => {},
      )
      for (const [step, fails] of given) {
        await step(model)
        failures = [...fails]
        await step(fallback)
        failures = []
        assert.deepEqual(await contents(fallback), await contents(model))
      }
    }),
    { numRuns: 500 },
  )
})

test('[C3] after one write that failed, the next that is taken counts: a draft, a row that was sent, the order of rows', async () => {
  let isFull = true
  const storage = fallbackStorage(
    failing(memoryStorage(), () => isFull),
    () => {},
  )
  const [one, two] = ids as [MessageId, MessageId]
  await storage.setDraft(alice, general, draftOf(one, 'older'))
  await add(storage, alice, callOf(one, general))
  isFull = false
  await storage.setDraft(alice, general, draftOf(two, 'newer'))
  await add(storage, alice, callOf(two, general))
  assert.equal((await storage.draft(alice, general))?.text, '')
  assert.deepEqual(
    (await storage.rows(alice)).map(row => row.key),
    [one, two],
  )
  await storage.setDraft(alice, general, null)
  assert.deepEqual(await storage.drafts(alice), new Map())
})

test('of two writes of one thing under way at once the second counts, in whichever order they end', async () => {
  const first = memoryStorage()
  const opened = Promise.withResolvers<void>()
  let n = 0
  // As where the browser closes the storage: what was begun before is stored yet, and told of later than what is refused.
  const closing: Storage = {
    ...first,
    setDraft: async (...of) => {
      if (n++ > 0) throw full()
      await opened.promise
      await first.setDraft(...of)
    },
  }
  const storage = fallbackStorage(closing, () => {})
  const begun = storage.setDraft(alice, general, draftOf(ids[0] as MessageId, 'older'))
  await storage.setDraft(alice, general, draftOf(ids[0] as MessageId, 'newer'))
  opened.resolve()
  await begun
  assert.equal((await storage.draft(alice, general))?.text, 'newer')
})
