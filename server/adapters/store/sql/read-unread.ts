import type { Database } from 'better-sqlite3'
import type { RoomId, Seq, UserId } from '../../../../contract/ids.ts'
import { limits } from '../../../../contract/limits.ts'

/** Counts others' messages after a marker: exact up to what is shown, one more for any more. Deleted ones are in another table. */
export function unreadOf(db: Database): (room: RoomId, user: UserId, read: Seq) => number {
  const count = db
    .prepare<[string, Seq, string], number>(
      `SELECT count(*) FROM (SELECT 1 FROM messages WHERE room = ? AND seq > ? AND author <> ?
       LIMIT ${limits.unreadShown + 1})`,
    )
    .pluck()
  return (room, user, read) => count.get(room, read, user) ?? 0
}
