import type { MemberRole, Message, Room, RoomKind, User } from '../../../../contract/entities.ts'
import type { MessageId, RoomId, Seq, UserId } from '../../../../contract/ids.ts'

/** The columns of a user as the contract's `User` names them, without the e-mail address. */
export const userColumns = `id, username, display_name AS displayName, first_name AS firstName, last_name AS lastName,
  status, avatar, role, state, created_at AS createdAt`

export type WholeUser = User & { email: string }

/** Over `rooms` joined with its newest message, which may be none; a deleted one may be newer. */
export const roomColumns = `rooms.id, kind, name, topic, archived, everyone, created_at AS createdAt, members,
  max(coalesce(newest.seq, 0), deleted_seq) AS lastSeq,
  CASE WHEN coalesce(newest.seq, 0) > deleted_seq THEN newest.at ELSE deleted_at END AS lastAt`

export const roomsAndNewest = `rooms LEFT JOIN messages AS newest
  ON newest.room = rooms.id AND newest.seq = (SELECT max(seq) FROM messages WHERE room = rooms.id)`

export interface RoomRow {
  id: RoomId
  kind: RoomKind
  name: string
  topic: string
  archived: number
  everyone: number
  createdAt: number
  members: number
  lastSeq: Seq
  lastAt: number
}

/** `people` are given for a direct room, sorted by id. */
export const roomOfRow = (row: RoomRow, people?: readonly UserId[]): Room => ({
  id: row.id,
  kind: row.kind,
  name: row.name,
  topic: row.topic,
  archived: row.archived === 1,
  everyone: row.everyone === 1,
  createdAt: row.createdAt,
  ...(people && { people: [...people] }),
  last: row.lastSeq === 0 ? null : { seq: row.lastSeq, at: row.lastAt },
})

export const messageColumns = 'id, room, seq, author, at, text, edited_at AS editedAt, quote, rev'

export interface MessageRow {
  id: MessageId
  room: RoomId
  seq: Seq
  author: UserId
  at: number
  text: string
  editedAt: number | null
  quote: MessageId | null
  rev: number
}

export const messageOfRow = (row: MessageRow): Message => ({
  id: row.id,
  room: row.room,
  seq: row.seq,
  author: row.author,
  at: row.at,
  text: row.text,
  ...(row.editedAt !== null && { editedAt: row.editedAt }),
  ...(row.quote !== null && { quote: row.quote }),
  rev: row.rev,
})

export interface MembershipRow {
  room: RoomId
  role: MemberRole
  since: Seq
  read: Seq
  hidden: Seq
}

/** A flag as it is stored. */
export const flag = (value: boolean): number => (value ? 1 : 0)
