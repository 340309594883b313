import type { Database } from 'better-sqlite3'
import type { Folds } from './place.ts'
import { found } from './place.ts'

export function foldReads(db: Database): Folds<'read.moved' | 'room.hidden'> {
  const read = db.prepare('UPDATE memberships SET read = ? WHERE room = ? AND "user" = ?')
  const hide = db.prepare('UPDATE memberships SET hidden = ? WHERE room = ? AND "user" = ?')
  return {
    'read.moved': (event, { user }) => found(read.run(event.seq, event.room, user), 'such member'),
    'room.hidden': (event, { user }) => found(hide.run(event.seq, event.room, user), 'such member'),
  }
}
