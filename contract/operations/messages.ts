import * as z from 'zod/mini'
import { message, seq } from '../entities.ts'
import { messageId, newMessageId, roomId, userId } from '../id-schemas.ts'
import { limits } from '../limits.ts'
import { messageText } from '../text.ts'
import type { Operation } from './operation.ts'
import { whole } from './operation.ts'

const one = z.strictObject({ message, seq })

/** What is said in rooms. */
export const messageOperations = {
  'messages.list': {
    method: 'GET',
    path: '/api/rooms/{room}/messages',
    who: 'somebody',
    transport: 'both',
    does: "A page of a room's history, oldest first: the newest, or those before or after a seq (not counting it), or around a message or a seq. At most 100 messages, and fewer where they are long. `before` and `after` tell whether there are more on that side.",
    input: z.strictObject({
      room: roomId,
      before: z.optional(whole()),
      after: z.optional(whole()),
      around: z.optional(messageId),
      aroundSeq: z.optional(whole()),
      limit: z.optional(whole(limits.historyMessages)),
    }),
    output: z.strictObject({ messages: z.array(message), before: z.boolean(), after: z.boolean(), seq }),
  },
  'messages.oversee': {
    method: 'GET',
    path: '/api/messages',
    who: 'administrator',
    transport: 'both',
    does: 'Messages of public and private rooms, newest first: of all of them, of one room, of one person. Give `next` of an answer as `before` for what comes after it, which may be no message yet; it is null at the end.',
    input: z.strictObject({
      room: z.optional(roomId),
      author: z.optional(userId),
      before: z.optional(
        z.string().check(z.regex(/^\d{1,15}\.\d{1,15}\.[0-9a-f-]{36}$/, 'must be `next` of an answer')),
      ),
      limit: z.optional(whole(limits.historyMessages)),
    }),
    output: z.strictObject({ messages: z.array(message), next: z.nullable(z.string()) }),
  },
  'messages.post': {
    method: 'POST',
    path: '/api/rooms/{room}/messages',
    who: 'somebody',
    transport: 'both',
    does: 'Says something. The same call again is answered with the same seq, also after an edit or a deletion.',
    input: z.strictObject({
      id: newMessageId,
      room: roomId,
      text: messageText,
      quote: z.optional(messageId),
    }),
    output: z.strictObject({ seq, deleted: z.optional(z.literal(true)) }),
  },
  'messages.get': {
    method: 'GET',
    path: '/api/messages/{id}',
    who: 'somebody',
    transport: 'both',
    does: 'One message.',
    input: z.strictObject({ id: messageId }),
    output: one,
  },
  'messages.edit': {
    method: 'PATCH',
    path: '/api/messages/{id}',
    who: 'somebody',
    transport: 'both',
    does: "Changes one's own message, if it is still at the revision `was`.",
    input: z.strictObject({ id: messageId, text: messageText, was: whole() }),
    output: one,
  },
  'messages.remove': {
    method: 'DELETE',
    path: '/api/messages/{id}',
    who: 'somebody',
    transport: 'both',
    does: "Deletes a message: one's own, or, for who oversees the room, anyone's.",
    input: z.strictObject({ id: messageId }),
    output: z.strictObject({ seq }),
  },
} as const satisfies Record<string, Operation>
