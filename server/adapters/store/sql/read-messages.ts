import type { Message } from '../../../../contract/entities.ts'
import type { MessageId, RoomId, Seq, UserId } from '../../../../contract/ids.ts'
import { roomTopic } from '../../../../contract/ids.ts'
import { limits } from '../../../../contract/limits.ts'
import type { HistoryRange } from '../../../core/ports/history.ts'
import type { Store } from '../../../core/ports/store.ts'
import type { MessageRecord } from './columns.ts'
import { messageColumns, messageOfRow } from './columns.ts'
import { headOf } from './read-logs.ts'
import type { Reading } from './reading.ts'
import { all, allReadings, one } from './reading.ts'

interface Page {
  messages: Message[]
  before: boolean
  after: boolean
}

export function* history(room: RoomId, range: HistoryRange): Reading<Page & { seq: Seq }> {
  const [page, seq] = yield* allReadings(pageOf(room, range), headOf(roomTopic(room)))
  return { ...page, seq }
}

/** Up to a seq, a room's messages may be gone, though they are still in the table. */
export const isRetained =
  'messages.seq > coalesce((SELECT below FROM erasures WHERE erasures.room = messages.room), 0)'

const byId = `SELECT ${messageColumns},
    coalesce((SELECT head FROM logs WHERE topic = 'room:' || messages.room), 0) AS head
  FROM messages WHERE id = ? AND ${isRetained}`

export function* selectMessage(id: MessageId): Reading<{ message: Message; seq: Seq } | null> {
  const row = yield* one<MessageRecord & { head: Seq }>(byId, id)
  return row ? { message: messageOfRow(row), seq: row.head } : null
}

/** Rows looked at in one go: a millisecond or two of SQLite's event loop. */
const stride = 2_000

interface Place {
  readonly room: string
  readonly seq: Seq
}

/** What a stride found, and where it ends, if there is more after it. */
interface Look {
  readonly rows: readonly MessageRecord[]
  readonly to: Place | undefined
}

const next = 'FROM messages WHERE (room, seq) > (?, ?) ORDER BY room, seq LIMIT'
const theirs = `SELECT ${messageColumns} FROM (SELECT * ${next} ${stride}) AS messages
  WHERE author = ? AND ${isRetained} ORDER BY room, seq`
const strideEnd = `SELECT room, seq ${next} 1 OFFSET ${stride - 1}`

/** To be read in one snapshot: where the end is found after others deleted, it lies beyond what was looked at. */
export function* look(at: Place, author: UserId): Reading<Look> {
  const [rows, to] = yield* allReadings(
    all<MessageRecord>(theirs, at.room, at.seq, author),
    one<Place>(strideEnd, at.room, at.seq),
  )
  return { rows, to }
}

/**
 * Messages of an author, found by looking through all of them a stride at a time: an index by author would cost every message that is
 * ever posted, and only the purge of an account asks. What was looked through without a find is not looked through again by the next call.
 */
export function messagesBy(lookFrom: (at: Place, author: UserId) => Promise<Look>): Store['messagesBy'] {
  const lookedThrough = new Map<UserId, Place>()
  return async (author, limit) => {
    const found: Message[] = []
    for (let at = lookedThrough.get(author) ?? { room: '', seq: 0 }; found.length < limit; ) {
      const { rows, to } = await lookFrom(at, author)
      found.push(...rows.map(messageOfRow))
      if (found.length === 0 && to) lookedThrough.set(author, to)
      if (!to) break
      at = to
      await new Promise(setImmediate)
    }
    if (found.length === 0) lookedThrough.delete(author)
    return found.slice(0, limit)
  }
}

const end = Number.MAX_SAFE_INTEGER
const between = `FROM messages WHERE room = ? AND
  seq > greatest(?, coalesce((SELECT below FROM erasures WHERE erasures.room = ?), 0)) AND seq < ?`
const ascending = bounded('ASC')
const descending = bounded('DESC')
const some = `SELECT 1 ${between} LIMIT 1`

/** `found`: how many rows there were before the bound of bytes. */
type SideRow = MessageRecord & { found: number }

/** At most so many rows, and of those no more than up to the one whose text reaches so many bytes: the first is always one of them. */
function bounded(order: 'ASC' | 'DESC'): string {
  // Lengths are known without reading the texts, of which only those that are answered are read.
  const asked = `SELECT room, seq, octet_length(text) AS own ${between} ORDER BY seq ${order} LIMIT ?`
  const measured = `SELECT room, seq, count(*) OVER () AS found, sum(own) OVER (ORDER BY seq ${order}) - own AS earlier
    FROM (${asked}) AS asked`
  return `SELECT ${messageColumns}, found FROM (${measured}) AS measured
    JOIN messages ON messages.room = measured.room AND messages.seq = measured.seq
    WHERE earlier < ? ORDER BY messages.seq ${order}`
}

const oldest = (room: RoomId, above: Seq, below: Seq, many: number, bytes: number = limits.historyBytes) =>
  all<SideRow>(ascending, room, above, room, below, many, bytes)

const newest = (
  room: RoomId,
  [above, below]: readonly [Seq, Seq],
  many: number,
  bytes: number = limits.historyBytes,
) => all<SideRow>(descending, room, above, room, below, many, bytes)

function* any(room: RoomId, above: Seq, below: Seq): Reading<boolean> {
  return (yield* one(some, room, above, room, below)) !== undefined
}

/** One row more than asked for is read on a side, to tell whether there are more. */
function pageOf(room: RoomId, { above = 0, before, after, around, limit }: HistoryRange): Reading<Page> {
  if (around !== undefined) return sides(room, above, around, limit)
  if (after !== undefined) return forward(room, above, [Math.max(after, above), before ?? end], limit)
  return backward(room, above, before ?? end, limit)
}

function* forward(
  room: RoomId,
  start: Seq,
  [above, below]: readonly [Seq, Seq],
  limit: number,
): Reading<Page> {
  const [rows, before, beyond] = yield* allReadings(
    oldest(room, above, below, limit + 1),
    any(room, start, above + 1),
    any(room, below - 1, end),
  )
  const kept = rows.slice(0, limit)
  return { messages: kept.map(messageOfRow), before, after: isCut(rows, kept.length) || beyond }
}

function* backward(room: RoomId, above: Seq, below: Seq, limit: number): Reading<Page> {
  const [rows, after] = yield* allReadings(newest(room, [above, below], limit + 1), any(room, below - 1, end))
  const kept = rows.slice(0, limit)
  return { messages: kept.reverse().map(messageOfRow), before: isCut(rows, kept.length), after }
}

function* sides(room: RoomId, above: Seq, around: Seq, limit: number): Reading<Page> {
  const [older, newer] = yield* allReadings(
    newest(room, [above, around], limit + 1, limits.historyBytes / 2),
    oldest(room, Math.max(above, around - 1), end, limit + 1, limits.historyBytes / 2),
  )
  return joined(older, newer, limit)
}

/** Whether a side has more messages than the `kept` ones. */
const isCut = (side: readonly SideRow[], kept: number): boolean => (side[0]?.found ?? 0) > kept

/** Half of the page on each side; what one side has not is given to the other. `older` is newest first. */
function joined(older: readonly SideRow[], newer: readonly SideRow[], limit: number): Page {
  const half = Math.floor(limit / 2)
  const before = Math.min(older.length, Math.max(half, limit - newer.length))
  const after = Math.min(newer.length, limit - before)
  return {
    messages: [...older.slice(0, before).reverse(), ...newer.slice(0, after)].map(messageOfRow),
    before: isCut(older, before),
    after: isCut(newer, after),
  }
}
