import type { Message } from '../../../contract/entities.ts'
import type { MessageId, Seq } from '../../../contract/ids.ts'
import type { Output } from '../../../contract/operations.ts'
import type { EventBatch, MessageEffect } from '../replica/effects.ts'
import { messageEffects } from '../replica/effects.ts'

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
export const foldWindow = (messageWindow: MessageWindow, batch: EventBatch): MessageWindow =>
  messageEffects(batch).reduce((next, effect, n) => step(next, batch.first + n, effect), messageWindow)

/** The window without what is too much of it at its older end. */
export const bounded = (messageWindow: MessageWindow): MessageWindow =>
  messageWindow.messages.length > most + slack ? newest(messageWindow, most) : messageWindow

function step(messageWindow: MessageWindow, seq: Seq, effect: MessageEffect | undefined): MessageWindow {
  const at = Math.max(messageWindow.at, seq)
  const { messages } = messageWindow
  switch (effect?.is) {
    case 'posted':
      if (seq <= messageWindow.at) return messageWindow
      return {
        ...messageWindow,
        at,
        messages: messageWindow.after ? messages : [...messages, effect.message],
      }
    case 'changed': {
      const n = messages.findLastIndex(({ id }) => id === effect.id)
      const message = messages[n]
      return { ...messageWindow, at, messages: message ? messages.with(n, effect.to(message)) : messages }
    }
    case 'deleted':
      return { ...messageWindow, at, messages: without(messages, effect.id) }
    default:
      return at === messageWindow.at ? messageWindow : { ...messageWindow, at }
  }
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
  place: Seq | undefined,
  count: number,
): MessageWindow | null {
  if (place === undefined) return messageWindow.after ? null : newest(messageWindow, count)
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
