import type { RefObject } from 'react'
import { useLayoutEffect, useRef } from 'react'
import type { Seq } from '../../../contract/ids.ts'
import { useSelect } from '../client.tsx'
import { indexOf } from './go-to.ts'
import { newestOf } from './items.ts'
import type { Scrolled } from './scrolled.ts'
import type { OnScreen } from './useLook.ts'
import type { List } from './useMessageVirtualizer.ts'

/** What is known of the list before lines were added to it. */
interface Before {
  readonly key: string | undefined
  readonly newest: Seq
  /** Its end was the end of the history. */
  readonly isEnd: boolean
  /** What was seen last, and from which message on nobody has seen what came since. */
  readonly seen: OnScreen | null
  readonly unseenFrom: Seq | null
}

interface Following {
  wasAtEnd: RefObject<boolean>
  holdsLine: RefObject<boolean>
  hasArrived: () => boolean
}

/**
 * A list that stands at its end follows what is said, but no further than to where the first message that nobody has seen stands at its top:
 * what comes all at once, or while nobody looks, does not run out of sight. What one says oneself is always followed.
 */
export function useFollow(
  { virtualizer, items, conversation }: Scrolled,
  seen: OnScreen | null,
  { wasAtEnd, holdsLine, hasArrived }: Following,
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
    const isOwn = last?.is === 'row' && last.row.is === 'pending'
    if (!isOwn && !wasAtEnd.current) return
    const from = isOwn || jumpedOver(seen, unseenFrom) ? null : unseenFrom
    const index = from === null ? -1 : indexOf(items, { is: 'unread', after: from - 1 }, me)
    holdsLine.current = index >= 0
    follow(virtualizer, index)
  }, [items, conversation.after, seen, virtualizer, wasAtEnd, holdsLine, me, hasArrived])
}

/** Whoever jumped over what is unread is shown what comes. */
const jumpedOver = (seen: OnScreen | null, unseenFrom: Seq | null) =>
  seen !== null && unseenFrom !== null && unseenFrom < seen.first

/** To the end, but no further than the line stands at the top. */
function follow(list: List, index: number): void {
  const [offset = Number.POSITIVE_INFINITY] = (index >= 0 && list.getOffsetForIndex(index, 'start')) || []
  if (index < 0) list.scrollToEnd()
  else if (offset > (list.scrollOffset ?? 0)) list.scrollToIndex(index, { align: 'start' })
}
