import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import type { Input, OperationName } from '../../contract/operations.ts'
import { operations } from '../../contract/operations.ts'
import { systemClock } from '../../server/adapters/clock.ts'
import { openSqliteStore } from '../../server/adapters/store/sqlite/store.ts'
import { backUp } from '../../server/copies/backup.ts'
import { move } from '../../server/copies/move.ts'
import type { Place } from '../../server/copies/places.ts'
import { restore } from '../../server/copies/restore.ts'
import type { Answer } from '../../server/core/answer.ts'
import { altered, made } from '../../server/core/operations/rooms/room-events.ts'
import { refusalOf } from '../../server/core/refusals.ts'
import { TestServer } from '../support/app.ts'
import { sqliteAt, talliesAt, unwatched } from '../support/copies.ts'
import type { Actor } from '../support/core.ts'
import { password, TestCore } from '../support/core.ts'
import { onPostgres } from '../support/here.ts'
import { TestSocket } from '../support/socket.ts'
import type { Furnished } from './furnished.ts'
import { furnish } from './furnished.ts'

/** Every operation that makes something under an id of the caller's, with inputs that would be taken if the id were free. */
const creates: { readonly [Name in OperationName]?: (id: string, n: number, of: Furnished) => unknown } = {
  'rooms.create': (id, n) => ({ id, kind: n % 2 ? 'public' : 'private', name: `Mine ${n}` }),
  'users.create': (id, n) => ({ id, username: `mallory${n}`, password }),
  'tokens.create': (id, n) => ({ id, name: `script ${n}` }),
  'messages.post': (id, n, { rooms }) => ({ id, room: rooms[n % rooms.length], text: `Hello ${n}` }),
}
const makers = Object.keys(creates) as OperationName[]

/** Ids that the server derives cannot be given; by their version they are told apart (RFC 9562, section 5.8). */
const isDerived = (id: string): boolean => id[14] === '8'

interface World extends AsyncDisposable {
  readonly chat: TestCore
  readonly place: Place
  readonly of: Furnished
  readonly callers: readonly (readonly [string, Actor])[]
}

const callersOf = (chat: TestCore, { alice, bob, mallory }: Furnished['people']) =>
  [
    ['an administrator', chat.as(alice)],
    ['a member', chat.as(bob)],
    ['an outsider', chat.as(mallory)],
  ] as const

async function here(): Promise<World> {
  const chat = await TestCore.open()
  const of = await furnish(chat)
  return {
    chat,
    place: chat.place,
    of,
    callers: callersOf(chat, of.people),
    [Symbol.asyncDispose]: () => chat[Symbol.asyncDispose](),
  }
}

/** The same, made on SQLite and then copied. */
async function copied(copy: (from: Place, folder: string) => Promise<Place>): Promise<World> {
  await using parts = new AsyncDisposableStack()
  const folder = await mkdtemp(join(tmpdir(), 'confab-ids-'))
  parts.defer(() => rm(folder, { recursive: true, force: true }))
  const from = join(folder, 'from')
  const of = await madeAt(from)
  const place = await copy(sqliteAt(from), folder)
  const store = parts.use(await openAt(place))
  const chat = parts.use(await TestCore.open({ wrap: () => store }))
  const held = parts.move()
  return {
    chat,
    place,
    of,
    callers: callersOf(chat, of.people),
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  }
}

async function madeAt(directory: string): Promise<Furnished> {
  await using store = await openSqliteStore({ directory, clock: systemClock })
  await using chat = await TestCore.open({ wrap: () => store })
  return await furnish(chat)
}

async function openAt(place: Place) {
  if (place.is === 'sqlite') return openSqliteStore({ directory: place.data, clock: systemClock })
  const { openPostgresStore } = await import('../../server/adapters/store/postgres/store.ts')
  return openPostgresStore({ url: place.url, clock: systemClock })
}

const restored = () =>
  copied(async (from, folder) => {
    const now = Date.now()
    const backup = await backUp(from, {
      to: join(folder, 'backups'),
      keep: null,
      now: () => now,
      watch: unwatched,
    })
    const to = sqliteAt(join(folder, 'to'))
    await restore(backup.folder, { to, replace: false, now, watch: unwatched })
    return to
  })

const moved = () =>
  copied(async (from, folder) => {
    const { temporaryDatabase } = await import('../support/postgres-database.ts')
    const database = await temporaryDatabase()
    const to: Place = { is: 'postgres', url: database.url, data: join(folder, 'to') }
    await move(from, to, Date.now(), unwatched)
    return to
  })

/** What is stored but for what is still being emptied in the background: erased rooms' rows. */
async function settled(place: Place) {
  for (;;) {
    const tallies = await talliesAt(place)
    if (tallies.find(({ table }) => table === 'erasures')?.rows === 0) return tallies
    await new Promise(setImmediate)
  }
}

async function attempt(
  actor: Actor,
  op: OperationName,
  input: unknown,
): Promise<{ parsed: boolean; answer: Answer<unknown> | null }> {
  if (!operations[op].input.safeParse(input).success) return { parsed: false, answer: null }
  return { parsed: true, answer: await actor.ask(op, input as Input<typeof op>) }
}

/** Nothing but the refusal: not where the id is, not what has it, not whose it is. */
const idTaken = refusalOf({ code: 'id_taken' })

const mayNot = (op: OperationName, who: string): boolean =>
  op === 'users.create' && who !== 'an administrator'

async function assertRefused(
  world: World,
  of: { op: OperationName; who: string; actor: Actor; id: string; what: string; n: number },
): Promise<void> {
  const { op, who, actor, id, what, n } = of
  const { parsed, answer } = await attempt(actor, op, creates[op]?.(id, n, world.of))
  const told = `${op} by ${who} with the id of ${what}`
  assert.equal(parsed, !isDerived(id), told)
  if (!answer) return
  // A deleted message keeps who wrote it, and nothing to tell what it said by.
  const isOwnRetry = op === 'messages.post' && who === 'an administrator' && world.of.deleted.has(id)
  if (isOwnRetry) assert.ok('ok' in answer && (answer.ok as { deleted?: true }).deleted, told)
  else if (mayNot(op, who)) assert.ok('error' in answer && answer.error.code === 'denied', told)
  else assert.deepEqual(answer, idTaken, told)
}

function worldly(name: string, open: () => Promise<World>): void {
  describe(`[L3] [A3] no id is taken over: ${name}`, () => {
    test('every create operation with the id of anything there is or was, by anybody, changes nothing', async () => {
      await using world = await open()
      const before = await settled(world.place)
      let n = 0
      for (const op of makers)
        for (const [who, actor] of world.callers)
          for (const [what, id] of world.of.ids)
            await assertRefused(world, { op, who, actor, id, what, n: n++ })
      assert.deepEqual(await settled(world.place), before)
    })

    test('in any order, at once, with any input', async () => {
      await using world = await open()
      const before = await settled(world.place)
      const one = fc.record({
        op: fc.constantFrom(...makers),
        caller: fc.constantFrom(...world.callers),
        target: fc.constantFrom(...world.of.ids),
        n: fc.nat(1_000),
      })
      await fc.assert(
        fc.asyncProperty(fc.array(one, { minLength: 1, maxLength: 12 }), async tries => {
          await Promise.all(
            tries.map(({ op, caller: [who, actor], target: [what, id], n }) =>
              assertRefused(world, { op, who, actor, id, what, n }),
            ),
          )
        }),
        { numRuns: 25 },
      )
      assert.deepEqual(await settled(world.place), before)
    })

    test('the author’s own same call again is answered as it was, and changes nothing', async () => {
      await using world = await open()
      const before = await settled(world.place)
      for (const [op, who, input] of world.of.made) await world.chat.as(who).ok(op, input)
      assert.deepEqual(await settled(world.place), before)
    })
  })
}

worldly('made here', here)
worldly('restored from a backup', restored)
if (onPostgres) worldly('moved from another database', moved)

test('[L3] every operation that makes something under a given id is held here, and takes none of version 8', () => {
  const derived = 'aaaaaaaa-aaaa-8aaa-8aaa-aaaaaaaaaaaa'
  const named = (op: OperationName, id: string) =>
    operations[op].input.safeParse({ id }).error?.issues.some(issue => issue.path[0] === 'id') ?? false
  for (const op of Object.keys(operations) as OperationName[]) {
    const { method, path } = operations[op]
    const shape = (operations[op].input as unknown as { shape: object }).shape
    const isMaker = method === 'POST' && 'id' in shape && !path.includes('{id}')
    assert.equal(op in creates, isMaker, op)
    if (!isMaker) continue
    assert.equal(named(op, derived), true, op)
    assert.equal(named(op, derived.replace('-8aaa', '-7aaa')), false, op)
  }
})

test('[L3] [P6] mallory takes over no room by either transport', async () => {
  await using server = await TestServer.bare()
  const [alice, bob] = [await server.setUp('alice'), await server.signUp('bob')]
  const mallory = await server.signUp('mallory')
  const direct = (await alice.call('direct.open', { users: [bob.id] })).room.id
  await alice.says(direct, 'Just between us.')
  const { rooms } = await alice.call('rooms.list', {})
  using socket = await TestSocket.in(server.url, { cookie: mallory.cookie, origin: server.url })
  for (const { id } of rooms) {
    const input = { id, kind: 'private', name: 'Mine now' } as const
    const refused = await mallory.refused('rooms.create', input)
    const { code } = refused
    assert.equal(code, id === direct ? 'invalid' : 'id_taken')
    const reply = await socket.call('rooms.create', input)
    assert.deepEqual('error' in reply && reply.error, refused)
  }
  const { error } = (await socket.call('messages.list', { room: direct })) as { error?: { code: string } }
  assert.equal(error?.code, 'not_found')
  assert.deepEqual((await alice.call('rooms.list', {})).rooms, rooms)
})

test('[A1] who took the place of a direct room before ids were kept apart has nobody led into theirs', async () => {
  await using chat = await TestCore.open()
  const [alice, bob, mallory] = [
    await chat.setUp('alice'),
    await chat.signUp('bob'),
    await chat.signUp('mallory'),
  ]
  const id = await alice.direct(bob)
  await chat.store.commit({ guards: [], appends: [], rows: [{ row: 'room erased', room: id }] })
  const room = {
    id,
    kind: 'public',
    name: 'A trap',
    topic: '',
    archived: false,
    everyone: false,
    createdAt: 1,
  } as const
  const stamp = { by: mallory.id, at: 1 }
  await chat.store.commit({ guards: [], appends: made({ ...room, kind: 'direct' }, stamp), rows: [] })
  await chat.store.commit({ guards: [], appends: altered(room, room, stamp), rows: [] })
  await alice.refused('direct.open', { users: [bob.id] }, 'id_taken')
  await alice.ok('rooms.remove', { id })
  assert.equal(await alice.direct(bob), id)
})
