import type { Database } from 'better-sqlite3'
import type { Message } from '../../../contract/entities.ts'
import type { MessageId, RoomId, Seq } from '../../../contract/ids.ts'
import { roomTopic } from '../../../contract/ids.ts'
import type { HistoryRange, Store } from '../../core/ports.ts'
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
  const page = pagesOf(db)
  const one = db.prepare<[string], MessageRow>(`SELECT ${messageColumns} FROM messages WHERE id = ?`)
  const by = db.prepare<[string, number], MessageRow>(
    `SELECT ${messageColumns} FROM messages WHERE author = ? ORDER BY room, seq LIMIT ?`,
  )
  const history = db.transaction((room: RoomId, range: HistoryRange) => ({
    ...page(room, range),
    seq: head(roomTopic(room)),
  }))
  const message = db.transaction((id: MessageId) => {
    const row = one.get(id)
    return row ? { message: messageOfRow(row), seq: head(roomTopic(row.room)) } : null
  })
  return {
    history: async (room, range) => history(room, range),
    message: async id => message(id),
    messagesBy: async (author, limit) => by.all(author, limit).map(messageOfRow),
  }
}

/** One row more than asked for is read on a side, to tell whether there are more. */
function pagesOf(db: Database): (room: RoomId, range: HistoryRange) => Page {
  const select = `SELECT ${messageColumns} FROM messages WHERE room = ? AND seq > ? AND seq < ?`
  const oldest = db.prepare<[string, Seq, Seq, number], MessageRow>(`${select} ORDER BY seq LIMIT ?`)
  const newest = db.prepare<[string, Seq, Seq, number], MessageRow>(`${select} ORDER BY seq DESC LIMIT ?`)
  const any = (room: RoomId, above: Seq, below: Seq) => oldest.get(room, above, below, 1) !== undefined
  const end = Number.MAX_SAFE_INTEGER

  const forward = (room: RoomId, above: Seq, below: Seq, limit: number): Page => {
    const rows = oldest.all(room, above, below, limit + 1)
    return {
      messages: rows.slice(0, limit).map(messageOfRow),
      before: any(room, -1, above + 1),
      after: rows.length > limit || any(room, below - 1, end),
    }
  }
  const backward = (room: RoomId, below: Seq, limit: number): Page => {
    const rows = newest.all(room, -1, below, limit + 1)
    return {
      messages: rows.slice(0, limit).reverse().map(messageOfRow),
      before: rows.length > limit,
      after: any(room, below - 1, end),
    }
  }
  /** Half on each side; what one side has not is given to the other. */
  const around = (room: RoomId, seq: Seq, limit: number): Page => {
    const older = newest.all(room, -1, seq, limit + 1)
    const newer = oldest.all(room, seq - 1, end, limit + 1)
    const half = Math.floor(limit / 2)
    const before = Math.min(older.length, Math.max(half, limit - newer.length))
    const after = Math.min(newer.length, limit - before)
    return {
      messages: [...older.slice(0, before).reverse(), ...newer.slice(0, after)].map(messageOfRow),
      before: older.length > before,
      after: newer.length > after,
    }
  }
  return (room, range) => {
    if (range.around !== undefined) return around(room, range.around, range.limit)
    if (range.after !== undefined) return forward(room, range.after, range.before ?? end, range.limit)
    return backward(room, range.before ?? end, range.limit)
  }
}
