import type { PointerEvent } from 'react'
import { useEffect, useRef } from 'react'

const longMs = 450
const stillPx = 8
/** A click that a finger makes comes this soon after it is lifted, in ms, if at all. */
const clickMs = 500

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
      const timer = setTimeout(() => {
        swallowClick()
        onLong()
      }, longMs)
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

/**
 * Where the finger is lifted, something else may stand by then, such as what the press has opened: that is not clicked by it. Many browsers send
 * no click after a long press; one that comes of a key, of another press or later is somebody's own.
 */
function swallowClick(): void {
  const pressed = new AbortController()
  const options = { capture: true, signal: pressed.signal }
  const stop = () => pressed.abort()
  const swallow = (event: MouseEvent) => {
    event.preventDefault()
    event.stopPropagation()
    stop()
  }
  document.addEventListener('click', swallow, options)
  for (const name of ['pointerdown', 'keydown']) document.addEventListener(name, stop, options)
  for (const name of ['pointerup', 'pointercancel'])
    document.addEventListener(name, () => setTimeout(stop, clickMs), options)
}
