import type { IdempotencyKey } from '../../../core/log/change.ts'

/**
 * What has an id, or had it and is deleted, by its kind. A room's log outlasts it; it may have been begun by the very event that makes the
 * room, whose head is not written yet.
 */
const places = {
  message: (id: string) =>
    `SELECT 1 FROM messages WHERE id = ${id} UNION ALL SELECT 1 FROM deleted_messages WHERE id = ${id}`,
  room: (id: string) =>
    `SELECT 1 FROM rooms WHERE id = ${id}
     UNION ALL SELECT 1 FROM logs WHERE topic = 'room:' || ${id} AND (head > 0 OR start > 1)`,
  user: (id: string) => `SELECT 1 FROM users WHERE id = ${id}`,
  token: (id: string) =>
    `SELECT 1 FROM tokens WHERE id = ${id} UNION ALL SELECT 1 FROM made WHERE what = 'token' AND id = ${id}`,
  session: (id: string) => `SELECT 1 FROM sessions WHERE id = ${id}`,
  avatar: (id: string) => `SELECT 1 FROM avatars WHERE id = ${id}`,
} as const

type Kind = keyof typeof places

/** A query for every use of an id, whoever made what has it and however; but for one kind, where that is looked up by itself. */
export const selectIdInUse = (id: `@${string}`, but?: Kind): string =>
  (Object.keys(places) as Kind[])
    .filter(kind => kind !== but)
    .map(kind => places[kind](id))
    .join(' UNION ALL ')

/** What is known of an id: whether this very thing was made under it by this author, where it stands, and whether it is deleted (L3). */
export interface KnownId {
  readonly same: number
  readonly seq: number
  readonly deleted: number
}

/**
 * How an id is looked up: `own` finds at most the one thing of its kind that was made under it; only where that finds nothing, `elsewhere` finds
 * whether anything else has or had it. Two queries, each of which ends at its first row: most ids that are given are new.
 */
export interface Lookup {
  readonly own: string
  readonly elsewhere: string
}

/** `found`: what was made under the id by whoever asked for it; its fingerprint is null where it went with what it was of. */
const ownOf = (found: string): string =>
  `SELECT CASE WHEN author = @author AND (fingerprint = @fingerprint OR deleted = 1 AND fingerprint IS NULL) THEN 1 ELSE 0 END AS same, seq, deleted
   FROM (${found}) AS found`

const made = (what: IdempotencyKey['of'], isThere: string): Lookup => ({
  own: ownOf(
    `SELECT author, print AS fingerprint, seq, CASE WHEN EXISTS (${isThere}) THEN 0 ELSE 1 END AS deleted
     FROM made WHERE what = '${what}' AND made.id = @id`,
  ),
  elsewhere: selectIdInUse('@id'),
})

/** How an id that somebody gives is looked up, by what it is to be of. A message's is kept on the message. */
export const idempotencyLookups: { readonly [Of in IdempotencyKey['of']]: Lookup } = {
  message: {
    own: ownOf(
      `SELECT author, CASE WHEN erased.below IS NULL THEN print END AS fingerprint, seq,
         CASE WHEN erased.below IS NULL THEN 0 ELSE 1 END AS deleted
       FROM messages LEFT JOIN erasures AS erased ON erased.room = messages.room AND messages.seq <= erased.below
       WHERE id = @id
       UNION ALL SELECT author, NULL, seq, 1 FROM deleted_messages WHERE id = @id`,
    ),
    elsewhere: selectIdInUse('@id', 'message'),
  },
  room: made('room', 'SELECT 1 FROM rooms WHERE rooms.id = made.id'),
  user: made('user', "SELECT 1 FROM users WHERE users.id = made.id AND state <> 'deleted'"),
  token: made('token', 'SELECT 1 FROM tokens WHERE tokens.id = made.id'),
}

/** Keeps an id that is of no message. */
export const keepId = `INSERT INTO made (what, id, author, print, seq) VALUES (@of, @id, @author, @fingerprint, #seq)
  ON CONFLICT (what, id) DO UPDATE SET author = excluded.author, print = excluded.print, seq = excluded.seq
  WHERE made.print = ''`
