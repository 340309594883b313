import * as z from 'zod/mini'
import { avatarId, messageId, roomId, sessionId, tokenId, userId } from './id-schemas.ts'

/** Milliseconds since the Unix epoch, by the server's clock. */
export const instant = z.int().check(z.nonnegative())
export const seq = z.int().check(z.nonnegative())

/** What somebody is in the workspace. An owner may all; an administrator all but what concerns owners. */
export const role = z.enum(['owner', 'administrator', 'member'])
export type Role = z.infer<typeof role>

/** `deactivated` cannot sign in; `deleted` has no name left; `placeholder` stands for an author that an import found no account of. */
export const userState = z.enum(['active', 'deactivated', 'deleted', 'placeholder'])
export type UserState = z.infer<typeof userState>

/** A person as everybody sees them. `email` is there for the person and for administrators only. A deleted user has empty names. */
export const user = z.strictObject({
  id: userId,
  username: z.string(),
  displayName: z.string(),
  firstName: z.string(),
  lastName: z.string(),
  status: z.string(),
  avatar: z.nullable(avatarId),
  role,
  state: userState,
  createdAt: instant,
  email: z.optional(z.string()),
})
export type User = z.infer<typeof user>

/** Oneself: the e-mail address is always there, empty where none is given. */
export const me = z.extend(user, { email: z.string() })
export type Me = z.infer<typeof me>

export const roomKind = z.enum(['public', 'private', 'direct'])
export type RoomKind = z.infer<typeof roomKind>

/**
 * A room. `everyone`: who signs up is put in it. `people` is there for direct rooms, whose name is empty: who talks there, sorted by id.
 * `last` is the newest message that was posted, deleted or not; it orders direct rooms and un-hides them.
 */
export const room = z.strictObject({
  id: roomId,
  kind: roomKind,
  name: z.string(),
  topic: z.string(),
  archived: z.boolean(),
  everyone: z.boolean(),
  createdAt: instant,
  people: z.optional(z.array(userId)),
  last: z.nullable(z.strictObject({ seq, at: instant })),
})
export type Room = z.infer<typeof room>

/** Who manages a room renames it, sets its topic, archives it, and adds and removes members; its maker does from the start. */
export const memberRole = z.enum(['manager', 'member'])
export type MemberRole = z.infer<typeof memberRole>

/**
 * One's own membership. `read` is the marker: messages up to it are read. `hidden`: a direct room is not listed until `last.seq` is above
 * it. `since` is the seq of the join.
 */
export const membership = z.strictObject({
  room: roomId,
  role: memberRole,
  since: seq,
  read: seq,
  hidden: seq,
})
export type Membership = z.infer<typeof membership>

export const member = z.strictObject({ user: userId, role: memberRole, since: seq })
export type Member = z.infer<typeof member>

/**
 * A message. `plain`: its text came from where there was no Markdown, and nothing in it is a mark; an edit ends that. `rev` counts its
 * edits; `quote` is a message of the same room, maybe deleted since. `author` may be a deleted user.
 */
export const message = z.strictObject({
  id: messageId,
  room: roomId,
  seq,
  author: userId,
  at: instant,
  text: z.string(),
  editedAt: z.optional(instant),
  quote: z.optional(messageId),
  plain: z.optional(z.literal(true)),
  rev: z.int().check(z.nonnegative()),
})
export type Message = z.infer<typeof message>

/** A signed-in browser. `agent` is what it calls itself, shortened. */
export const session = z.strictObject({
  id: sessionId,
  createdAt: instant,
  seenAt: instant,
  agent: z.string(),
  address: z.string(),
  current: z.boolean(),
})
export type Session = z.infer<typeof session>

/** A script's key, without its secret. */
export const token = z.strictObject({
  id: tokenId,
  name: z.string(),
  createdAt: instant,
  usedAt: z.nullable(instant),
  expires: z.nullable(instant),
})
export type Token = z.infer<typeof token>

export const workspace = z.strictObject({ name: z.string() })
export type Workspace = z.infer<typeof workspace>
