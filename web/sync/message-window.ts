import type { Message } from '../../contract/entities.ts'
import type { Event, EventOf } from '../../contract/events.ts'
import type { MessageId, RoomId, Seq } from '../../contract/ids.ts'
import type { Output } from '../../contract/operations.ts'
import type { Heard } from './fold.ts'

/** A conversation holds at most about this many messages; the far end is let go then. */
const most = 3_000
const slack = 500

/**
 * One unbroken run of a room's history, as of the seq `at` of the room's log. `before` and `after`: there is more on that side. While
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
 * The run after these events of its room. Any event may come again: a message that stands there is not posted twice, an older revision
 * does not undo a newer one, and what is gone stays gone.
 */
export function foldWindow(run: MessageWindow, room: RoomId, heard: Heard): MessageWindow {
  let next = run
  for (const [n, event] of heard.events.entries()) next = step(next, room, heard.first + n, event)
  return next
}

/** The run without what is too much of it at its older end. */
export const bounded = (run: MessageWindow): MessageWindow =>
  run.messages.length > most + slack ? newest(run, most) : run

function step(run: MessageWindow, room: RoomId, seq: Seq, event: Event): MessageWindow {
  const at = Math.max(run.at, seq)
  switch (event.e) {
    case 'message.posted':
      if (seq <= run.at) return run
      if (run.after) return { ...run, at }
      return { ...run, at, messages: [...run.messages, messageOf(room, seq, event)] }
    case 'message.edited':
      return { ...run, at, messages: edited(run.messages, event) }
    case 'message.deleted':
      return { ...run, at, messages: without(run.messages, event.id) }
    default:
      return at === run.at ? run : { ...run, at }
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

/** The run with an older page, which ends where it begins. What is too many is let go at the newer end. */
export function withBefore(run: MessageWindow, page: MessageWindow): MessageWindow {
  const messages = [...page.messages, ...run.messages]
  const joined = { ...run, messages, before: page.before }
  if (messages.length <= most + slack) return joined
  return { ...joined, messages: messages.slice(0, most), after: true }
}

/** The run with a newer page, which begins where it ends. What is too many is let go at the older end. */
export function withAfter(run: MessageWindow, page: MessageWindow): MessageWindow {
  return bounded({
    messages: [...run.messages, ...page.messages],
    before: run.before,
    after: page.after,
    at: page.after ? run.at : page.at,
  })
}

/** Its newest `count` messages. */
export const newest = (run: MessageWindow, count: number): MessageWindow =>
  run.messages.length <= count ? run : { ...run, messages: run.messages.slice(-count), before: true }

/** What is kept of a run, `count` messages of it: those around the place where one reads, or else its newest; `null` where it has not those. */
export function keptWindow(run: MessageWindow, place: Seq | null, count: number): MessageWindow | null {
  if (place === null) return run.after ? null : newest(run, count)
  const { messages } = run
  const at = messages.findIndex(message => message.seq >= place)
  if (at < 0) return null
  const start = Math.max(0, Math.min(at - count / 2, messages.length - count))
  const end = Math.min(messages.length, start + count)
  return {
    ...run,
    messages: messages.slice(start, end),
    before: run.before || start > 0,
    after: run.after || end < messages.length,
  }
}

/** Whether the run holds what stands at this seq of the history, or stood there. */
export function holdsPlaceOf({ messages, before, after }: MessageWindow, seq: Seq): boolean {
  const begins = !before || (messages[0]?.seq ?? Number.POSITIVE_INFINITY) <= seq
  return begins && (!after || (messages.at(-1)?.seq ?? 0) >= seq)
}
