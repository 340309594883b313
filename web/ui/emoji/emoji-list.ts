import { searchForm } from '../shell/rank.ts'

export interface Emoji {
  /** The emoji itself, without a skin tone. */
  char: string
  /** Whether it comes in skin tones. */
  toned: boolean
  /** Its shortcodes, the one to show first. */
  codes: readonly string[]
  /** Its name in the language of the page. */
  name: string
  /** What it is found by, in search form: the words of its name, and those that Unicode has for it and its shortcodes. */
  words: { name: readonly string[]; others: readonly string[] }
}

export interface EmojiList {
  /** The emoji by group, in the order of `emojiGroups`. */
  groups: readonly (readonly Emoji[])[]
  byCode: ReadonlyMap<string, Emoji>
  byChar: ReadonlyMap<string, Emoji>
}

/** Unicode's groups, in its order. */
export const emojiGroups = [
  'smileys',
  'people',
  'animals',
  'food',
  'travel',
  'activities',
  'objects',
  'symbols',
  'flags',
] as const

/**
 * Reads the lists that scripts/emoji-plugin.ts makes. Emoji that this browser does not know, since they are newer, are left out: it would draw
 * them as a box.
 */
export function readList(list: string, names: string, knows: (char: string) => boolean = isKnown): EmojiList {
  const named = names.split('\n')
  // All at once: word by word it would take several times as long.
  const folded = searchForm(names).split('\n')
  let at = 0
  const groups = list.split('\n\n').map(group =>
    group
      .split('\n')
      .map(line => readEmoji(line, named[at] ?? '', folded[at++] ?? ''))
      .filter(({ char }) => knows(char)),
  )
  const all = groups.flat()
  const byCode = new Map<string, Emoji>()
  // Where two share a shortcode, it is the one of the family that comes first with the emoji that comes first.
  for (const emoji of all) for (const code of emoji.codes) if (!byCode.has(code)) byCode.set(code, emoji)
  return { groups, byCode, byChar: new Map(all.map(emoji => [emoji.char, emoji])) }
}

const isKnown = (char: string): boolean => /^\p{RGI_Emoji}$/v.test(char)

function readEmoji(line: string, named: string, folded: string): Emoji {
  const [sign = '', ...codes] = line.split(' ')
  const toned = sign.endsWith('+')
  const [name = [], others = []] = folded.split('|').map(wordsOf)
  return {
    char: toned ? sign.slice(0, -1) : sign,
    toned,
    codes,
    name: named.slice(0, named.indexOf('|')),
    words: { name, others: [...others, ...codes.flatMap(wordsOf)] },
  }
}

const wordsOf = (text: string): readonly string[] => text.split(/[^\p{L}\p{N}+-]+/u).filter(Boolean)
