import type { KeyboardEvent } from 'react'

/**
 * The keys of a toolbar, which is one tab stop (ARIA Authoring Practices, toolbar): arrows go from button to button and round, Home and End to
 * the first and last; where one reads from right to left, so do they.
 */
export function moveInToolbar(event: KeyboardEvent<HTMLElement>): void {
  const buttons = [...event.currentTarget.querySelectorAll('button')]
  const at = buttons.indexOf(document.activeElement as HTMLButtonElement)
  const step = getComputedStyle(event.currentTarget).direction === 'rtl' ? -1 : 1
  const to = { ArrowRight: at + step, ArrowLeft: at - step, Home: 0, End: buttons.length - 1 }[event.key]
  if (to === undefined || at < 0) return
  event.preventDefault()
  buttons[(to + buttons.length) % buttons.length]?.focus()
}
