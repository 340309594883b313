import type { Once } from '../../../core/change.ts'

/** What is known of an id: whether this very thing was made under it by this author, where it stands, and whether it is deleted (L3). */
export interface Known {
  readonly same: number
  readonly seq: number
  readonly deleted: number
}

const knownAs = (found: string): string =>
  `SELECT CASE WHEN author = @author AND (deleted = 1 OR print = @print) THEN 1 ELSE 0 END AS same, seq, deleted
   FROM (${found}) AS known`

const made = (what: Once['of'], isThere: string): string =>
  knownAs(`SELECT author, print, seq, CASE WHEN EXISTS (${isThere}) THEN 0 ELSE 1 END AS deleted
    FROM made WHERE what = '${what}' AND made.id = @id`)

/** How an id that somebody made is looked up, by what it is of. A message's is kept on the message. */
export const known: { readonly [Of in Once['of']]: string } = {
  message: knownAs(`
    SELECT author, print, seq, CASE WHEN EXISTS (
      SELECT 1 FROM erasures WHERE erasures.room = messages.room AND messages.seq <= below
    ) THEN 1 ELSE 0 END AS deleted FROM messages WHERE id = @id
    UNION ALL SELECT author, NULL, seq, 1 FROM deleted_messages WHERE id = @id`),
  room: made('room', 'SELECT 1 FROM rooms WHERE rooms.id = made.id'),
  user: made('user', "SELECT 1 FROM users WHERE users.id = made.id AND state <> 'deleted'"),
  token: made('token', 'SELECT 1 FROM tokens WHERE tokens.id = made.id'),
}

/** Keeps an id that is of no message. */
export const keep = 'INSERT INTO made (what, id, author, print, seq) VALUES (@of, @id, @author, @print, #seq)'
