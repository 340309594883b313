import * as z from 'zod/mini'
import { topicForm, uuidForm } from './ids.ts'

const uuid = z.string().check(z.regex(uuidForm, 'must be a UUID in lower case'))

/**
 * The id of something that a client makes. A UUIDv8 (RFC 9562, section 5.8) is none: those the server derives from what a thing is, as a
 * direct room's from its people, so whoever could give one would have the place of what is not made yet.
 */
const given = z
  .string()
  .check(
    z.regex(
      /^[0-9a-f]{8}-[0-9a-f]{4}-[0-79a-f][0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/,
      'must be a UUID in lower case, of another version than 8: make a UUIDv7',
    ),
  )

export const newUserId = given.brand<'UserId'>()
export const newRoomId = given.brand<'RoomId'>()
export const newMessageId = given.brand<'MessageId'>()
export const newTokenId = given.brand<'TokenId'>()

export const userId = uuid.brand<'UserId'>()
export const roomId = uuid.brand<'RoomId'>()
export const messageId = uuid.brand<'MessageId'>()
export const sessionId = uuid.brand<'SessionId'>()
export const tokenId = uuid.brand<'TokenId'>()
export const avatarId = uuid.brand<'AvatarId'>()
export const epochId = uuid.brand<'Epoch'>()

/** The name of a log. */
export const topic = z.string().check(z.regex(topicForm, 'must be workspace, user:<id> or room:<id>'))
