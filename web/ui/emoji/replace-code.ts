import { applyToBox } from '../room/text-box.ts'
import { loadEmoji } from './load-emoji.ts'
import { chosenTone } from './recent-emoji.ts'
import { codeBefore } from './typed-code.ts'

/**
 * Puts the emoji in place of the shortcode at the end of what was `typed`, up to the caret, as if it were typed itself: undoing brings the shortcode back. Where the list comes
 * later, what was typed after the shortcode stays after it, and the caret where it is in that.
 */
export async function replaceCode(area: HTMLTextAreaElement, typed: string): Promise<void> {
  const composed = isComposedIn(area)
  const list = await loadEmoji()
  // What was changed before it, or is being composed, is not touched, nor is the focus taken from elsewhere.
  const isThere = area.value.startsWith(typed) && area.selectionStart >= typed.length
  if (composed() || !isThere || document.activeElement !== area) return
  const found = codeBefore(area.value, typed.length, list, chosenTone())
  if (!found) return
  const { from, char } = found
  const by = from + char.length - typed.length
  applyToBox(area, ({ text, start, end }) => ({
    text: text.slice(0, from) + char + text.slice(typed.length),
    start: start + by,
    end: end + by,
  }))
}

/** Whether an input method has begun to compose in it since. */
function isComposedIn(area: HTMLTextAreaElement): () => boolean {
  let isComposed = false
  const listen = new AbortController()
  const begun = () => {
    isComposed = true
  }
  area.addEventListener('compositionstart', begun, { signal: listen.signal })
  return () => {
    listen.abort()
    return isComposed
  }
}
