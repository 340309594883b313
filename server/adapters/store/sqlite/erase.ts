import type { Database } from 'better-sqlite3'
import type { RoomId, Seq } from '../../../../contract/ids.ts'
import type { Scrubber } from './scrub.ts'

/** Rows of a kind that go at a time: some milliseconds of the thread. */
const stride = 200

/**
 * Deletes what is left of erased rooms, a bounded part at a time: a room of a million messages must not hold up everybody's for a minute.
 * Nobody sees them meanwhile (see `erasures`), and what a crash interrupts goes on after it. The ids of messages stay taken.
 * Answers whether there is more to do. Never inside a transaction.
 */
export function eraserOf(db: Database, scrubber: Scrubber): () => boolean {
  const next = db.prepare<[], { room: RoomId; below: Seq }>('SELECT room, below FROM erasures LIMIT 1')
  const messages = partOf(db, 'messages', 'room = ?')
  const keep = db.prepare(
    `INSERT INTO deleted_messages (id, room, seq, author)
     SELECT id, room, seq, author FROM messages WHERE room = ? AND seq <= ?`,
  )
  const events = partOf(db, 'events', "log = (SELECT id FROM logs WHERE topic = 'room:' || ?)")
  const done = db.prepare('DELETE FROM erasures WHERE room = ?')
  return db.transaction(() => {
    const erasure = next.get()
    if (!erasure) return false
    const { room, below } = erasure
    scrubber.removed()
    const talk = messages.end(room, below)
    if (talk !== null) {
      keep.run(room, talk)
      messages.drop(room, talk)
    }
    const log = events.end(room, below)
    if (log !== null) events.drop(room, log)
    if (talk === null && log === null) done.run(room)
    scrubber.flush()
    return true
  }).immediate
}

/** Where the next part of some rows ends, and how it is dropped. */
function partOf(db: Database, table: 'messages' | 'events', whose: string) {
  const end = db
    .prepare<[string, Seq], Seq | null>(
      `SELECT max(seq) FROM (SELECT seq FROM ${table} WHERE ${whose} AND seq <= ? ORDER BY seq LIMIT ${stride})`,
    )
    .pluck()
  const drop = db.prepare(`DELETE FROM ${table} WHERE ${whose} AND seq <= ?`)
  return {
    end: (room: RoomId, below: Seq): Seq | null => end.get(room, below) ?? null,
    drop: (room: RoomId, to: Seq): void => void drop.run(room, to),
  }
}
