import type { Database } from 'better-sqlite3'
import type { Message } from '../../../../contract/entities.ts'
import type { MessageId, RoomId, Seq, UserId } from '../../../../contract/ids.ts'
import { roomTopic } from '../../../../contract/ids.ts'
import type { HistoryRange, Store } from '../../../core/ports.ts'
import type { MessageRow } from './columns.ts'
import { messageColumns, messageOfRow } from './columns.ts'
import { headOf } from './read-logs.ts'

interface Page {
  messages: Message[]
  before: boolean
  after: boolean
}

export function readMessages(db: Database): Pick<Store, 'history' | 'message' | 'messagesBy'> {
  const head = headOf(db)
  const erased = erasedOf(db)
  const page = pagesOf(db)
  const one = db.prepare<[string], MessageRow>(`SELECT ${messageColumns} FROM messages WHERE id = ?`)
  const history = db.transaction((room: RoomId, range: HistoryRange) => ({
    ...page(room, range),
    seq: head(roomTopic(room)),
  }))
  const message = db.transaction((id: MessageId) => {
    const row = one.get(id)
    if (!row || row.seq <= erased(row.room)) return null
    return { message: messageOfRow(row), seq: head(roomTopic(row.room)) }
  })
  return {
    history: async (room, range) => history(room, range),
    message: async id => message(id),
    messagesBy: messagesBy(db),
  }
}

/** The seq up to which a room's messages are gone, though they may still be there. */
function erasedOf(db: Database): (room: RoomId) => Seq {
  const below = db.prepare<[string], Seq>('SELECT below FROM erasures WHERE room = ?').pluck()
  return room => below.get(room) ?? 0
}

/** Rows looked at in one go: a millisecond or two of the event loop. */
const stride = 2_000

/**
 * Messages of an author, found by looking through all of them a stride at a time: an index by author would cost every message that is
 * ever posted, and only the purge of an account asks. What was looked through without a find is not looked through again by the next call.
 */
function messagesBy(db: Database): Store['messagesBy'] {
  const next = `SELECT ${messageColumns} FROM messages WHERE (room, seq) > (?, ?) ORDER BY room, seq LIMIT ${stride}`
  const theirs = db.prepare<[string, Seq, string], MessageRow>(`SELECT * FROM (${next}) WHERE author = ?`)
  const end = db.prepare<[string, Seq], Place>(
    `SELECT room, seq FROM messages WHERE (room, seq) > (?, ?) ORDER BY room, seq LIMIT 1 OFFSET ${stride - 1}`,
  )
  const erased = erasedOf(db)
  const lookedThrough = new Map<UserId, Place>()
  // In one snapshot: where the end is found after others deleted, it lies beyond what was looked at.
  const look = db.transaction((at: Place, author: UserId) => ({
    rows: theirs.all(at.room, at.seq, author).filter(row => row.seq > erased(row.room)),
    to: end.get(at.room, at.seq),
  }))
  return async (author, limit) => {
    const found: Message[] = []
    for (let at = lookedThrough.get(author) ?? { room: '', seq: 0 }; found.length < limit; ) {
      const { rows, to } = look(at, author)
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

interface Place {
  readonly room: string
  readonly seq: Seq
}

/** One row more than asked for is read on a side, to tell whether there are more. */
function pagesOf(db: Database): (room: RoomId, range: HistoryRange) => Page {
  const select = `SELECT ${messageColumns} FROM messages WHERE room = ? AND seq > ? AND seq < ?`
  const ascending = db.prepare<[string, Seq, Seq, number], MessageRow>(`${select} ORDER BY seq LIMIT ?`)
  const descending = db.prepare<[string, Seq, Seq, number], MessageRow>(`${select} ORDER BY seq DESC LIMIT ?`)
  const erased = erasedOf(db)
  const oldest = (room: RoomId, above: Seq, below: Seq, many: number) =>
    ascending.all(room, Math.max(above, erased(room)), below, many)
  const newest = (room: RoomId, below: Seq, many: number) => descending.all(room, erased(room), below, many)
  const any = (room: RoomId, above: Seq, below: Seq) => oldest(room, above, below, 1).length > 0
  const end = Number.MAX_SAFE_INTEGER

  const forward = (room: RoomId, above: Seq, below: Seq, limit: number): Page => {
    const rows = oldest(room, above, below, limit + 1)
    return {
      messages: rows.slice(0, limit).map(messageOfRow),
      before: any(room, 0, above + 1),
      after: rows.length > limit || any(room, below - 1, end),
    }
  }
  const backward = (room: RoomId, below: Seq, limit: number): Page => {
    const rows = newest(room, below, limit + 1)
    return {
      messages: rows.slice(0, limit).reverse().map(messageOfRow),
      before: rows.length > limit,
      after: any(room, below - 1, end),
    }
  }
  return (room, range) => {
    if (range.around !== undefined) {
      const older = newest(room, range.around, range.limit + 1)
      const newer = oldest(room, range.around - 1, end, range.limit + 1)
      return around(older, newer, range.limit)
    }
    if (range.after !== undefined) return forward(room, range.after, range.before ?? end, range.limit)
    return backward(room, range.before ?? end, range.limit)
  }
}

/** Half of the page on each side; what one side has not is given to the other. `older` is newest first. */
function around(older: readonly MessageRow[], newer: readonly MessageRow[], limit: number): Page {
  const half = Math.floor(limit / 2)
  const before = Math.min(older.length, Math.max(half, limit - newer.length))
  const after = Math.min(newer.length, limit - before)
  return {
    messages: [...older.slice(0, before).reverse(), ...newer.slice(0, after)].map(messageOfRow),
    before: older.length > before,
    after: newer.length > after,
  }
}
