import { applyToBox } from '../room/text-box.ts'
import { loadEmoji } from './load-emoji.ts'
import { chosenTone } from './recent-emoji.ts'
import { codeBefore } from './typed-code.ts'

/** Puts the emoji in place of the shortcode that ends at the caret, as if it were typed: undoing brings the shortcode back. */
export async function replaceCode(area: HTMLTextAreaElement): Promise<void> {
  const { value, selectionStart: caret } = area
  const list = await loadEmoji()
  // What was typed meanwhile is not moved.
  if (area.value !== value || area.selectionStart !== caret || area.selectionEnd !== caret) return
  const found = codeBefore(value, caret, list, chosenTone())
  if (!found) return
  const { from, char } = found
  const end = from + char.length
  applyToBox(area, ({ text }) => ({ text: text.slice(0, from) + char + text.slice(caret), start: end, end }))
}
