import type { RefObject } from 'react'
import { useEffect, useRef } from 'react'

const scrollKeys = new Set(['ArrowUp', 'ArrowDown', 'PageUp', 'PageDown', 'Home', 'End', ' '])

/** Tells that somebody moves the list themselves: by wheel, finger, key or scroll bar. */
export function useOwnScroll(box: RefObject<HTMLElement | null>, onScroll: () => void): void {
  const latest = useRef(onScroll)
  useEffect(() => {
    latest.current = onScroll
  })
  useEffect(() => {
    const element = box.current
    if (!element) return
    const notify = () => latest.current()
    const key = (event: KeyboardEvent) => scrollKeys.has(event.key) && notify()
    // What is pressed is the list itself, and none of its lines, where that is the scroll bar.
    const press = (event: PointerEvent) => event.target === element && notify()
    const options = { passive: true }
    element.addEventListener('wheel', notify, options)
    element.addEventListener('touchmove', notify, options)
    element.addEventListener('keydown', key)
    element.addEventListener('pointerdown', press)
    return () => {
      element.removeEventListener('wheel', notify)
      element.removeEventListener('touchmove', notify)
      element.removeEventListener('keydown', key)
      element.removeEventListener('pointerdown', press)
    }
  }, [box])
}
