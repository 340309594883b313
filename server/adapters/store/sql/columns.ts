import type { Membership, Message, Room, User } from '../../../../contract/entities.ts'
import type { MessageId, RoomId, Seq, UserId } from '../../../../contract/ids.ts'
import type { Fields, RowOfFields } from './fields.ts'
import { selectFields } from './fields.ts'

export type WholeUser = User & { email: string }

/** Who somebody is to everybody; the e-mail address has events of its own. */
export const userFields: Fields<Omit<User, 'email'>> = {
  id: { column: 'id', kind: 'text', fixed: true },
  username: { column: 'username', kind: 'text', erased: '' },
  displayName: { column: 'display_name', kind: 'text', erased: '' },
  firstName: { column: 'first_name', kind: 'text', erased: '' },
  lastName: { column: 'last_name', kind: 'text', erased: '' },
  status: { column: 'status', kind: 'text', erased: '' },
  avatar: { column: 'avatar', kind: 'text', erased: null },
  role: { column: 'role', kind: 'text' },
  state: { column: 'state', kind: 'text' },
  createdAt: { column: 'created_at', kind: 'number', fixed: true },
}

/** A room's own fields: who is in a direct room, and its newest message, stand in other tables. */
type RoomFields = Omit<Room, 'last' | 'people'>

export const roomFields: Fields<RoomFields> = {
  id: { column: 'id', kind: 'text', fixed: true },
  kind: { column: 'kind', kind: 'text' },
  name: { column: 'name', kind: 'text', erased: '' },
  topic: { column: 'topic', kind: 'text', erased: '' },
  archived: { column: 'archived', kind: 'flag' },
  everyone: { column: 'everyone', kind: 'flag' },
  createdAt: { column: 'created_at', kind: 'number', fixed: true },
}

/** Over `users`. */
export const userColumns = selectFields(userFields, 'users')

/** Over `rooms`, with its newest message, which may be none; a deleted one may be newer. */
export const roomColumns = `${selectFields(roomFields, 'rooms')}, members,
  deleted_seq AS "deletedSeq", deleted_at AS "deletedAt",
  (SELECT seq FROM messages WHERE room = rooms.id ORDER BY seq DESC LIMIT 1) AS "newestSeq",
  (SELECT at FROM messages WHERE room = rooms.id ORDER BY seq DESC LIMIT 1) AS "newestAt"`

export interface RoomRecord extends RowOfFields<RoomFields> {
  members: number
  deletedSeq: Seq
  deletedAt: number
  newestSeq: Seq | null
  newestAt: number | null
}

/** `people` are given for a direct room, sorted by id. */
export const roomOfRow = (row: RoomRecord, people?: readonly UserId[]): Room => ({
  id: row.id,
  kind: row.kind,
  name: row.name,
  topic: row.topic,
  archived: row.archived === 1,
  everyone: row.everyone === 1,
  createdAt: row.createdAt,
  ...(people && { people: [...people] }),
  last: lastOf(row),
})

function lastOf({ newestSeq, newestAt, deletedSeq, deletedAt }: RoomRecord): Room['last'] {
  if (newestSeq !== null && newestAt !== null && newestSeq > deletedSeq)
    return { seq: newestSeq, at: newestAt }
  return deletedSeq === 0 ? null : { seq: deletedSeq, at: deletedAt }
}

/** Over `messages`. */
export const messageColumns = `messages.id, messages.room, messages.seq, messages.author, messages.at,
  messages.text, messages.edited_at AS "editedAt", messages.quote, messages.plain, messages.rev`

export interface MessageRecord {
  id: MessageId
  room: RoomId
  seq: Seq
  author: UserId
  at: number
  text: string
  editedAt: number | null
  quote: MessageId | null
  plain: number
  rev: number
}

export const messageOfRow = (row: MessageRecord): Message => ({
  id: row.id,
  room: row.room,
  seq: row.seq,
  author: row.author,
  at: row.at,
  text: row.text,
  ...(row.editedAt !== null && { editedAt: row.editedAt }),
  ...(row.quote !== null && { quote: row.quote }),
  ...(row.plain === 1 && { plain: true }),
  rev: row.rev,
})

/** Named one by one: a rest of the row would cost a bootstrap more than its query. */
export const membershipOfRow = ({ room, role, since, read, hidden }: Membership): Membership => ({
  room,
  role,
  since,
  read,
  hidden,
})
