import type { RefObject } from 'react'
import { useLayoutEffect, useRef } from 'react'
import type { Seq, UserId } from '../../../contract/ids.ts'
import { useSelect } from '../client.tsx'
import { indexOf } from './go-to.ts'
import type { Item } from './items.ts'
import { newestOf } from './items.ts'
import type { Scrolled } from './scrolled.ts'
import type { Seen } from './useLook.ts'
import type { List } from './useMessageVirtualizer.ts'

/** What is known of the list before lines were added to it. */
interface Before {
  readonly key: string | undefined
  readonly newest: Seq
  /** Its end was the end of the history. */
  readonly isEnd: boolean
  /** What was seen last, and from which message on nobody has seen what came since. */
  readonly seen: Seen | null
  readonly unseenFrom: Seq | null
}

/**
 * A list that stands at its end follows what is said, but no further than to where the first message that nobody has seen stands at its top:
 * what comes all at once, or while nobody looks, does not run out of sight. What one says oneself is always followed.
 */
export function useFollow(
  { virtualizer, items, conversation }: Scrolled,
  seen: Seen | null,
  wasAtEnd: RefObject<boolean>,
  hasArrived: () => boolean,
): void {
  'use no memo'
  const me = useSelect(snapshot => snapshot.me.id)
  const before = useRef<Before | null>(null)
  useLayoutEffect(() => {
    const was = before.current
    const last = items.at(-1)
    const isAppended = was?.key !== undefined && was.key !== last?.key && was.isEnd
    const known = was?.seen === seen ? was.unseenFrom : null
    const unseenFrom = known ?? seen?.unreadFrom ?? (isAppended ? was.newest + 1 : null)
    before.current = { key: last?.key, newest: newestOf(items), isEnd: !conversation.after, seen, unseenFrom }
    if (!isAppended || !hasArrived()) return
    if (last?.is === 'row' && last.row.is === 'pending') virtualizer.scrollToEnd()
    else if (wasAtEnd.current)
      follow(virtualizer, items, me, jumpedOver(seen, unseenFrom) ? null : unseenFrom)
  }, [items, conversation.after, seen, virtualizer, wasAtEnd, me, hasArrived])
}

/** Whoever jumped over what is unread is shown what comes. */
const jumpedOver = (seen: Seen | null, unseenFrom: Seq | null) =>
  seen !== null && unseenFrom !== null && unseenFrom < seen.first

function follow(list: List, items: readonly Item[], me: UserId, unseenFrom: Seq | null): void {
  const index = unseenFrom === null ? -1 : indexOf(items, { is: 'unread', after: unseenFrom - 1 }, me)
  const [offset = Number.POSITIVE_INFINITY] = (index >= 0 && list.getOffsetForIndex(index, 'start')) || []
  if (index < 0) list.scrollToEnd()
  else if (offset > (list.scrollOffset ?? 0)) list.scrollToIndex(index, { align: 'start' })
}
