import type { PointerEvent } from 'react'
import { useEffect, useRef } from 'react'

const longMs = 450
const stillPx = 8

/** Handlers that tell of a finger that rests on something. Moving it, to scroll, is no press. */
export function useLongPress(onLong: () => void) {
  const press = useRef<{ timer: ReturnType<typeof setTimeout>; x: number; y: number } | null>(null)
  const stop = () => {
    clearTimeout(press.current?.timer)
    press.current = null
  }
  useEffect(() => () => clearTimeout(press.current?.timer), [])
  return {
    onPointerDown: (event: PointerEvent) => {
      stop()
      if (event.pointerType !== 'touch' || !event.isPrimary) return
      const timer = setTimeout(onLong, longMs)
      press.current = { timer, x: event.clientX, y: event.clientY }
    },
    onPointerMove: (event: PointerEvent) => {
      const from = press.current
      if (from && Math.hypot(event.clientX - from.x, event.clientY - from.y) > stillPx) stop()
    },
    onPointerUp: stop,
    onPointerCancel: stop,
  }
}
