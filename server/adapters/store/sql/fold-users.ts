import type { Database } from 'better-sqlite3'
import type { User } from '../../../../contract/entities.ts'
import type { Seq, Topic } from '../../../../contract/ids.ts'
import { foldName } from '../../../../contract/names.ts'
import type { Logs } from '../sqlite/log.ts'
import type { Folds } from './place.ts'
import { found } from './place.ts'

const insert = `INSERT INTO users (username, folded, display_name, first_name, last_name, status, avatar, role, state, profile_seq,
  id, created_at, email, email_seq) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '', 0)`
const update = `UPDATE users SET username = ?, folded = ?, display_name = ?, first_name = ?, last_name = ?, status = ?, avatar = ?,
  role = ?, state = ?, profile_seq = ? WHERE id = ?`
const blank = `UPDATE users SET username = '', folded = NULL, display_name = '', first_name = '', last_name = '', status = '',
  avatar = NULL, state = 'deleted', email = '', profile_seq = 0, email_seq = 0 WHERE id = ?`

export function foldUsers(
  db: Database,
  logs: Logs,
): Folds<'user.added' | 'user.changed' | 'user.removed' | 'me.changed'> {
  const seqs = db.prepare<[string], { profile: Seq; email: Seq }>(
    'SELECT profile_seq AS profile, email_seq AS email FROM users WHERE id = ?',
  )
  const add = db.prepare(insert)
  const change = db.prepare(update)
  const remove = db.prepare(blank)
  const email = db.prepare('UPDATE users SET email = ?, email_seq = ? WHERE id = ?')
  const otherAvatars = db.prepare('DELETE FROM avatars WHERE "user" = ? AND id IS NOT ?')
  const rows = ['credentials', 'sessions', 'tokens', 'avatars'].map(table =>
    db.prepare(`DELETE FROM ${table} WHERE "user" = ?`),
  )
  return {
    'user.added': ({ user }, { seq }) => void add.run(...profile(user), seq, user.id, user.createdAt),
    'user.changed': ({ user }, { seq }) => {
      redact(logs, 'workspace', seqs.get(user.id)?.profile)
      found(change.run(...profile(user), seq, user.id), 'such user')
      otherAvatars.run(user.id, user.avatar)
    },
    'user.removed': ({ user }) => {
      const before = seqs.get(user)
      found(remove.run(user), 'such user')
      for (const row of rows) row.run(user)
      redact(logs, 'workspace', before?.profile)
      redact(logs, `user:${user}`, before?.email)
    },
    'me.changed': (event, { user, seq }) => {
      redact(logs, `user:${user}`, seqs.get(user)?.email)
      found(email.run(event.email, seq, user), 'such user')
    },
  }
}

/** Where there was an earlier event. */
const redact = (logs: Logs, topic: Topic, seq: Seq | undefined): void => {
  if (seq) logs.redact(topic, seq)
}

const profile = (user: User): (string | null)[] => [
  user.username,
  foldName(user.username),
  user.displayName,
  user.firstName,
  user.lastName,
  user.status,
  user.avatar,
  user.role,
  user.state,
]
