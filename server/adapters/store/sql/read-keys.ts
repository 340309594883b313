import type { Database } from 'better-sqlite3'
import type { Session, Token } from '../../../../contract/entities.ts'
import type { SessionId, TokenId } from '../../../../contract/ids.ts'
import type { LiveSession, LiveToken, Store } from '../../../core/ports.ts'

/** Sessions, tokens, password hashes, files that rows name, and what an import brought. */
export const readKeys = (
  db: Database,
): Pick<
  Store,
  'credential' | 'session' | 'sessions' | 'token' | 'tokens' | 'alive' | 'avatar' | 'unusedFiles' | 'imported'
> => ({ ...sessionsAndTokens(db), ...files(db) })

function sessionsAndTokens(
  db: Database,
): Pick<Store, 'credential' | 'session' | 'sessions' | 'token' | 'tokens' | 'alive'> {
  const credential = db.prepare<[string], string>('SELECT hash FROM credentials WHERE "user" = ?').pluck()
  const session = db.prepare<[string], LiveSession>(
    `SELECT id, "user", created_at AS createdAt, seen_at AS seenAt, confirmed_at AS confirmedAt
     FROM sessions WHERE hash = ?`,
  )
  const sessions = db.prepare<[string], Omit<Session, 'current'>>(
    `SELECT id, created_at AS createdAt, seen_at AS seenAt, agent, address
     FROM sessions WHERE "user" = ? ORDER BY seen_at DESC, id`,
  )
  const token = db.prepare<[string], LiveToken>('SELECT id, "user", expires FROM tokens WHERE hash = ?')
  const tokens = db.prepare<[string], Token>(
    `SELECT id, name, created_at AS createdAt, used_at AS usedAt, expires
     FROM tokens WHERE "user" = ? ORDER BY created_at, id`,
  )
  const alive = db
    .prepare<[string, string], SessionId | TokenId>(
      `SELECT id FROM sessions WHERE id IN (SELECT value FROM json_each(?))
       UNION ALL SELECT id FROM tokens WHERE id IN (SELECT value FROM json_each(?))`,
    )
    .pluck()
  return {
    credential: async user => credential.get(user) ?? null,
    session: async hash => session.get(hash) ?? null,
    sessions: async user => sessions.all(user),
    token: async hash => token.get(hash) ?? null,
    tokens: async user => tokens.all(user),
    alive: async ids => new Set(alive.all(JSON.stringify(ids), JSON.stringify(ids))),
  }
}

function files(db: Database): Pick<Store, 'avatar' | 'unusedFiles' | 'imported'> {
  const sizes = db.prepare<[string], { side: number; hash: string }>(
    'SELECT side, hash FROM avatar_files WHERE avatar = ? ORDER BY side',
  )
  const unused = db
    .prepare<[string], string>(
      'SELECT value FROM json_each(?) WHERE NOT EXISTS (SELECT 1 FROM avatar_files WHERE hash = value)',
    )
    .pluck()
  const imported = db.prepare<[string, string], { key: string; id: string }>(
    'SELECT "key", id FROM imported WHERE source = ? AND "key" IN (SELECT value FROM json_each(?))',
  )
  return {
    avatar: async id => {
      const rows = sizes.all(id)
      return rows.length === 0 ? null : Object.fromEntries(rows.map(({ side, hash }) => [side, hash]))
    },
    unusedFiles: async hashes => unused.all(JSON.stringify(hashes)),
    imported: async (source, keys) =>
      new Map(imported.all(source, JSON.stringify(keys)).map(({ key, id }) => [key, id])),
  }
}
