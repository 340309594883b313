import * as z from 'zod/mini'
import { instant, memberRole, room, seq, user, workspace } from './entities.ts'
import { messageId, roomId, userId } from './id-schemas.ts'

/** Who did it, and when. `redacted`: the text, files or names that stood here were removed later; a later event of the log tells how. */
const stamp = { by: userId, at: instant, redacted: z.optional(z.literal(true)) }

const event = <Name extends string, Shape extends z.core.$ZodLooseShape>(name: Name, shape: Shape) =>
  z.object({ e: z.literal(name), ...stamp, ...shape })

/**
 * Durable events, by the log that they stand in. They are objects that let unknown fields pass: an older client reads a newer log.
 * Events hold ids and never names, but for `user.*`, `room.changed` and `room.listed`, which are rewritten when the name goes.
 */
export const roomEvent = z.discriminatedUnion('e', [
  /** The room as it now is, without `last`. The first event of every room. Redacted: only what no later one can differ in. */
  event('room.changed', { room: z.partial(z.omit(room, { last: true })) }),
  event('member.added', { user: userId, role: memberRole }),
  event('member.changed', { user: userId, role: memberRole }),
  event('member.removed', { user: userId }),
  /** `plain`: see `message`. Redacted: `text` is empty, and an edit or a deletion follows in this log. */
  event('message.posted', {
    id: messageId,
    text: z.string(),
    quote: z.optional(messageId),
    plain: z.optional(z.literal(true)),
  }),
  /** What was edited is Markdown from then on. */
  event('message.edited', { id: messageId, text: z.string(), rev: z.int() }),
  /** `of` and `author` are the deleted message's seq and author, so that a count of unread messages can be kept exact. */
  event('message.deleted', { id: messageId, of: seq, author: userId }),
])

export const workspaceEvent = z.discriminatedUnion('e', [
  event('workspace.changed', { workspace }),
  /** The user as everybody sees them, without the e-mail address. Redacted: the names are empty. */
  event('user.added', { user }),
  event('user.changed', { user }),
  /** The account is gone; the user of that id stays as a `deleted` one without names. */
  event('user.removed', { user: userId }),
  /** A public room was made, turned public, or changed: as it now is, without `last`. */
  event('room.listed', { room: z.omit(room, { last: true }) }),
  event('room.unlisted', { room: roomId }),
])

export const userEvent = z.discriminatedUnion('e', [
  event('room.added', { room: roomId }),
  event('room.removed', { room: roomId }),
  /**
   * One's marker in a room, set anywhere: forward by reading, back by marking unread. `head` is the head of the room's log as it was then:
   * one's own messages after it move the marker on, to themselves; those up to it do not, in whichever order the two logs are heard.
   */
  event('read.moved', { room: roomId, seq, head: seq }),
  /** One hid a direct room, until a message above `seq` comes; 0 shows it again. */
  event('room.hidden', { room: roomId, seq }),
  /** What only oneself sees of oneself. */
  event('me.changed', { email: z.string() }),
])

export type RoomEvent = z.infer<typeof roomEvent>
export type WorkspaceEvent = z.infer<typeof workspaceEvent>
export type UserEvent = z.infer<typeof userEvent>
export type Event = RoomEvent | WorkspaceEvent | UserEvent
export type EventName = Event['e']
export type EventOf<Name extends EventName> = Extract<Event, { e: Name }>

/** The one encoding of an event: these bytes are stored, carried between nodes and written to every socket. */
export const encodeEvent = (e: Event): string => JSON.stringify(e)
