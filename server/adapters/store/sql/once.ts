import type { Database } from 'better-sqlite3'
import type { Seq } from '../../../../contract/ids.ts'
import type { Once } from '../../../core/change.ts'
import type { Committed } from './jobs.ts'

interface Known {
  author: string
  print: string | null
  seq: Seq
  deleted: number
}

const messages = `
SELECT author, print, seq,
  EXISTS (SELECT 1 FROM erasures WHERE erasures.room = messages.room AND seq <= below) AS deleted
FROM messages WHERE id = ?
UNION ALL SELECT author, NULL, seq, 1 FROM deleted_messages WHERE id = ?`

const made = `
SELECT author, print, seq, CASE what
  WHEN 'room' THEN NOT EXISTS (SELECT 1 FROM rooms WHERE rooms.id = made.id)
  WHEN 'user' THEN NOT EXISTS (SELECT 1 FROM users WHERE users.id = made.id AND state <> 'deleted')
  ELSE NOT EXISTS (SELECT 1 FROM tokens WHERE tokens.id = made.id)
END AS deleted FROM made WHERE what = ? AND id = ?`

/** Looks up and keeps the ids that people made (L3). A message's is kept on the message. */
export function idsOf(db: Database) {
  const message = db.prepare<[string, string], Known>(messages)
  const other = db.prepare<[string, string], Known>(made)
  const keep = db.prepare('INSERT INTO made (what, id, author, print, seq) VALUES (?, ?, ?, ?, ?)')
  return {
    /** The answer where the id is known; null where it is new. */
    known(once: Once): Committed | null {
      const row = once.of === 'message' ? message.get(once.id, once.id) : other.get(once.of, once.id)
      if (!row) return null
      const same = row.author === once.author && (row.deleted === 1 || row.print === once.print)
      return same
        ? { is: 'already', seq: row.seq, deleted: row.deleted === 1 }
        : { is: 'refused', code: 'id_taken' }
    },
    keep(once: Once, seq: Seq): void {
      if (once.of !== 'message') keep.run(once.of, once.id, once.author, once.print, seq)
    },
  }
}
