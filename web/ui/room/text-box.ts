import type { Box } from './marks.ts'

/**
 * Changes what stands in a text area as if it were typed. `execCommand` is deprecated, but it is the one way that keeps the browser's own
 * undo; `setRangeText` empties it, and stands in where the command is gone.
 */
export function applyToBox(area: HTMLTextAreaElement | null, change: (box: Box) => Box): void {
  if (!area) return
  const before = { text: area.value, start: area.selectionStart, end: area.selectionEnd }
  const after = change(before)
  area.focus()
  const { from, to, put } = difference(before.text, after.text)
  area.setSelectionRange(from, to)
  const typed = put === '' ? document.execCommand('delete') : document.execCommand('insertText', false, put)
  if (!typed) {
    area.setRangeText(put, from, to, 'end')
    area.dispatchEvent(new InputEvent('input', { bubbles: true }))
  }
  area.setSelectionRange(after.start, after.end)
}

/** The smallest piece of `before`, from `from` to `to`, that put in place of makes it `after`. */
export function difference(before: string, after: string): { from: number; to: number; put: string } {
  let from = 0
  while (from < before.length && from < after.length && before[from] === after[from]) from++
  let tail = 0
  const most = Math.min(before.length, after.length) - from
  while (tail < most && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail++
  return { from, to: before.length - tail, put: after.slice(from, after.length - tail) }
}

/**
 * As high as its text; the sheet bounds it at 40% of the window. What it stands in keeps its height while the text is measured: else the list
 * above would grow for that instant, and be moved off its end.
 */
export function fitHeight(area: HTMLTextAreaElement | null): void {
  if (!area?.parentElement) return
  const { style, offsetHeight } = area.parentElement
  style.minHeight = `${offsetHeight}px`
  area.style.height = 'auto'
  area.style.height = `${area.scrollHeight}px`
  style.minHeight = ''
}

/** Puts the caret behind the last letter, once what is to stand there does. */
export function focusEnd(area: HTMLTextAreaElement | null): void {
  if (!area) return
  area.focus()
  requestAnimationFrame(() => area.setSelectionRange(area.value.length, area.value.length))
}
