import { useEffect, useRef } from 'react'
import { placeBeside } from './place.ts'
import './Tips.css'

const delayMs = 450

/**
 * Shows what stands in `data-tip` of whatever the pointer rests on, or the keyboard came to. One for the whole page. It repeats the
 * name of a control, or adds what is told elsewhere too, so it is hidden from screen readers.
 */
export function Tips() {
  const tip = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const box = tip.current
    return box ? showTips(box) : undefined
  }, [])
  return <div ref={tip} className="tip" popover="manual" aria-hidden="true" />
}

function showTips(tip: HTMLElement): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined
  let on: Element | null = null
  const hide = () => {
    clearTimeout(timer)
    on = null
    tip.hidePopover()
  }
  const show = (target: Element) => {
    const text = target.getAttribute('data-tip')
    if (!text || !target.isConnected || target.getAttribute('aria-expanded') === 'true') return
    tip.textContent = text
    tip.showPopover()
    placeBeside(tip, target, 'center')
  }
  const come = (event: Event, wait: number) => {
    const target = event.target instanceof Element ? event.target.closest('[data-tip]') : null
    if (target === on) return
    hide()
    on = target
    if (target) timer = setTimeout(() => show(target), wait)
  }
  const over = (event: PointerEvent) => {
    if (event.pointerType === 'mouse') come(event, delayMs)
  }
  const focus = (event: FocusEvent) => {
    if (event.target instanceof Element && event.target.matches(':focus-visible')) come(event, delayMs)
  }
  const abort = new AbortController()
  const options = { signal: abort.signal, capture: true, passive: true }
  document.addEventListener('pointerover', over, options)
  document.addEventListener('focusin', focus, options)
  for (const gone of ['pointerdown', 'keydown', 'focusout', 'scroll'] as const)
    document.addEventListener(gone, hide, options)
  return () => {
    abort.abort()
    clearTimeout(timer)
  }
}
