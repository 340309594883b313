import { useRef } from 'react'
import type { Scrolled } from './scrolled.ts'
import { useAtEnd } from './useAtEnd.ts'
import { useFollow } from './useFollow.ts'
import type { Jumps } from './useJumps.ts'
import { useJumps } from './useJumps.ts'
import { useLoadAhead } from './useLoadAhead.ts'
import type { OnScreen } from './useLook.ts'
import { useLook } from './useLook.ts'

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
