import type { Membership, Message, Room, RoomKind, User } from '../../../../contract/entities.ts'
import type { MessageId, RoomId, Seq, UserId } from '../../../../contract/ids.ts'

/** The columns of a user as the contract's `User` names them, without the e-mail address. */
export const userColumns = `id, username, display_name AS "displayName", first_name AS "firstName",
  last_name AS "lastName", status, avatar, role, state, created_at AS "createdAt"`

export type WholeUser = User & { email: string }

/** Over `rooms`, with its newest message, which may be none; a deleted one may be newer. */
export const roomColumns = `rooms.id, kind, name, topic, archived, everyone, created_at AS "createdAt", members,
  deleted_seq AS "deletedSeq", deleted_at AS "deletedAt",
  (SELECT seq FROM messages WHERE room = rooms.id ORDER BY seq DESC LIMIT 1) AS "newestSeq",
  (SELECT at FROM messages WHERE room = rooms.id ORDER BY seq DESC LIMIT 1) AS "newestAt"`

export interface RoomRecord {
  id: RoomId
  kind: RoomKind
  name: string
  topic: string
  archived: number
  everyone: number
  createdAt: number
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

/** A flag as it is stored. */
export const flag = (value: boolean): number => (value ? 1 : 0)
