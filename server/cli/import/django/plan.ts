import type { UserId } from '../../../../contract/ids.ts'
import { authorKey, nameKey, userKey } from './identity.ts'
import type { Memberships } from './memberships.ts'
import { planMemberships } from './memberships.ts'
import { Notices } from './notices.ts'
import type { Author, Comer, ImportedPeople } from './people.ts'
import { planPeople } from './people.ts'
import type { Present } from './present.ts'
import { ImportRefusal } from './refusal.ts'
import type { Rooms } from './rooms.ts'
import { planRooms, roomKeys } from './rooms.ts'
import type { MessageRows, RoomRow, UserRow } from './rows.ts'
import { pictureOfMessage, readMessages, readRooms, readUsers } from './rows.ts'
import type { Source } from './source.ts'
import type { Tables } from './tables.ts'
import { absences } from './tables.ts'

/** All that was read before anything is decided: everything but the messages' texts. */
export interface Rows {
  readonly source: string
  /** What the ChatApp has not, a sentence each. */
  readonly absences: readonly string[]
  readonly users: readonly UserRow[]
  readonly rooms: readonly RoomRow[]
  readonly messages: MessageRows
  /** Authors that no user is named like. */
  readonly strangers: readonly Author[]
}

/** Everything that was decided before anything is written. */
export interface Plan {
  readonly identity: string
  readonly people: ImportedPeople
  readonly rooms: Rooms
  readonly messages: MessageRows
  readonly timeline: Timeline
  /** By place: who wrote under each author's name. */
  readonly authors: readonly number[]
  readonly memberships: Memberships
  readonly notices: Notices
  readonly now: number
}

/** Reads the source. Throws ImportRefusal where there is nothing in it, or it is damaged. */
export function readRows(source: Source, tables: Tables): Rows {
  const users = readUsers(source, tables)
  const rooms = readRooms(source, tables)
  const messages = readMessages(source, tables)
  if (users.length === 0 && messages.ids.length === 0)
    throw new ImportRefusal(`${source.name} holds neither users nor messages: there is nothing to import.`)
  const named = new Set(users.map(row => row.username.text))
  const picture = (id: number) => pictureOfMessage(source, tables, id).text
  return {
    source: source.name,
    absences: absences(tables),
    users,
    rooms,
    messages,
    strangers: strangersIn(messages, named, picture),
  }
}

function strangersIn(
  rows: MessageRows,
  named: ReadonlySet<string>,
  picture: (message: number) => string,
): Author[] {
  const seen = new Map<number, { first: number; last: number }>()
  for (const [position, author] of rows.author.entries()) {
    if (named.has(rows.authors[author] ?? '')) continue
    const known = seen.get(author)
    if (known) known.last = position
    else seen.set(author, { first: position, last: position })
  }
  return [...seen].map(([author, { first, last }]) => ({
    username: rows.authors[author] ?? '',
    since: Math.floor((rows.dates[first] || 0) / 1000),
    picture: picture(rows.ids[last] ?? 0),
  }))
}

/** The keys that the plan asks the store about. */
export const keysOf = (rows: Rows): string[] => [
  ...rows.users.map(row => userKey(row.id, row.joined.text)),
  ...rows.users.map(row => nameKey(row.username.text)),
  ...rows.strangers.flatMap(({ username }) => [authorKey(username), nameKey(username)]),
  ...roomKeys(rows.rooms, rows.messages.rooms),
]

/** Decides everything. Pure. `now`: Unix ms. */
export function planImport(rows: Rows, parts: { identity: string; present: Present; now: number }): Plan {
  const notices = new Notices()
  const { messages } = rows
  for (const sentence of rows.absences) notices.tell('table', sentence)
  const people = planPeople(rows.users, rows.strangers, { ...parts, notices })
  const rooms = planRooms(rows.rooms, messages.rooms, { ...parts, notices })
  const timeline = orderMessages(messages, rooms.byText, rooms.list.length, parts.now)
  for (const position of timeline.undated) notices.tell('date', `Message ${messages.ids[position]}.`)
  const authors = messages.authors.map(name => people.byUsername.get(name) ?? -1)
  const wrote = { messages, authors, roomOf: rooms.byText }
  const memberships = planMemberships(people.list, rooms.list.length, wrote, notices)
  const { identity, now } = parts
  return { identity, people, rooms, messages, timeline, authors, memberships, notices, now }
}

/** Who wrote the message at a position of the rows. */
export function authorAt(plan: Plan, position: number): Comer {
  const author = plan.people.list[plan.authors[plan.messages.author[position] ?? -1] ?? -1]
  if (!author) throw new Error('Each author of a message is in the plan.')
  return author
}

/** Who stands as the maker of a room, which in the ChatApp nobody is: the first administrator, else its first author, else the first user. */
export function makerOf(plan: Plan, firstAuthor: Comer | undefined): UserId {
  const { list } = plan.people
  const maker = list.find(({ user }) => user.role === 'administrator') ?? firstAuthor ?? list[0]
  if (!maker) throw new Error('A plan without people has no rooms.')
  return maker.user.id
}

/** The messages in the order in which they are written: room after room, each room's by date and, of one date, by id. */
interface Timeline {
  /** Positions in the message rows. */
  readonly order: Uint32Array
  /** Where each room's messages begin and end in `order`, by the room's place in the plan. */
  readonly ranges: readonly { readonly from: number; readonly to: number }[]
  /** Unix ms of the message at a position in the rows. */
  readonly at: (position: number) => number
  /** How many had no readable date, by position in the rows. */
  readonly undated: readonly number[]
}

/**
 * Orders the messages. `roomOf` tells a message's room by the place of the text it is called by. A message without a readable date gets
 * that of the one before it by id, or of the next that has one; where none has, `now` (Unix ms).
 */
function orderMessages(rows: MessageRows, roomOf: readonly number[], rooms: number, now: number): Timeline {
  const undated: number[] = []
  const micros = Float64Array.from(rows.dates)
  let before = micros.find(date => !Number.isNaN(date)) ?? now * 1000
  for (const [position, date] of micros.entries()) {
    if (Number.isNaN(date)) {
      undated.push(position)
      micros[position] = before
    } else before = date
  }
  const of = (position: number): number => roomOf[rows.room[position] ?? 0] ?? 0
  const order = Uint32Array.from(rows.ids.keys())
  order.sort((a, b) => of(a) - of(b) || (micros[a] ?? 0) - (micros[b] ?? 0) || a - b)
  const counts = new Array<number>(rooms).fill(0)
  for (const position of order) counts[of(position)] = (counts[of(position)] ?? 0) + 1
  let to = 0
  const ranges = counts.map(count => {
    to += count
    return { from: to - count, to }
  })
  return { order, ranges, at: position => Math.floor((micros[position] ?? 0) / 1000), undated }
}
