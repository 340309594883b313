import type { RefObject } from 'react'
import { useEffect, useRef, useState } from 'react'
import { endPx } from './useMessageVirtualizer.ts'

/** Whether the newest line that is loaded is in sight: as drawn (`null` before it was looked), and as it was when the list was looked at last. */
export interface AtEnd {
  readonly now: boolean | null
  readonly last: RefObject<boolean>
}

/** A list that stood at its end stays there when its window shrinks, such as by a box that grows. */
export function useAtEnd(box: RefObject<HTMLDivElement | null>): AtEnd {
  const [now, setNow] = useState<boolean | null>(null)
  const last = useRef(false)
  useEffect(() => {
    const element = box.current
    if (!element) return
    const look = () => {
      last.current = element.scrollHeight - element.scrollTop - element.clientHeight <= endPx
      setNow(last.current)
    }
    const resized = new ResizeObserver(entries => {
      const shrunk = entries.some(({ target }) => target === element)
      if (shrunk && last.current) element.scrollTop = element.scrollHeight
      look()
    })
    resized.observe(element)
    for (const part of element.children) resized.observe(part)
    element.addEventListener('scroll', look, { passive: true })
    return () => {
      resized.disconnect()
      element.removeEventListener('scroll', look)
    }
  }, [box])
  return { now, last }
}
