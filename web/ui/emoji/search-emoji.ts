import { searchForm } from '../shell/rank.ts'
import type { Emoji, EmojiList } from './emoji-list.ts'

/**
 * The emoji that fit what was typed, best first and at most `max`: by shortcode ("+1", ":tada"), by name, and by words that belong to them
 * ("birthday"). Every word that was typed must begin one of theirs. Equals keep the order of the list.
 */
export function searchEmoji(
  list: EmojiList,
  typed: string,
  max = Number.POSITIVE_INFINITY,
): readonly Emoji[] {
  const code = searchForm(typed.trim()).replaceAll(/^:|:$/g, '')
  const terms = code.split(/[\s_]+/).filter(Boolean)
  if (terms.length === 0) return []
  return list.groups
    .flat()
    .map(emoji => ({ emoji, fits: fitOf(emoji, code, terms) }))
    .filter(({ fits }) => fits > 0)
    .sort((a, b) => b.fits - a.fits)
    .slice(0, max)
    .map(({ emoji }) => emoji)
}

/** 6 it is the shortcode, 5 the name, 4 a shortcode begins so, 3 the name does, 2 words of the name do, 1 other words do, 0 it does not fit. */
function fitOf({ words, codes }: Emoji, typed: string, terms: readonly string[]): number {
  const joined = terms.join('_')
  if (codes.includes(typed) || codes.includes(joined)) return 6
  const name = words.name.join('_')
  if (name === joined) return 5
  if (codes.some(code => code.startsWith(joined))) return 4
  if (name.startsWith(joined)) return 3
  const begins = (within: readonly string[]) => (term: string) => within.some(word => word.startsWith(term))
  if (terms.every(begins(words.name))) return 2
  return terms.every(begins([...words.name, ...words.others])) ? 1 : 0
}
