import type { MessageId, Seq, UserId } from '../../../contract/ids.ts'
import type { Opening, ReadingPosition, Viewport } from '../model.ts'
import type { MessageWindow } from './message-window.ts'
import { holdsPlaceOf } from './message-window.ts'
import type { PageQuery } from './page.ts'

/**
 * Where a room opens: at the message that the address names; else at the first unread message, however many there are; else where one
 * was; else at its end.
 */
export function openingOf(of: {
  readonly at: MessageId | undefined
  readonly marker: { readonly read: Seq; readonly unread: number } | null
  readonly position: ReadingPosition | null
}): Opening {
  const { at, marker, position } = of
  if (at !== undefined) return { is: 'message', id: at }
  if (marker && marker.unread > 0) return { is: 'unread', after: marker.read }
  return position ? { is: 'position', position } : { is: 'end' }
}

/** The page of the history to be read so that a room can open there; `null` where what is loaded holds it. */
export function pageFor(opening: Opening, messageWindow: MessageWindow | null, me: UserId): PageQuery | null {
  switch (opening.is) {
    case 'end':
      return messageWindow && !messageWindow.after ? null : {}
    case 'unread':
      return messageWindow && holdsUnread(messageWindow, opening.after, me)
        ? null
        : { aroundSeq: opening.after + 1 }
    case 'message':
      return messageWindow?.messages.some(({ id }) => id === opening.id) ? null : { around: opening.id }
    case 'position':
      return messageWindow && holdsPlaceOf(messageWindow, opening.position.seq)
        ? null
        : { aroundSeq: opening.position.seq }
  }
}

/** The seq where the unread messages of a window begin: where that is before the window, the first that may be one; `null` where there is none. */
export function unreadFrom(messageWindow: MessageWindow, read: Seq, me: UserId): Seq | null {
  if (startsAfter(messageWindow, read)) return read + 1
  return messageWindow.messages.find(({ seq, author }) => seq > read && author !== me)?.seq ?? null
}

/** Whether a window has the first message of others after a seq, with nothing missing in between, or it is known that there is none. */
function holdsUnread(messageWindow: MessageWindow, read: Seq, me: UserId): boolean {
  const from = unreadFrom(messageWindow, read, me)
  return from === null ? !messageWindow.after : !startsAfter(messageWindow, read)
}

/** Whether there may be messages after a seq that are older than the window. */
const startsAfter = ({ messages, before }: MessageWindow, seq: Seq): boolean =>
  before && (messages[0]?.seq ?? 0) > seq

/** How many messages of others a window has after `read`, up to `to`; `null` where it does not hold all of them. */
export function countBetween(messageWindow: MessageWindow, read: Seq, to: Seq, me: UserId): number | null {
  if (startsAfter(messageWindow, read)) return null
  return messageWindow.messages.filter(({ seq, author }) => seq > read && seq <= to && author !== me).length
}

/**
 * How far one has read who sees this part of the history. What one sees counts only where it joins what one has read: nobody has read
 * what was jumped over. `joined`: it joined at the last look, and the reader has but scrolled since, so that all between was on the screen.
 */
export function reachOf(
  { first, last }: Pick<Viewport, 'first' | 'last'>,
  of: { readonly read: Seq; readonly unreadFrom: Seq | null; readonly joined: boolean },
): { joined: boolean; read: Seq } {
  const joined = of.joined || of.unreadFrom === null || first <= of.unreadFrom
  return { joined, read: joined ? Math.max(of.read, last) : of.read }
}
