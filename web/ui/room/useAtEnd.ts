import type { RefObject } from 'react'
import { useEffect, useLayoutEffect, useRef, useState } from 'react'
import type { Scrolled } from './scrolled.ts'
import { endPx } from './useMessageVirtualizer.ts'

/** The place of a list is told in whole px, or in less of them. */
const roundingPx = 2

/** Whether the newest line that is loaded is in sight: as drawn (`null` before it was looked), and as it was when the list was looked at last. */
export interface AtEnd {
  readonly now: boolean | null
  readonly last: RefObject<boolean>
}

/**
 * A list that stood at its end stays there when its window shrinks, such as by a box that grows, and when its lines turn out
 * higher than was guessed or grow later. It leaves its end by being scrolled up, or by what is added.
 *
 * `holdsLine`: the list was sent to a line, which is to stay where it is while the lines below it are measured.
 */
export function useAtEnd({ box, items }: Scrolled, holdsLine: RefObject<boolean>): AtEnd {
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
