import type { Message } from '../../../../contract/entities.ts'
import type { MessageId, RoomId } from '../../../../contract/ids.ts'
import { limits } from '../../../../contract/limits.ts'
import type { MessagePlace, Overseen } from '../../../core/ports/history.ts'
import type { Store } from '../../../core/ports/store.ts'
import type { MessageRecord } from './columns.ts'
import { messageColumns, messageOfRow } from './columns.ts'
import { isRetained } from './read-messages.ts'
import type { Reading } from './reading.ts'
import { all, allReadings, one } from './reading.ts'
import { mostTime, startOfIds, timeIn } from './times-in-ids.ts'

/*
 * What administrators look through: messages of all rooms but direct ones, in the order of their time. An index by time would cost every message that
 * is posted; ids begin with the time already. A client makes them, so those whose id tells another time stand in an index of their own.
 */

/** Rows looked at in one go: a millisecond or two of SQLite's event loop. */
const stride = 2_000
/** Strides that one answer looks through: where somebody wrote little and long ago, the caller asks on. */
const strides = 10

/** A message, and where it stands in what is looked through. */
interface Found {
  readonly row: MessageRecord
  readonly place: MessagePlace
}

/** What a stride found, and where it ends, if there is more after it. */
interface Look {
  readonly rows: readonly Found[]
  readonly end: MessagePlace | undefined
}

interface Row extends MessageRecord {
  readonly misdated: number
}

const byIds = 'FROM messages WHERE id < ? ORDER BY id DESC LIMIT'
const misdated = 'FROM messages WHERE misdated = 1 AND (at, id) < (?, ?) ORDER BY at DESC, id DESC LIMIT'
const inRoom = 'FROM messages WHERE room = ? AND seq < ? ORDER BY seq DESC LIMIT'
const seen = `messages.author = coalesce(?, messages.author) AND ${isRetained}
  AND EXISTS (SELECT 1 FROM rooms WHERE rooms.id = messages.room AND rooms.kind <> 'direct')`

/** What a stride of `rows` finds; `order` is theirs. */
const foundIn = (rows: string, which: string, order: string): string =>
  `SELECT ${messageColumns}, messages.misdated FROM (SELECT * ${rows} ${stride}) AS messages
    WHERE ${which} AND ${seen} ORDER BY ${order} LIMIT ?`
const endOf = (rows: string): string => `SELECT at, seq, id ${rows} 1 OFFSET ${stride - 1}`

const queries = {
  byIds: foundIn(byIds, 'messages.misdated = 0', 'messages.id DESC'),
  byIdsEnd: endOf(byIds),
  misdated: foundIn(misdated, 'messages.misdated = 1', 'messages.at DESC, messages.id DESC'),
  misdatedEnd: endOf(misdated),
  inRoom: foundIn(inRoom, '1 = 1', 'messages.seq DESC'),
  inRoomEnd: endOf(inRoom),
}

/** To be read in one snapshot, so that nothing falls between what was looked at and where it ends. */
export function* lookOverseen(which: Overseen): Reading<Look> {
  const from = which.before ?? newest
  return which.room === null ? yield* everywhere(which, from) : yield* inOne(which, which.room, from)
}

function* inOne({ author, limit }: Overseen, room: RoomId, from: MessagePlace): Reading<Look> {
  const [rows, end] = yield* allReadings(
    all<Row>(queries.inRoom, room, from.seq, author, limit + 1),
    one<MessagePlace>(queries.inRoomEnd, room, from.seq),
  )
  return { rows: rows.map(found), end }
}

/** Both orders are complete down to where the first of them ends. */
function* everywhere({ author, limit }: Overseen, from: MessagePlace): Reading<Look> {
  const below = idsBefore(from)
  const [dated, datedEnd, others, othersEnd] = yield* allReadings(
    all<Row>(queries.byIds, below, author, limit + 1),
    one<MessagePlace>(queries.byIdsEnd, below),
    all<Row>(queries.misdated, from.at, from.id, author, limit + 1),
    one<MessagePlace>(queries.misdatedEnd, from.at, from.id),
  )
  const ends = [
    ...(datedEnd ? [{ ...datedEnd, at: timeIn(datedEnd.id) }] : []),
    ...(othersEnd ? [othersEnd] : []),
  ]
  const end = ends.sort(newestFirst)[0]
  const rows = [...dated, ...others].map(found).sort((a, b) => newestFirst(a.place, b.place))
  return { rows: end ? rows.filter(({ place }) => newestFirst(place, end) <= 0) : rows, end }
}

const found = (row: Row): Found => ({
  row,
  place: { at: row.misdated === 1 ? row.at : timeIn(row.id), seq: row.seq, id: row.id },
})

function newestFirst(a: MessagePlace, b: MessagePlace): number {
  if (a.at !== b.at) return b.at - a.at
  return a.id < b.id ? 1 : Number(a.id !== b.id) * -1
}

/** Below which id those stand that come after a place, which may be that of a message whose id tells another time. */
function idsBefore({ at, id }: MessagePlace): string {
  if (at > mostTime) return newest.id
  if (timeIn(id) === at) return id
  return startOfIds(timeIn(id) > at ? at + 1 : at)
}

const newest: MessagePlace = {
  at: Number.MAX_SAFE_INTEGER,
  seq: Number.MAX_SAFE_INTEGER,
  id: 'g' as MessageId,
}

export function messagesOverseen(look: (which: Overseen) => Promise<Look>): Store['messagesOverseen'] {
  return async which => {
    const found: Found[] = []
    let { before } = which
    for (let left = strides; left > 0; left--) {
      const { rows, end } = await look({ ...which, before })
      found.push(...rows)
      const many = within(found, which.limit)
      if (many < found.length) return pageOf(found.slice(0, many))
      if (!end) return { messages: messagesOf(found), next: null }
      before = end
      if (found.length === which.limit) break
      await new Promise(setImmediate)
    }
    return { messages: messagesOf(found), next: before }
  }
}

/** How many of these make a page: no more than the limit, nor more than the bytes that a page of a history has; one at least. */
function within(found: readonly Found[], limit: number): number {
  let bytes = 0
  const over = found.findIndex(({ row }, at) => {
    bytes += Buffer.byteLength(row.text)
    return at === limit || (at > 0 && bytes > limits.historyBytes)
  })
  return over < 0 ? found.length : over
}

const messagesOf = (found: readonly Found[]): Message[] => found.map(({ row }) => messageOfRow(row))

const pageOf = (found: readonly Found[]): Awaited<ReturnType<Store['messagesOverseen']>> => ({
  messages: messagesOf(found),
  next: found.at(-1)?.place ?? null,
})
