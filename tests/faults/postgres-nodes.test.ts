import assert from 'node:assert/strict'
import { test } from 'node:test'
import pg from 'pg'
import type { User } from '../../contract/entities.ts'
import type { MessageId, RoomId, TokenId } from '../../contract/ids.ts'
import { newId, roomTopic, userTopic } from '../../contract/ids.ts'
import { systemClock } from '../../server/adapters/clock.ts'
import { openPostgresStore } from '../../server/adapters/store/postgres/store.ts'
import type { Change, Outcome } from '../../server/core/log/change.ts'
import type { Store } from '../../server/core/ports/store.ts'
import { temporaryDatabase } from '../support/postgres-database.ts'
import { Cast, logOf } from '../support/store-cast.ts'

/** Two nodes' stores on one database, with two people in a room. */
async function twoNodes() {
  await using parts = new AsyncDisposableStack()
  const { url } = parts.use(await temporaryDatabase())
  const open = async () => parts.use(await openPostgresStore({ url, clock: systemClock }))
  const [a, b] = [await open(), await open()]
  const cast = new Cast(() => a)
  const [alice, bob] = [await cast.user('alice'), await cast.user('bob')]
  const room = await cast.room('Tea', [alice, bob])
  const held = parts.move()
  return {
    ...{ url, a, b, cast, alice, bob, room },
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  }
}

const times = <T>(count: number, make: (n: number) => T): T[] =>
  Array.from({ length: count }, (_, n) => make(n))
const tally = (outcomes: readonly Outcome[]): Record<string, number> => {
  const count: Record<string, number> = {}
  for (const { is } of outcomes) count[is] = (count[is] ?? 0) + 1
  return count
}
const active = ({ id }: User) => ({ if: 'user', user: id, state: 'active', refuse: 'denied' }) as const

test('[L3] one id sent fifty times to two nodes at once is one message, and every answer is its seq', async () => {
  await using it = await twoNodes()
  const posting = it.cast.posting(it.room, it.alice, 'once', { id: newId<MessageId>() })
  const outcomes = await Promise.all(times(50, n => (n % 2 ? it.a : it.b).commit(posting)))
  assert.deepEqual(tally(outcomes), { done: 1, already: 49 })
  const seqs = outcomes.map(outcome =>
    outcome.is === 'done' ? outcome.appended[0]?.seq : outcome.is === 'already' ? outcome.seq : null,
  )
  assert.equal(new Set(seqs).size, 1)
  const log = await logOf(it.b, roomTopic(it.room))
  assert.equal(log.filter(event => event.e === 'message.posted').length, 1)
})

test('[L3] one id in two rooms on two nodes at once is taken by one of them', async () => {
  await using it = await twoNodes()
  const other = await it.cast.room('Coffee', [it.alice])
  for (let round = 0; round < 20; round++) {
    const id = newId<MessageId>()
    const outcomes = await Promise.all([
      it.a.commit(it.cast.posting(it.room, it.alice, 'here', { id })),
      it.b.commit(it.cast.posting(other, it.alice, 'there', { id })),
    ])
    assert.deepEqual(tally(outcomes), { done: 1, refused: 1 })
    assert.ok(outcomes.some(outcome => outcome.is === 'refused' && outcome.code === 'id_taken'))
  }
})

test('[L1] [L5] whoever reads on while two nodes write meets every seq in its order, and none late', async () => {
  await using it = await twoNodes()
  const topic = roomTopic(it.room)
  const from = (await it.a.heads([topic])).get(topic)?.head ?? 0
  const writing = Promise.all(
    times(200, n =>
      (n % 2 ? it.a : it.b).commit(it.cast.posting(it.room, n % 3 ? it.alice : it.bob, `message ${n}`)),
    ),
  ).then(outcomes => tally(outcomes))
  const texts: string[] = []
  for (let cursor = from; texts.length < 200; ) {
    const { bodies, head } = await it.b.events(topic, cursor, { events: 50, bytes: 1e6 })
    // What the head says is there can be read, and a second reading answers the same.
    assert.ok(cursor + bodies.length <= head.head)
    assert.ok(bodies.length > 0 || head.head === cursor)
    texts.push(...bodies)
    cursor += bodies.length
  }
  assert.deepEqual(await writing, { done: 200 })
  const { bodies } = await it.a.events(topic, from, { events: 1_000, bytes: 1e9 })
  assert.deepEqual(texts, bodies)
})

test('[L5] a write that is held up holds up its own log, and no other, and nobody sees beyond it', async () => {
  await using it = await twoNodes()
  const other = await it.cast.room('Coffee', [it.alice])
  const slow = new pg.Client({ connectionString: it.url })
  await slow.connect()
  try {
    await slow.query('BEGIN')
    await slow.query('SELECT 1 FROM logs WHERE topic = $1 FOR UPDATE', [roomTopic(it.room)])
    const waiting = [it.a, it.b].map(node => node.commit(it.cast.posting(it.room, it.alice, 'later')))
    const elsewhere = await it.b.commit(it.cast.posting(other, it.alice, 'now'))
    assert.equal(elsewhere.is, 'done')
    const before = (await it.b.heads([roomTopic(it.room)])).get(roomTopic(it.room))?.head
    await slow.query('COMMIT')
    const seqs = (await Promise.all(waiting)).map(outcome =>
      outcome.is === 'done' ? outcome.appended[0]?.seq : null,
    )
    assert.deepEqual(new Set(seqs), new Set([Number(before) + 1, Number(before) + 2]))
  } finally {
    await slow.end()
  }
})

test('[A3] [F4] of posts that race a removal on another node, none is appended after it', async () => {
  await using it = await twoNodes()
  for (let round = 0; round < 5; round++) {
    const mallory = await it.cast.user(`mallory${round}`)
    await it.cast.join(it.room, mallory)
    const posts = times(40, n => it.a.commit(it.cast.posting(it.room, mallory, `still here ${n}`)))
    const removal = await it.b.commit({
      guards: [{ if: 'member', room: it.room, user: mallory.id, refuse: 'not_found' }],
      appends: [
        it.cast.at(roomTopic(it.room), { e: 'member.removed', by: it.bob.id, user: mallory.id }),
        it.cast.at(userTopic(mallory.id), { e: 'room.removed', by: it.bob.id, room: it.room }),
      ],
      rows: [],
    })
    const late = await it.a.commit(it.cast.posting(it.room, mallory, 'too late'))
    assert.deepEqual(late, { is: 'refused', code: 'not_found' })
    assert.ok(removal.is === 'done')
    const removed = removal.appended[0]?.seq ?? 0
    for (const outcome of await Promise.all(posts))
      if (outcome.is === 'done') assert.ok((outcome.appended[0]?.seq ?? 0) < removed)
  }
})

test('[A3] what relies on an account waits for whoever changes it, and sees the change', async () => {
  await using it = await twoNodes()
  const other = await it.cast.room('Else', [it.bob])
  const deactivated = { ...it.alice, state: 'deactivated' } as const
  const holding = new pg.Client({ connectionString: it.url })
  await holding.connect()
  try {
    await holding.query('BEGIN')
    await holding.query("UPDATE users SET state = 'deactivated' WHERE id = $1", [deactivated.id])
    const post = it.cast.posting(it.room, it.alice, 'am I here?')
    const posting = it.a.commit({ ...post, guards: [active(it.alice), ...post.guards] })
    // Another's post goes through while that one waits.
    assert.equal((await it.b.commit(it.cast.posting(other, it.bob, 'hello'))).is, 'done')
    await holding.query('COMMIT')
    assert.deepEqual(await posting, { is: 'refused', code: 'denied' })
  } finally {
    await holding.end()
  }
})

test('[A3] bounds that are counted hold over two nodes', async () => {
  await using it = await twoNodes()
  const token = (n: number): Change => {
    const id = newId<TokenId>()
    return {
      guards: [{ if: 'fewer tokens', user: it.alice.id, than: 5, refuse: 'too_many' }],
      appends: [],
      rows: [
        { row: 'token', token: { id, user: it.alice.id, name: `t${n}`, hash: id, at: 1, expires: null } },
      ],
    }
  }
  const tokens = await Promise.all(times(20, n => (n % 2 ? it.a : it.b).commit(token(n))))
  assert.deepEqual(tally(tokens), { done: 5, refused: 15 })
  assert.equal((await it.b.tokens(it.alice.id)).length, 5)
})

test('markers that are moved on both nodes while both post cross nobody for long', async () => {
  await using it = await twoNodes()
  const people = await Promise.all(times(20, n => it.cast.user(`p${n}`)))
  const rooms = await Promise.all(times(4, n => it.cast.room(`Room ${n}`, people)))
  const marker = (room: RoomId, { id }: User, seq: number): Change => ({
    guards: [{ if: 'member', room, user: id, refuse: 'not_found' }],
    appends: [it.cast.at(userTopic(id), { e: 'read.moved', by: id, room, seq, head: seq })],
    rows: [],
  })
  const changes = times(400, n => {
    const person = people[(n * 7) % 20] as User
    const room = rooms[(n * 3) % 4] as RoomId
    return n % 2 ? it.cast.posting(room, person, `${n}`) : marker(room, person, n)
  })
  const outcomes = await Promise.all(changes.map((change, n) => (n % 3 ? it.a : it.b).commit(change)))
  assert.deepEqual(tally(outcomes), { done: 400 })
})

test('a deadlock with somebody else ends, and what was undone by it is done again', async () => {
  await using it = await twoNodes()
  const other = new pg.Client({ connectionString: it.url })
  // Within its transaction who else is there is seen once and kept.
  const onlooker = new pg.Client({ connectionString: it.url })
  await Promise.all([other.connect(), onlooker.connect()])
  try {
    await other.query('BEGIN')
    await other.query('UPDATE users SET status = status WHERE id = $1', [it.alice.id])
    const post = it.cast.posting(it.room, it.alice, 'across')
    const posting = it.a.commit({ ...post, guards: [active(it.alice), ...post.guards] })
    const isWaiting = async () => {
      const { rows } = await onlooker.query(
        "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()",
      )
      return rows.length > 0
    }
    while (!(await isWaiting()));
    // Now each waits for the other; PostgreSQL ends one of them, whichever it notices first.
    await other
      .query('SELECT 1 FROM logs WHERE topic = $1 FOR UPDATE', [roomTopic(it.room)])
      .then(() => other.query('COMMIT'))
      .catch(() => other.query('ROLLBACK'))
    assert.equal((await posting).is, 'done')
  } finally {
    await Promise.all([other.end(), onlooker.end()])
  }
})

test('what a bug in one change throws spoils no other of its batch', async () => {
  await using it = await twoNodes()
  const nowhere = newId<RoomId>()
  const wrong = { ...it.cast.posting(nowhere, it.alice, 'lost'), guards: [] }
  const outcomes = await Promise.allSettled([
    ...times(10, n => it.a.commit(it.cast.posting(it.room, it.alice, `before ${n}`))),
    it.a.commit(wrong),
    ...times(10, n => it.a.commit(it.cast.posting(it.room, it.alice, `after ${n}`))),
  ])
  const failed = outcomes.filter(outcome => outcome.status === 'rejected')
  assert.equal(failed.length, 1)
  assert.match(String((failed[0] as PromiseRejectedResult).reason), /built wrongly.*There is no such room/s)
  const texts = (await logOf(it.b, roomTopic(it.room))).flatMap(event =>
    event.e === 'message.posted' ? [event.text] : [],
  )
  assert.deepEqual(texts, [...times(10, n => `before ${n}`), ...times(10, n => `after ${n}`)])
})

test('two nodes that open a new database at once make one workspace', async () => {
  await using database = await temporaryDatabase()
  await using parts = new AsyncDisposableStack()
  const stores: Store[] = await Promise.all(
    times(4, () => openPostgresStore({ url: database.url, clock: systemClock })),
  )
  for (const store of stores) parts.use(store)
  const epochs = await Promise.all(stores.map(async store => (await store.workspace()).epoch))
  assert.equal(new Set(epochs).size, 1)
})

test('what another version of Confab calls stays while a server runs, and goes when none does', async () => {
  await using it = await twoNodes()
  const client = new pg.Client({ connectionString: it.url })
  await client.connect()
  try {
    const old = 'confab_commit_0123456789ab'
    await client.query(`CREATE FUNCTION ${old} () RETURNS int LANGUAGE sql AS 'SELECT 1'`)
    const isThere = async () =>
      (await client.query('SELECT 1 FROM pg_proc WHERE proname = $1', [old])).rows.length > 0
    const open = () => openPostgresStore({ url: it.url, clock: systemClock })
    await (await open())[Symbol.asyncDispose]()
    assert.equal(await isThere(), true)
    await it.a[Symbol.asyncDispose]()
    await it.b[Symbol.asyncDispose]()
    await (await open())[Symbol.asyncDispose]()
    assert.equal(await isThere(), false)
  } finally {
    await client.end()
  }
})
