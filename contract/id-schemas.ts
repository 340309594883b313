import * as z from 'zod/mini'
import { topicForm, uuidForm } from './ids.ts'

const uuid = z.string().check(z.regex(uuidForm, 'must be a UUID in lower case'))

export const userId = uuid.brand<'UserId'>()
export const roomId = uuid.brand<'RoomId'>()
export const messageId = uuid.brand<'MessageId'>()
export const sessionId = uuid.brand<'SessionId'>()
export const tokenId = uuid.brand<'TokenId'>()
export const avatarId = uuid.brand<'AvatarId'>()
export const epochId = uuid.brand<'Epoch'>()

/** The name of a log. */
export const topic = z.string().check(z.regex(topicForm, 'must be workspace, user:<id> or room:<id>'))
