import type { AvatarId, RoomId, UserId } from '../../contract/ids.ts'
import { newId, roomTopic, userTopic } from '../../contract/ids.ts'
import type { CopyWatcher } from '../../server/adapters/store/copy/copy.ts'
import type { Tally } from '../../server/adapters/store/copy/rows.ts'
import { tallyOf } from '../../server/adapters/store/copy/rows.ts'
import { tablesOfSchema } from '../../server/adapters/store/copy/tables.ts'
import type { Place } from '../../server/copies/places.ts'
import { see } from '../../server/copies/places.ts'
import type { Files } from '../../server/core/ports/files.ts'
import type { Store } from '../../server/core/ports/store.ts'
import { Cast } from './store-cast.ts'

/** Nobody looks on. */
export const unwatched: CopyWatcher = { begins() {}, goesOn() {}, ends() {} }

export const sqliteAt = (data: string): Place => ({ is: 'sqlite', data })
export const postgresAt = (url: string, data: string): Place => ({ is: 'postgres', url, data })

/** Texts that one database or the other might keep otherwise. */
const texts = [
  'plain',
  '',
  ' spaces around ',
  'line one\nline two\r\n\ttab',
  'quotes " \' and backslash \\ \\n \\u0000',
  'emoji 👩‍👩‍👧 and \u{10FFFF} and \uFFFD',
  'é as one, é as two, ß, İ, ı, 日本語, עברית',
  '\u0001\u001f\u007f\u2028\u2029',
  '{"json": [null, 1e999]}',
  'x'.repeat(16_000),
]

/** A workspace with something in every table; `files` hold its pictures. */
export async function fill(store: Store, files: Files): Promise<void> {
  const cast = new Cast(() => store)
  const [alice, bob, carol] = [
    await cast.user('alice', { role: 'owner', displayName: 'Älice 👩‍🔬' }),
    await cast.user('bob'),
    await cast.user('carol'),
  ]
  await cast.rows({ row: 'set up' }, { row: 'credential', user: alice.id, hash: '$argon2id$v=19$abc' })
  const general = await cast.room('General', [alice, bob, carol], { everyone: true })
  const den = await cast.room('Den', [alice, bob], { kind: 'private' })
  for (const text of texts) await cast.post(general, alice, text)
  const gone = await cast.post(general, bob, 'to be deleted')
  const edited = await cast.post(den, bob, 'to be edited')
  await cast.edit(den, bob, edited.id, 'edited', 1)
  await cast.erase(general, bob, gone)
  await cast.post(den, alice, 'quoting', edited.id)
  await cast.read(den, bob, 2)
  await cast.leave(general, carol)
  const [kept, ended] = [await cast.session(alice), await cast.session(bob)]
  await cast.token(bob, 9_000_000_000_000)
  await cast.rows(
    { row: 'session ended', session: ended.id, user: bob.id },
    { row: 'session confirmed', session: kept.id, at: 5_000 },
    { row: 'purge', user: carol.id },
    { row: 'imported', source: 'django', key: 'user:1', id: alice.id },
    { row: 'room erased', room: await cast.room('Shut', [bob]) },
    { row: 'avatar', avatar: { id: newId<AvatarId>(), user: alice.id, sizes: await pictures(files) } },
  )
  await store.count('sign-in:alice', 60_000, 1_000)
}

const pictures = async (files: Files): Promise<Record<number, string>> => ({
  64: await files.put(Buffer.from('a small picture')),
  256: await files.put(Buffer.from('a large picture')),
})

/** What every reading of the store answers about everybody and everything, to be compared. */
export async function readingsOf(store: Store): Promise<unknown> {
  const { users } = await store.users({ after: null, limit: 1_000 })
  const ids = users.map(({ id }) => id)
  const rooms = new Set<RoomId>()
  const people = []
  for (const id of ids) {
    const seen = await store.rooms(id, 'all')
    for (const room of seen.rooms) rooms.add(room.id)
    people.push({ seen, snapshot: await store.snapshot(id), ...(await aboutUser(store, id)) })
  }
  const talk = []
  for (const room of [...rooms].sort()) talk.push(await aboutRoom(store, room, ids))
  const topics = ['workspace' as const, ...ids.map(userTopic), ...[...rooms].sort().map(roomTopic)]
  const heads = [...(await store.heads(topics))].sort(([a], [b]) => (a < b ? -1 : 1))
  const logs = []
  for (const topic of topics) logs.push(await store.events(topic, 0, { events: 1_000, bytes: 1e9 }))
  return { workspace: await store.workspace(), people, talk, heads, logs, purges: await store.purges() }
}

const aboutUser = async (store: Store, id: UserId) => ({
  user: await store.user(id),
  credential: await store.credential(id),
  sessions: await store.sessions(id),
  tokens: await store.tokens(id),
  rooms: await store.roomsOf(id),
  written: await store.messagesBy(id, 1_000),
})

async function aboutRoom(store: Store, room: RoomId, users: readonly UserId[]): Promise<unknown> {
  const history = await store.history(room, { limit: 100, after: 0 })
  const messages = []
  for (const { id } of history.messages) messages.push(await store.message(id))
  const views = []
  for (const user of users) views.push([await store.room(room, user), await store.unread(room, user)])
  return { history, messages, views, members: await store.membersOf(room, { after: null, limit: 1_000 }) }
}

/** Every table of the place, added up. */
export async function talliesAt(place: Place): Promise<Tally[]> {
  await using seen = await see(place)
  const tallies = []
  for (const table of tablesOfSchema()) tallies.push(await tallyOf(seen.rows, table))
  return tallies
}
