import unhomoglyph from 'unhomoglyph'

/**
 * Letters that fonts draw with the outline of another, and that the table does not have, or has for what they are in the other case: the
 * palochka, Coptic small letters, and what shares a glyph in DejaVu.
 */
const drawnAlike = new Map(
  Object.entries({
    '\u04cf': 'l',
    '\u2c80': 'A',
    '\u2c81': 'a',
    '\u2c93': 'i',
    '\u2ca9': 'y',
    '\ua646': 'l',
    '\u053c': 'L',
    '\u0376': '\u0418',
    '\u2d4d': '\u0418',
    '\ua7fa': '\u0448',
    '\u2c75': '\u0370',
    '\u2c76': '\u0371',
  }),
)
const alike = new RegExp(`[${[...drawnAlike.keys()].join('')}]`, 'gu')

/** By the table, of whole characters and of what they are composed of, until there is nothing more to replace. */
function looks(text: string): string {
  const whole = unhomoglyph(text.normalize('NFC').replace(alike, letter => drawnAlike.get(letter) ?? letter))
  const parts = unhomoglyph(whole.normalize('NFD')).normalize('NFD')
  return parts === text ? text : looks(parts)
}

/**
 * What a name looks like: names with equal skeletons cannot be told apart (UTS 39, section 4, by Unicode's table of confusables). What is not
 * drawn is left out but for the tags that tell flags of regions apart, white space is one space, and case is folded after the first look and
 * not before, since it is the capitals of one script that look like those of another. For comparing only: "m" becomes "rn".
 */
export function skeletonOf(name: string): string {
  const drawn = name
    .replace(/(\p{RGI_Emoji_Tag_Sequence})|\p{Default_Ignorable_Code_Point}/gv, '$1')
    .replace(/\s+/gu, ' ')
    .trim()
  return looks(looks(looks(drawn).normalize('NFKC')).toLowerCase())
}

/**
 * What a name looks like once its capitals are small letters: "ALICE" with a Greek alpha is "alice". It differs from the skeleton where a capital looks
 * like a small letter that it is not, as I does.
 */
export const lowerSkeletonOf = (name: string): string =>
  skeletonOf(name.replace(/\p{Lu}/gu, capital => (looks(capital) === 'l' ? 'i' : capital)))
