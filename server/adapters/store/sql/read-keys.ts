import type { Session, Token } from '../../../../contract/entities.ts'
import type { AvatarId, RoomId, Seq, SessionId, TokenId, UserId } from '../../../../contract/ids.ts'
import type { Life, LiveSession, LiveToken } from '../../../core/ports/authentication.ts'
import type { Ended, Removal } from '../../../core/ports/endings.ts'
import type { Reading } from './reading.ts'
import { all, one } from './reading.ts'

/* Sessions, tokens, password hashes, files that rows name, and what an import brought. */

export function* credential(user: UserId): Reading<string | null> {
  const row = yield* one<{ hash: string }>('SELECT hash FROM credentials WHERE "user" = ?', user)
  return row?.hash ?? null
}

export function* selectSession(hash: string): Reading<LiveSession | null> {
  const row = yield* one<LiveSession>(
    `SELECT id, "user", created_at AS "createdAt", seen_at AS "seenAt", confirmed_at AS "confirmedAt"
     FROM sessions WHERE hash = ?`,
    hash,
  )
  return row ?? null
}

export function* sessions(user: UserId): Reading<Omit<Session, 'current'>[]> {
  return yield* all(
    `SELECT id, created_at AS "createdAt", seen_at AS "seenAt", agent, address
     FROM sessions WHERE "user" = ? ORDER BY seen_at DESC, id`,
    user,
  )
}

export function* confirmedAt(session: SessionId): Reading<number | null> {
  const row = yield* one<{ at: number }>('SELECT confirmed_at AS at FROM sessions WHERE id = ?', session)
  return row?.at ?? null
}

export function* knowsDevice(hash: string, user: UserId): Reading<boolean> {
  return (
    (yield* one('SELECT 1 AS known FROM devices WHERE hash = ? AND "user" = ?', hash, user)) !== undefined
  )
}

export function* selectToken(hash: string): Reading<LiveToken | null> {
  return (yield* one<LiveToken>('SELECT id, "user", expires FROM tokens WHERE hash = ?', hash)) ?? null
}

export function* tokens(user: UserId): Reading<Token[]> {
  return yield* all(
    `SELECT id, name, created_at AS "createdAt", used_at AS "usedAt", expires
     FROM tokens WHERE "user" = ? ORDER BY created_at, id`,
    user,
  )
}

export function* alive(ids: readonly (SessionId | TokenId)[]): Reading<Map<SessionId | TokenId, Life>> {
  const rows = yield* all<{
    id: SessionId | TokenId
    createdAt: number | null
    seenAt: number | null
    expires: number | null
  }>(
    `SELECT id, created_at AS "createdAt", seen_at AS "seenAt", NULL AS expires FROM sessions WHERE id = ANY(?)
     UNION ALL SELECT id, NULL, NULL, expires FROM tokens WHERE id = ANY(?)`,
    ids,
    ids,
  )
  return new Map(
    rows.map(({ id, createdAt, seenAt, expires }) => [
      id,
      createdAt === null || seenAt === null ? { expires } : { createdAt, seenAt },
    ]),
  )
}

/** Endings have dense seqs: where there are fewer than the mark moved by, some were dropped, or the mark is not of this database. */
export function* ended(after: Seq | null): Reading<Ended> {
  const from = after ?? Number.MAX_SAFE_INTEGER
  const rows = yield* all<Ending>(
    `SELECT workspace.ended AS "upTo", endings.id, endings.room, endings.room_seq AS "roomSeq"
     FROM workspace LEFT JOIN endings ON endings.seq > ? ORDER BY endings.seq`,
    from,
  )
  const upTo = rows[0]?.upTo ?? 0
  const ended = rows.filter(row => row.id !== null)
  return {
    ids: ended.flatMap(({ id, room }) => (room === null ? (id as SessionId | TokenId) : [])),
    removals: ended.flatMap(({ id, room, roomSeq }) =>
      room === null ? [] : { room, who: id as Removal['who'], seq: roomSeq ?? 0 },
    ),
    upTo,
    whole: after === null || ended.length === upTo - after,
  }
}

interface Ending {
  readonly upTo: Seq
  /** Of a session or a token, or, with a room, who may not hear it any more. */
  readonly id: string | null
  readonly room: RoomId | null
  readonly roomSeq: Seq | null
}

export function* avatar(id: AvatarId): Reading<Record<number, string> | null> {
  const rows = yield* all<{ side: number; hash: string }>(
    'SELECT side, hash FROM avatar_files WHERE avatar = ? ORDER BY side',
    id,
  )
  return rows.length === 0 ? null : Object.fromEntries(rows.map(({ side, hash }) => [side, hash]))
}

export function* unusedFiles(hashes: readonly string[]): Reading<string[]> {
  const rows = yield* all<{ value: string }>(
    `SELECT value FROM unnest(?::text[]) AS value
     WHERE NOT EXISTS (SELECT 1 FROM avatar_files WHERE hash = value)`,
    hashes,
  )
  return rows.map(row => row.value)
}

export function* imported(source: string, keys: readonly string[]): Reading<Map<string, string>> {
  const rows = yield* all<{ key: string; id: string }>(
    'SELECT "key", id FROM imported WHERE source = ? AND "key" = ANY(?)',
    source,
    keys,
  )
  return new Map(rows.map(({ key, id }) => [key, id]))
}
