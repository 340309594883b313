import { limits } from '../../../../contract/limits.ts'

/**
 * Of a row of `memberships`: others' messages after its marker, exact up to what is shown, one more for any more. Deleted ones are in
 * another table.
 */
export const unreadColumn = `(SELECT count(*) FROM (SELECT 1 FROM messages WHERE messages.room = memberships.room
  AND messages.seq > memberships.read AND messages.author <> memberships."user"
  LIMIT ${limits.unreadShown + 1}) AS beyond) AS unread`
