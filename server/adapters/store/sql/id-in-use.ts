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
