import type { $brand } from 'zod/mini'

/** A UUID in its canonical lower-case form (RFC 9562, section 4): no other spelling names the same thing. */
export const uuidForm = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

/** The schemas of these ids are in id-schemas.ts, so that whoever only names an id loads no validation. */
export type UserId = Id<'UserId'>
export type RoomId = Id<'RoomId'>
export type MessageId = Id<'MessageId'>
export type SessionId = Id<'SessionId'>
export type TokenId = Id<'TokenId'>
export type AvatarId = Id<'AvatarId'>
export type Epoch = Id<'Epoch'>
type Id<Name extends string> = string & $brand<Name>

/** 1, 2, 3 ... without gaps within a topic; 0 stands for "before the first". */
export type Seq = number

/** The name of a log. */
export type Topic = 'workspace' | `user:${UserId}` | `room:${RoomId}`

/** The name of a log as it is written. */
export const topicForm = /^(workspace|(user|room):[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$/

export const roomTopic = (room: RoomId): Topic => `room:${room}`
export const userTopic = (user: UserId): Topic => `user:${user}`

/** The parts of a topic's name; `null` where the name is not one of a topic. */
export function parseTopic(
  name: string,
): { kind: 'workspace' } | { kind: 'user'; user: UserId } | { kind: 'room'; room: RoomId } | null {
  if (!topicForm.test(name)) return null
  if (name === 'workspace') return { kind: 'workspace' }
  const id = name.slice(5)
  return name.startsWith('user:')
    ? { kind: 'user', user: id as UserId }
    : { kind: 'room', room: id as RoomId }
}

/**
 * A new UUIDv7 (RFC 9562, section 5.7): 48 bits of Unix milliseconds, then 74 random bits. Ids made in one millisecond sort in no
 * promised order; what needs an order has a seq.
 */
export function newId<Id extends string>(now: number = Date.now()): Id {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  for (let i = 0; i < 6; i++) bytes[i] = Math.floor(now / 2 ** (8 * (5 - i))) % 256
  return uuidOf(bytes, 7) as Id
}

/** A UUID with the given version over 16 bytes, whose version and variant bits are replaced. */
export function uuidOf(bytes: Uint8Array, version: number): string {
  const b = bytes.slice(0, 16)
  b[6] = ((b[6] ?? 0) & 0x0f) | (version << 4)
  b[8] = ((b[8] ?? 0) & 0x3f) | 0x80
  const hex = Array.from(b, byte => byte.toString(16).padStart(2, '0')).join('')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}
