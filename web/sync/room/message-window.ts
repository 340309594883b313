import type { Message } from '../../../contract/entities.ts'
import type { Event, EventOf } from '../../../contract/events.ts'
import type { MessageId, RoomId, Seq } from '../../../contract/ids.ts'
import type { Output } from '../../../contract/operations.ts'
import type { EventBatch } from '../replica/fold.ts'

/** A conversation holds at most about this many messages; the far end is let go then. */
const most = 3_000
const slack = 500

/**
 * One unbroken stretch of a room's history, as of the seq `at` of the room's log. `before` and `after`: there is more on that side. While
 * `after`, new messages are not taken in.
 */
export interface MessageWindow {
  readonly messages: readonly Message[]
  readonly before: boolean
  readonly after: boolean
  readonly at: Seq
}

export const windowOf = (page: Output<'messages.list'>): MessageWindow => ({
  messages: page.messages,
  before: page.before,
  after: page.after,
  at: page.seq,
})

/**
 * The window after these events of its room. Any event may come again: a message that stands there is not posted twice, an older revision
 * does not undo a newer one, and what is gone stays gone.
 */
export function foldWindow(messageWindow: MessageWindow, room: RoomId, batch: EventBatch): MessageWindow {
  let next = messageWindow
  for (const [n, event] of batch.events.entries()) next = step(next, room, batch.first + n, event)
  return next
}

/** The window without what is too much of it at its older end. */
export const bounded = (messageWindow: MessageWindow): MessageWindow =>
  messageWindow.messages.length > most + slack ? newest(messageWindow, most) : messageWindow

function step(messageWindow: MessageWindow, room: RoomId, seq: Seq, event: Event): MessageWindow {
  const at = Math.max(messageWindow.at, seq)
  switch (event.e) {
    case 'message.posted':
      if (seq <= messageWindow.at) return messageWindow
      if (messageWindow.after) return { ...messageWindow, at }
      return { ...messageWindow, at, messages: [...messageWindow.messages, messageOf(room, seq, event)] }
    case 'message.edited':
      return { ...messageWindow, at, messages: edited(messageWindow.messages, event) }
    case 'message.deleted':
      return { ...messageWindow, at, messages: without(messageWindow.messages, event.id) }
    default:
      return at === messageWindow.at ? messageWindow : { ...messageWindow, at }
  }
}

const messageOf = (room: RoomId, seq: Seq, event: EventOf<'message.posted'>): Message => ({
  id: event.id,
  room,
  seq,
  author: event.by,
  at: event.at,
  text: event.text,
  ...(event.quote === undefined ? {} : { quote: event.quote }),
  ...(event.plain && { plain: true }),
  rev: 0,
})

function edited(messages: readonly Message[], event: EventOf<'message.edited'>): readonly Message[] {
  const n = messages.findLastIndex(message => message.id === event.id)
  const message = messages[n]
  return message ? messages.with(n, revised(message, event)) : messages
}

/** A message after an edit of it: what is older than the message changes nothing. What was plain is Markdown from then on. */
export function revised(message: Message, event: EventOf<'message.edited'>): Message {
  if (event.rev <= message.rev) return message
  const { plain: _, ...rest } = message
  return { ...rest, text: event.text, rev: event.rev, editedAt: event.at }
}

const without = (messages: readonly Message[], id: MessageId): readonly Message[] =>
  messages.some(message => message.id === id) ? messages.filter(message => message.id !== id) : messages

/** The window with an older page, which ends where it begins. What is too many is let go at the newer end. */
export function withBefore(messageWindow: MessageWindow, page: MessageWindow): MessageWindow {
  const messages = [...page.messages, ...messageWindow.messages]
  const joined = { ...messageWindow, messages, before: page.before }
  if (messages.length <= most + slack) return joined
  return { ...joined, messages: messages.slice(0, most), after: true }
}

/** The window with a newer page, which begins where it ends. What is too many is let go at the older end. */
export function withAfter(messageWindow: MessageWindow, page: MessageWindow): MessageWindow {
  return bounded({
    messages: [...messageWindow.messages, ...page.messages],
    before: messageWindow.before,
    after: page.after,
    at: page.after ? messageWindow.at : page.at,
  })
}

/** Its newest `count` messages. */
export const newest = (messageWindow: MessageWindow, count: number): MessageWindow =>
  messageWindow.messages.length <= count
    ? messageWindow
    : { ...messageWindow, messages: messageWindow.messages.slice(-count), before: true }

/** What is kept of a window, `count` messages of it: those around the place where one reads, or else its newest; `null` where it has not those. */
export function keptWindow(
  messageWindow: MessageWindow,
  place: Seq | null,
  count: number,
): MessageWindow | null {
  if (place === null) return messageWindow.after ? null : newest(messageWindow, count)
  const { messages } = messageWindow
  const at = messages.findIndex(message => message.seq >= place)
  if (at < 0) return null
  const start = Math.max(0, Math.min(at - count / 2, messages.length - count))
  const end = Math.min(messages.length, start + count)
  return {
    ...messageWindow,
    messages: messages.slice(start, end),
    before: messageWindow.before || start > 0,
    after: messageWindow.after || end < messages.length,
  }
}

/** Whether the window holds what stands at this seq of the history, or stood there. */
export function holdsPlaceOf({ messages, before, after }: MessageWindow, seq: Seq): boolean {
  const begins = !before || (messages[0]?.seq ?? Number.POSITIVE_INFINITY) <= seq
  return begins && (!after || (messages.at(-1)?.seq ?? 0) >= seq)
}
