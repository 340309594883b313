import type { RefObject } from 'react'
import { useEffect, useLayoutEffect, useRef, useState } from 'react'
import type { Seq } from '../../../contract/ids.ts'
import { useSelect } from '../client.tsx'
import { indexOf } from './go-to.ts'
import { newestOf } from './items.ts'
import { whenPainted } from './painted.ts'
import type { Scrolled } from './scrolled.ts'
import type { Jumps } from './useJumps.ts'
import { useJumps } from './useJumps.ts'
import type { OnScreen } from './useLook.ts'
import { useLook } from './useLook.ts'
import type { List } from './useMessageVirtualizer.ts'
import { endPx } from './useMessageVirtualizer.ts'

export interface ListScroll extends Omit<Jumps, 'hasArrived'> {
  /** `null` before it is known. */
  atEnd: boolean | null
  /** What is on the screen; `null` before somebody could see it. */
  seen: OnScreen | null
  focusRow: (index: number) => void
}

/** Where the list stands: opens it at the right place, loads ahead of the reader, jumps, follows, and tells what is seen. */
export function useListScroll(scrolled: Scrolled): ListScroll {
  'use no memo'
  const { virtualizer, box, items, conversation, open } = scrolled
  const holdsLine = useRef(false)
  const atEnd = useAtEnd(scrolled, holdsLine)
  const { hasArrived, ...jumps } = useJumps(scrolled, holdsLine)
  useLoadAhead(scrolled)
  const isLast = atEnd.now === true && !conversation.after
  const seen = useLook({ box, items, open, atEnd: isLast, hasArrived })
  useFollow(scrolled, seen, { wasAtEnd: atEnd.last, holdsLine, hasArrived })
  return {
    ...jumps,
    atEnd: atEnd.now,
    seen,
    focusRow: index => {
      open.jumped()
      virtualizer.scrollToIndex(index, { align: 'auto' })
      focusWhenThere(box.current, index)
    },
  }
}

/** A line that was scrolled to stands in the page within a few frames. */
function focusWhenThere(box: HTMLElement | null, index: number, frames = 20): void {
  const row = box?.querySelector<HTMLElement>(`[data-index="${index}"] article`)
  if (row) row.focus({ preventScroll: true })
  else if (frames > 0) requestAnimationFrame(() => focusWhenThere(box, index, frames - 1))
}

/** The place of a list is told in whole px, or in less of them. */
const roundingPx = 2

/** Whether the newest line that is loaded is in sight: as drawn (`null` before it was looked), and as it was when the list was looked at last. */
interface AtEnd {
  readonly now: boolean | null
  readonly last: RefObject<boolean>
}

/**
 * A list that stood at its end stays there when its window shrinks, such as by a box that grows, and when its lines turn out
 * higher than was guessed or grow later. It leaves its end by being scrolled up, or by what is added.
 *
 * `holdsLine`: the list was sent to a line, which is to stay where it is while the lines below it are measured.
 */
function useAtEnd({ box, items }: Scrolled, holdsLine: RefObject<boolean>): AtEnd {
  const [now, setNow] = useState<boolean | null>(null)
  const last = useRef(false)
  const newest = useRef<string | undefined>(undefined)
  useLayoutEffect(() => {
    newest.current = items.at(-1)?.key
  })
  useEffect(() => {
    const element = box.current
    if (!element) return
    let before = { top: 0, left: Number.POSITIVE_INFINITY, newest: newest.current }
    const look = (isResized: boolean) => {
      const isSame = newest.current === before.newest && element.scrollTop >= before.top
      const stands = before.left <= roundingPx && isSame && !holdsLine.current
      if (stands || (isResized && last.current)) element.scrollTop = element.scrollHeight
      const left = element.scrollHeight - element.scrollTop - element.clientHeight
      last.current = left <= endPx
      before = { top: element.scrollTop, left, newest: newest.current }
      setNow(last.current)
    }
    const resized = new ResizeObserver(entries => look(entries.some(({ target }) => target === element)))
    resized.observe(element)
    for (const part of element.children) resized.observe(part)
    const scrolled = () => look(false)
    element.addEventListener('scroll', scrolled, { passive: true })
    return () => {
      resized.disconnect()
      element.removeEventListener('scroll', scrolled)
    }
  }, [box, holdsLine])
  return { now, last }
}

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
function useFollow(
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

/** Older and newer pages are asked for when so few lines are left on that side. */
const aheadItems = 12

/** Loads the history ahead of the reader, on both sides. */
function useLoadAhead({ virtualizer, items, conversation, open }: Scrolled): void {
  'use no memo'
  const loading = useRef(false)
  const range = virtualizer.range
  const start = range?.startIndex ?? 0
  const end = range?.endIndex ?? 0
  const isReady = conversation.status === 'ready' && range !== null
  const before = isReady && conversation.before && start < aheadItems
  const after = isReady && conversation.after && end > items.length - 1 - aheadItems
  const wanted = useRef({ before, after })
  // biome-ignore lint/correctness/useExhaustiveDependencies: a page that did not come is asked for again when the reader moves on.
  useEffect(() => {
    wanted.current = { before, after }
    if (loading.current || !(before || after)) return
    loading.current = true
    const load = async () => {
      const now = wanted.current
      if (now.before) await open.loadBefore()
      else if (now.after) await open.loadAfter()
      loading.current = false
    }
    // A list that was just sent elsewhere stands there only when that is painted: a page before that would move it.
    whenPainted(() => void load())
  }, [before, after, start, end, items, open])
}
