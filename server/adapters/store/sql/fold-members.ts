import type { Database } from 'better-sqlite3'
import type { Folds } from './place.ts'
import { found } from './place.ts'

export function foldMembers(
  db: Database,
): Folds<'member.added' | 'member.changed' | 'member.removed' | 'room.added' | 'room.removed'> {
  // What was said before one joined is not unread.
  const add = db.prepare(
    'INSERT INTO memberships (room, "user", role, since, read, hidden) VALUES (?, ?, ?, ?, ?, 0)',
  )
  const change = db.prepare('UPDATE memberships SET role = ? WHERE room = ? AND "user" = ?')
  const remove = db.prepare('DELETE FROM memberships WHERE room = ? AND "user" = ?')
  const count = db.prepare('UPDATE rooms SET members = members + ? WHERE id = ?')
  return {
    'member.added': (event, { room, seq }) => {
      add.run(room, event.user, event.role, seq, seq)
      count.run(1, room)
    },
    'member.changed': (event, { room }) => {
      found(change.run(event.role, room, event.user), 'such member')
    },
    'member.removed': (event, { room }) => {
      found(remove.run(room, event.user), 'such member')
      count.run(-1, room)
    },
    // What the user's log says of membership, the room's log has said.
    'room.added': () => {},
    'room.removed': () => {},
  }
}
