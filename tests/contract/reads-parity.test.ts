import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { AvatarId, MessageId, RoomId, SessionId, TokenId, Topic, UserId } from '../../contract/ids.ts'
import { newId, roomTopic, userTopic } from '../../contract/ids.ts'
import { systemClock } from '../../server/adapters/clock.ts'
import { openReader } from '../../server/adapters/store/postgres/reader.ts'
import type { StoreReads } from '../../server/adapters/store/sql/reads.ts'
import { readsOf } from '../../server/adapters/store/sql/reads.ts'
import { openToRead, openToWrite } from '../../server/adapters/store/sqlite/connection.ts'
import { readerOn } from '../../server/adapters/store/sqlite/reader.ts'
import { openSqliteStore } from '../../server/adapters/store/sqlite/store.ts'
import { move } from '../../server/copies/move.ts'
import { postgresAt, sqliteAt, unwatched } from '../support/copies.ts'
import { temporaryDatabase } from '../support/postgres-database.ts'
import { Cast } from '../support/store-cast.ts'
import { temporaryFolder } from '../support/store-sqlite.ts'

/** What there is to ask about, and for each something that is not there. */
interface Scene {
  readonly users: UserId[]
  readonly rooms: RoomId[]
  readonly messages: MessageId[]
  readonly hashes: string[]
  readonly keys: (SessionId | TokenId)[]
  readonly avatars: AvatarId[]
}

/** Some of everything: every kind of room, talk that was edited, quoted, deleted and erased, and keys that ended. */
async function scene(directory: string): Promise<Scene> {
  await using store = await openSqliteStore({ directory, clock: systemClock })
  const cast = new Cast(() => store)
  const avatar = newId<AvatarId>()
  const alice = await cast.user('alice', { role: 'owner', status: 'naïve 🎈', avatar })
  const bob = await cast.user('Bob', { displayName: 'Bob "the" \\ Builder' })
  const carol = await cast.user('carol', { state: 'deactivated' })
  const gone = await cast.user('mallory')
  const tea = await cast.room('Tea', [alice, bob, gone])
  const general = await cast.room('General', [alice, bob, carol, gone], { everyone: true })
  const shut = await cast.room('Shut', [bob], { kind: 'private', topic: 'quiet' })
  const direct = await cast.room('', [bob, alice], { kind: 'direct' })
  const closed = await cast.room('', [alice, carol, bob], { kind: 'direct' })
  await cast.leave(closed, bob)
  const unanswered = await cast.room('', [alice], { kind: 'direct', people: [alice.id, bob.id].sort() })
  const added = { e: 'member.added', by: alice.id, user: bob.id, role: 'member' } as const
  await cast.do({ appends: [cast.at(roomTopic(unanswered), added)] })
  const old = await cast.room('Old', [alice], { archived: true, everyone: true })
  const empty = await cast.room('Zebra', [], {})
  const erased = await cast.room('Erased', [alice])
  const messages: MessageId[] = []
  const posts: { id: MessageId; seq: number }[] = []
  for (let n = 0; n < 130; n++) {
    posts.push(await cast.post(general, n % 5 === 0 ? alice : bob, `${n} ü 🎈`, posts[n - 3]?.id))
  }
  messages.push(...posts.map(({ id }) => id))
  for (let n = 0; n < 40; n++) await cast.post(tea, n % 2 ? alice : gone, 'x'.repeat(n % 3 ? 10 : 16_000))
  messages.push((await cast.post(erased, alice, 'erased')).id, (await cast.post(erased, alice, 'new')).id)
  messages.push((await cast.post(direct, alice, 'between us')).id)
  await cast.edit(general, alice, messages[5] as MessageId, 'edited', 1)
  for (const n of [0, 7, 8, 129]) if (posts[n]) await cast.erase(general, bob, posts[n])
  await cast.erase(shut, bob, await cast.post(shut, bob, 'the only one'))
  await cast.read(general, alice, 20)
  await cast.read(tea, bob, 30)
  await cast.leave(general, carol)
  const [seen, ended] = [await cast.session(alice), await cast.session(alice)]
  const [used, revoked] = [await cast.token(alice), await cast.token(alice, 99_000)]
  const keys = [seen, ended, used, revoked, await cast.session(bob, 5_000), await cast.token(gone)]
  await store.sessionSeen(seen.id, 9_000)
  await store.tokenUsed(used.id, 9_000)
  await cast.rows(
    { row: 'credential', user: alice.id, hash: 'argon' },
    { row: 'avatar', avatar: { id: avatar, user: alice.id, sizes: { 32: 'f32', 128: 'f128' } } },
    { row: 'device', hash: 'd1', user: alice.id, at: 9_000 },
    { row: 'device', hash: 'd2', user: bob.id, at: 9_000 },
    { row: 'imported', source: 'one', key: 'k1', id: 'x' },
    { row: 'imported', source: 'one', key: 'k2', id: 'y' },
    { row: 'session ended', session: ended.id, user: alice.id },
    { row: 'token ended', token: revoked.id, user: alice.id },
    { row: 'purge', user: gone.id },
  )
  await cast.do({ appends: [cast.at('workspace', { e: 'user.removed', by: gone.id, user: gone.id })] })
  return {
    users: [alice, bob, carol, gone, { id: newId<UserId>() }].map(({ id }) => id),
    rooms: [tea, general, shut, direct, closed, unanswered, old, empty, erased, newId<RoomId>()],
    messages: [...messages, newId<MessageId>()],
    hashes: keys.map(({ hash }) => hash).concat('nobody'),
    keys: [...keys.map(({ id }) => id), newId<SessionId>()],
    avatars: [avatar, newId<AvatarId>()],
  }
}

/** Half of the last room is erased, and not yet deleted. */
function eraseHalf(directory: string, { rooms, messages }: Scene): void {
  const db = openToWrite(directory)
  const room = rooms.at(-2)
  const { seq } = db
    .prepare<[unknown], { seq: number }>('SELECT seq FROM messages WHERE id = ?')
    .get(messages.at(-4)) as { seq: number }
  db.prepare('INSERT INTO erasures (room, below) VALUES (?, ?)').run(room, seq)
  db.close()
}

type Asking = [what: string, ask: (reads: StoreReads) => Promise<unknown>]

/** A question for each of these. */
const each = <T>(
  name: keyof StoreReads,
  of: readonly T[],
  ask: (reads: StoreReads, one: T) => Promise<unknown>,
): Asking[] => of.map(one => [`${name} ${JSON.stringify(one)}`, reads => ask(reads, one)])

const pairs = <A, B>(as: readonly A[], bs: readonly B[]): [A, B][] =>
  as.flatMap(a => bs.map((b): [A, B] => [a, b]))

const asksOfPeople = ({ users, hashes, keys, avatars }: Scene): Asking[] => [
  ...each('workspace', [null], reads => reads.workspace()),
  ...each('snapshot', users, (reads, id) => reads.snapshot(id)),
  ...each('unanswered', users, (reads, id) => reads.unanswered(id, 0)),
  ...each('user', users, (reads, id) => reads.user(id)),
  ...each('roomsNamed', ['general', 'plans', 'den', ''], (reads, name) => reads.roomsNamed(name)),
  ...each('userNamed', ['alice', 'bob', 'Bob', 'mallory', ''], (reads, name) => reads.userNamed(name)),
  ...each(
    'users',
    [{ ids: users }, { ids: [] }, { after: null, limit: 2 }, { after: users[1] ?? null, limit: 50 }],
    (reads, which) => reads.users(which),
  ),
  ...each('passwordless', [users, []], (reads, ids) => reads.passwordless(ids)),
  ...each('credential', users, (reads, id) => reads.credential(id)),
  ...each('session', hashes, (reads, hash) => reads.session(hash)),
  ...each('confirmedAt', keys as SessionId[], (reads, id) => reads.confirmedAt(id)),
  ...each('knowsDevice', pairs(['d1', 'd2', 'd3'], users), (reads, [hash, id]) =>
    reads.knowsDevice(hash, id),
  ),
  ...each('sessions', users, (reads, id) => reads.sessions(id)),
  ...each('token', hashes, (reads, hash) => reads.token(hash)),
  ...each('tokens', users, (reads, id) => reads.tokens(id)),
  ...each('alive', [keys, [], keys.slice(1, 2)], (reads, ids) => reads.alive(ids)),
  ...each('ended', [null, 0, 1, 2, 3], (reads, after) => reads.ended(after)),
  ...each('purges', [null], reads => reads.purges()),
  ...each('avatar', avatars, (reads, id) => reads.avatar(id)),
  ...each('unusedFiles', [['f32', 'f33', '{"a"}'], []], (reads, hashes) => reads.unusedFiles(hashes)),
  ...each('imported', ['one', 'two'], (reads, source) => reads.imported(source, ['k2', 'k1', 'k3'])),
]

const asksOfRooms = ({ users, rooms }: Scene): Asking[] => [
  ...each('room', pairs(rooms, users), (reads, [room, user]) => reads.room(room, user)),
  ...each('rooms', pairs(users, ['visible', 'mine', 'all'] as const), (reads, [user, which]) =>
    reads.rooms(user, which),
  ),
  ...each('roomsForEveryone', [null], reads => reads.roomsForEveryone()),
  ...each('membersOf', pairs(rooms, [null, ...users]), (reads, [room, after]) =>
    reads.membersOf(room, { after, limit: 2 }),
  ),
  ...each('notHere', rooms, (reads, room) => reads.notHere(room)),
  ...each('memberIds', rooms, async (reads, room) => {
    const { users, seq } = await reads.memberIds(room)
    return { users: users.toSorted(), seq }
  }),
  ...each('membersIn', [rooms, [], rooms.slice(1, 2)], async (reads, of) =>
    [...(await reads.membersIn(of))].map(([room, { users, seq }]) => [room, [...users].toSorted(), seq]),
  ),
  ...each('membership', pairs(rooms, users), (reads, [room, user]) => reads.membership(room, user)),
  ...each('roomsOf', users, (reads, user) => reads.roomsOf(user)),
  ...each('unread', pairs(rooms, users), (reads, [room, user]) => reads.unread(room, user)),
]

const asksOfLogs = ({ users, rooms, messages }: Scene): Asking[] => {
  const topics: Topic[] = ['workspace', ...rooms.map(roomTopic), ...users.map(userTopic)]
  const seqs = [0, 1, 8, 60, 138, 500]
  const ranges = [
    {},
    ...seqs.flatMap(seq => [
      { before: seq },
      { after: seq },
      { around: seq },
      { after: seq, before: seq + 9 },
    ]),
  ]
  const bounds = [1, 20_000, 262_144].flatMap(bytes => [1, 7, 500].map(events => ({ events, bytes })))
  return [
    ...each('heads', [topics, []], (reads, of) => reads.heads(of)),
    ...each('events', pairs(pairs(topics, seqs), bounds), (reads, [[topic, after], most]) =>
      reads.events(topic, after, most),
    ),
    ...each('history', pairs(pairs(rooms, ranges), [1, 4, 50]), (reads, [[room, range], limit]) =>
      reads.history(room, { ...range, limit }),
    ),
    ...each('message', messages, (reads, id) => reads.message(id)),
    ...each('messagesOverseen', pairs([null, ...rooms], [null, ...users]), (reads, [room, author]) =>
      reads.messagesOverseen({ room, author, before: null, limit: 20 }),
    ),
    ...each('messagesBy', pairs(users, [3, 500]), (reads, [user, limit]) => reads.messagesBy(user, limit)),
  ]
}

const isNothing = (answer: unknown): boolean =>
  answer === null ||
  (Array.isArray(answer) && answer.length === 0) ||
  (answer instanceof Set && answer.size === 0)

test('every read answers the same from PostgreSQL as from SQLite, to whatever is asked', async () => {
  await using folder = await temporaryFolder()
  const about = await scene(folder.path)
  eraseHalf(folder.path, about)
  await using database = await temporaryDatabase()
  await move(sqliteAt(folder.path), postgresAt(database.url, folder.path), Date.now(), unwatched)
  using db = Object.assign(openToRead(folder.path), {
    [Symbol.dispose]() {
      db.close()
    },
  })
  await using postgres = openReader(database.url)
  const sqlite = readsOf(readerOn(db))

  const answered = new Set<string>()
  for (const [what, ask] of [...asksOfPeople(about), ...asksOfRooms(about), ...asksOfLogs(about)]) {
    const [ours, theirs] = await Promise.all([ask(sqlite), ask(postgres)])
    assert.deepEqual(theirs, ours, what)
    if (!isNothing(ours)) answered.add(what.split(' ')[0] as string)
  }
  assert.deepEqual([...answered].sort(), Object.keys(sqlite).sort(), 'each was asked, and found something')
})
