import type { Seq } from '../../../contract/ids.ts'
import { limits } from '../../../contract/limits.ts'

/** Stands for "more than are counted". */
export const many = limits.unreadShown + 1

/**
 * How many messages of one room are unread: `base` of them up to the seq `upTo` (counted, not known one by one; `many` and above is "at
 * least so many"), and those of `since`, after it. `sure` is false where a marker moved to where nothing is known: the server is asked then.
 */
export interface UnreadCount {
  readonly base: number
  readonly upTo: Seq
  readonly since: readonly Seq[]
  readonly sure: boolean
}

/** As the server counted it, at the seq `upTo` of the room's log. */
export const unreadCounted = (base: number, upTo: Seq): UnreadCount => ({ base, upTo, since: [], sure: true })

export const unreadOf = (count: UnreadCount): number => Math.min(many, count.base + count.since.length)

/** Somebody else's message, after one's marker. */
export function posted(count: UnreadCount, seq: Seq): UnreadCount {
  if (seq <= count.upTo) return count
  const since = [...count.since, seq]
  const oldest = since[0]
  if (since.length <= many || oldest === undefined) return { ...count, since }
  return { ...count, base: count.base + 1, upTo: oldest, since: since.slice(1) }
}

/** Somebody else's message at the seq `of`, which one's marker is before, is gone. */
export function deleted(count: UnreadCount, of: Seq): UnreadCount {
  if (of > count.upTo) return { ...count, since: count.since.filter(seq => seq !== of) }
  if (count.base >= many) return { ...count, sure: false }
  return { ...count, base: Math.max(0, count.base - 1) }
}

/** One's marker moved. `at` is how far the room's log is known. */
export function withMarkerMoved(count: UnreadCount, from: Seq, to: Seq, at: Seq): UnreadCount {
  if (to === from) return count
  if (to >= at) return { base: 0, upTo: to, since: [], sure: true }
  if (to < from) return { ...count, sure: false }
  const since = count.since.filter(seq => seq > to)
  if (to >= count.upTo) return { base: 0, upTo: to, since, sure: true }
  return count.base === 0 ? { ...count, since } : { ...count, sure: false }
}
