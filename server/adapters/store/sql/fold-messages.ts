import type { Database } from 'better-sqlite3'
import type { Seq } from '../../../../contract/ids.ts'
import type { Logs } from '../sqlite/log.ts'
import type { Folds } from './place.ts'
import { found } from './place.ts'

const insert = `INSERT INTO messages (room, seq, id, author, at, rev, text_seq, quote, print, text)
SELECT id, ?, ?, ?, ?, 0, ?, ?, ?, ? FROM rooms WHERE id = ?`

const bury = `INSERT INTO deleted_messages (id, room, seq, author)
SELECT id, room, seq, author FROM messages WHERE id = ?`

export function foldMessages(
  db: Database,
  logs: Logs,
): Folds<'message.posted' | 'message.edited' | 'message.deleted'> {
  const post = db.prepare(insert)
  // Posting moves one's own marker; an import's author may be in no room.
  const read = db.prepare('UPDATE memberships SET read = ? WHERE room = ? AND "user" = ? AND read < ?')
  const text = db.prepare<[string], { seq: Seq; at: number; textSeq: Seq }>(
    'SELECT seq, at, text_seq AS textSeq FROM messages WHERE id = ?',
  )
  const edit = db.prepare('UPDATE messages SET text = ?, rev = ?, edited_at = ?, text_seq = ? WHERE id = ?')
  const keep = db.prepare(bury)
  const drop = db.prepare('DELETE FROM messages WHERE id = ?')
  const newest = db.prepare(
    'UPDATE rooms SET deleted_seq = ?, deleted_at = ? WHERE id = ? AND deleted_seq < ?',
  )
  return {
    'message.posted': (event, { room, seq, once }) => {
      const print = once?.of === 'message' && once.id === event.id ? once.print : null
      const { id, by, at, quote = null, text } = event
      found(post.run(seq, id, by, at, seq, quote, print, text, room), 'such room')
      read.run(seq, room, by, seq)
    },
    'message.edited': (event, { room, seq }) => {
      const before = text.get(event.id)
      found(edit.run(event.text, event.rev, event.at, seq, event.id), 'such message')
      if (before) logs.redact(`room:${room}`, before.textSeq)
    },
    'message.deleted': (event, { room }) => {
      const before = text.get(event.id)
      found(keep.run(event.id), 'such message')
      drop.run(event.id)
      if (!before) return
      newest.run(before.seq, before.at, room, before.seq)
      logs.redact(`room:${room}`, before.seq, true)
      if (before.textSeq !== before.seq) logs.redact(`room:${room}`, before.textSeq, true)
    },
  }
}
