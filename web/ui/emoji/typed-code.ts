import { parse } from '../../../contract/markdown/parse.ts'
import type { Block, Inline } from '../../../contract/markdown/tree.ts'
import type { EmojiList } from './emoji-list.ts'
import type { SkinTone } from './skin-tone.ts'
import { withTone } from './skin-tone.ts'

/** The emoji whose shortcode ends at the caret, and where the shortcode begins; `null` in code, within a word, or where there is no such emoji. */
export function codeBefore(
  text: string,
  caret: number,
  list: EmojiList,
  tone: SkinTone,
): { from: number; char: string } | null {
  const before = text.slice(Math.max(0, caret - 80), caret)
  const code = /(?<![\p{L}\p{N}:]):(?<code>[a-z0-9_+-]{1,64}):$/u.exec(before)?.groups?.code
  const emoji = code === undefined ? undefined : list.byCode.get(code)
  if (code === undefined || !emoji) return null
  const from = caret - code.length - 2
  if (isInCode(text, from, caret)) return null
  return { from, char: emoji.toned ? withTone(emoji.char, tone) : emoji.char }
}

/** A letter for private use, which stands for the shortcode while it is looked for. */
const probe = '\ue0c0'

/** Whether it stands in code, or will once the code that was begun is ended. */
function isInCode(text: string, from: number, to: number): boolean {
  const [before, after] = [text.slice(0, from), text.slice(to)].map(part => part.replaceAll(probe, ' '))
  return ['', '`', '``'].some(end => parse(`${before}${probe}${end}${after}`).some(holdsProbeInCode))
}

function holdsProbeInCode(part: Block | Inline): boolean {
  if (part.is === 'code') return part.text.includes(probe)
  if ('children' in part) return part.children.some(holdsProbeInCode)
  if ('items' in part) return part.items.flat().some(holdsProbeInCode)
  return 'rows' in part && part.rows.flat(2).some(holdsProbeInCode)
}
