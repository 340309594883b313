import type { Database } from 'better-sqlite3'
import type { NewAvatar, RowWrite } from '../../../core/change.ts'
import type { Logs } from '../sqlite/log.ts'

type Of<Name extends RowWrite['row']> = Extract<RowWrite, { row: Name }>
type Writes<Names extends RowWrite['row'] = RowWrite['row']> = {
  readonly [Name in Names]: (row: Of<Name>) => void
}

/** Writes what stands in no log. */
export function rowsOf(db: Database, logs: Logs): (row: RowWrite) => void {
  const writes: Writes = {
    ...keyRows(db),
    ...tokenRows(db),
    ...avatarRows(db),
    ...otherRows(db),
    ...erasure(db, logs),
  }
  // The table pairs each name with the write of its own row, which the compiler cannot follow through the lookup.
  return row => (writes[row.row] as (row: RowWrite) => void)(row)
}

function keyRows(
  db: Database,
): Writes<'credential' | 'session' | 'session confirmed' | 'session ended' | 'sessions ended'> {
  const credential = db.prepare(
    'INSERT INTO credentials ("user", hash) VALUES (?, ?) ON CONFLICT ("user") DO UPDATE SET hash = excluded.hash',
  )
  const session = db.prepare(
    `INSERT INTO sessions (id, "user", hash, created_at, seen_at, confirmed_at, agent, address)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
  )
  const confirm = db.prepare('UPDATE sessions SET confirmed_at = ? WHERE id = ?')
  const end = db.prepare('DELETE FROM sessions WHERE id = ? AND "user" = ?')
  const endAll = db.prepare('DELETE FROM sessions WHERE "user" = ? AND id <> ?')
  return {
    credential: row => void credential.run(row.user, row.hash),
    session: ({ session: s }) => void session.run(s.id, s.user, s.hash, s.at, s.at, s.at, s.agent, s.address),
    'session confirmed': row => void confirm.run(row.at, row.session),
    'session ended': row => void end.run(row.session, row.user),
    'sessions ended': row => void endAll.run(row.user, row.except ?? ''),
  }
}

function tokenRows(db: Database): Writes<'token' | 'token ended' | 'tokens ended'> {
  const token = db.prepare(
    'INSERT INTO tokens (id, "user", name, hash, created_at, expires) VALUES (?, ?, ?, ?, ?, ?)',
  )
  const end = db.prepare('DELETE FROM tokens WHERE id = ? AND "user" = ?')
  const endAll = db.prepare('DELETE FROM tokens WHERE "user" = ?')
  return {
    token: ({ token: t }) => void token.run(t.id, t.user, t.name, t.hash, t.at, t.expires),
    'token ended': row => void end.run(row.token, row.user),
    'tokens ended': row => void endAll.run(row.user),
  }
}

function avatarRows(db: Database): Writes<'avatar'> {
  const avatar = db.prepare('INSERT INTO avatars (id, "user") VALUES (?, ?)')
  const file = db.prepare('INSERT INTO avatar_files (avatar, side, hash) VALUES (?, ?, ?)')
  const put = ({ id, user, sizes }: NewAvatar) => {
    avatar.run(id, user)
    for (const [side, hash] of Object.entries(sizes)) file.run(id, Number(side), hash)
  }
  return { avatar: row => put(row.avatar) }
}

function otherRows(db: Database): Writes<'set up' | 'purge' | 'purged' | 'imported'> {
  const setUp = db.prepare('UPDATE workspace SET set_up = 1')
  const purge = db.prepare('INSERT INTO purges ("user") VALUES (?) ON CONFLICT DO NOTHING')
  const purged = db.prepare('DELETE FROM purges WHERE "user" = ?')
  const imported = db.prepare('INSERT INTO imported (source, "key", id) VALUES (?, ?, ?)')
  return {
    'set up': () => void setUp.run(),
    purge: row => void purge.run(row.user),
    purged: row => void purged.run(row.user),
    imported: row => void imported.run(row.source, row.key, row.id),
  }
}

/** The room is gone at once; what it held, which may be much, is deleted bit by bit by the eraser. */
function erasure(db: Database, logs: Logs): Writes<'room erased'> {
  const hide = db.prepare(
    'INSERT INTO erasures (room, below) VALUES (?, ?) ON CONFLICT (room) DO UPDATE SET below = excluded.below',
  )
  const members = db.prepare('DELETE FROM memberships WHERE room = ?')
  const drop = db.prepare('DELETE FROM rooms WHERE id = ?')
  return {
    'room erased': ({ room }) => {
      hide.run(room, logs.close(`room:${room}`))
      members.run(room)
      drop.run(room)
    },
  }
}
