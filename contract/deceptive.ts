/**
 * What is not drawn, or nobody knows how: controls, format characters and direction marks, private-use, unassigned and half characters (General_Category C), what
 * Unicode lets a font leave out (Default_Ignorable_Code_Point), and symbols that are blank: U+2800 (a Braille cell without a dot), U+1D159 (a note
 * without a head), U+13441 and U+13442 (blank hieroglyphs), U+FFFC (stands for an object). Arabic, Syriac and Kaithi signs that span digits are
 * format characters too, and drawn. ZWNJ, ZWJ and variation selectors belong to scripts and emoji: `withoutJoins` takes those out that do.
 */
export const deceptive =
  /(?![\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2\u{110bd}\u{110cd}])[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800\ufffc\u{13441}\u{13442}\u{1d159}]/u

/** Emoji with their selectors, skin tones and joiners, keycaps, and the flags of regions that there are (UTS 51). */
const emoji =
  /\p{RGI_Emoji_Tag_Sequence}|[0-9#*]\ufe0f?\u20e3|(?:\p{Extended_Pictographic}|\p{Emoji_Modifier_Base})(?:[\ufe0e\ufe0f]|\p{Emoji_Modifier})?(?:\u200d\p{Extended_Pictographic}(?:\ufe0f|\p{Emoji_Modifier})?)*/gv

/** A joiner or non-joiner within a word of a script that has them (UAX 31, section 2.3): Arabic and Mongolian ones, and those of India and its neighbours. */
const joiner =
  /(?<=[\p{Script_Extensions=Arabic}\p{Script_Extensions=Syriac}\p{Script_Extensions=Nko}\p{Script_Extensions=Mongolian}\p{Script_Extensions=Devanagari}\p{Script_Extensions=Bengali}\p{Script_Extensions=Gurmukhi}\p{Script_Extensions=Gujarati}\p{Script_Extensions=Oriya}\p{Script_Extensions=Tamil}\p{Script_Extensions=Telugu}\p{Script_Extensions=Kannada}\p{Script_Extensions=Malayalam}\p{Script_Extensions=Sinhala}\p{Script_Extensions=Khmer}\p{Script_Extensions=Tibetan}])[\u200c\u200d](?=[\p{L}\p{M}]|$|\s)/gu

/** A variant of an ideograph (UTS 37). */
const ideographVariant = /(?<=\p{Script=Han})[\ufe00-\ufe0f\u{e0100}-\u{e01ef}]/gu

/** The vowel separator and the variants of letters within a Mongolian word, which choose how it is written. */
const mongolian =
  /(?<=[\p{Script=Mongolian}&&\p{L}])(?:[\u180b-\u180d\u180f]?\u180e(?=[\p{Script=Mongolian}&&\p{L}])|[\u180b-\u180d\u180f])/gv

/**
 * Marks that are not drawn themselves, but join or stack the letters on both sides of them (Indic_Syllabic_Category Invisible_Stacker and
 * Number_Joiner), and the filler of the Khitan small script: what they are in their script, they are nowhere else.
 */
const stackers = {
  Myanmar: '\\u1039',
  Khmer: '\\u17d2',
  Tai_Tham: '\\u1a60',
  Sundanese: '\\u1bab',
  Tifinagh: '\\u2d7f',
  Meetei_Mayek: '\\uaaf6',
  Kharoshthi: '\\u{10a3f}',
  Brahmi: '\\u{1107f}',
  Chakma: '\\u{11133}',
  Tulu_Tigalari: '\\u{113d0}',
  Dives_Akuru: '\\u{1193e}',
  Zanabazar_Square: '\\u{11a47}',
  Soyombo: '\\u{11a99}',
  Masaram_Gondi: '\\u{11d45}',
  Gunjala_Gondi: '\\u{11d97}',
  Kawi: '\\u{11f42}',
  Khitan_Small_Script: '\\u{16fe4}',
}

const stacker = new RegExp(`[${Object.values(stackers).join('')}]`, 'gv')

const stacked = new RegExp(
  Object.entries(stackers)
    .map(
      ([script, mark]) => `(?<=[\\p{Script=${script}}--${mark}])${mark}(?=[\\p{Script=${script}}--${mark}])`,
    )
    .join('|'),
  'gv',
)

/** The text without what is invisible and belongs there all the same. */
export const withoutJoins = (text: string): string =>
  text
    .replace(emoji, '\u{1f642}')
    .replace(joiner, '')
    .replace(mongolian, '')
    .replace(ideographVariant, '')
    .replace(stacked, '')

/** Whether something stands in it that nobody sees and that makes it look like another text. */
export function isDeceptive(text: string): boolean {
  const rest = withoutJoins(text)
  return deceptive.test(rest) || rest.search(stacker) >= 0
}

/** The text without all that is invisible, also where it belongs there. */
export const withoutInvisible = (text: string): string =>
  [...text]
    .filter(character => !deceptive.test(character))
    .join('')
    .replace(stacker, '')

/** Alphabets with letters that are drawn alike: a name in two of them is made to deceive, or typed on the wrong keyboard (UTS 39, section 5.2). */
const likeAlphabets = [
  /\p{Script=Latin}/u,
  /\p{Script=Cyrillic}/u,
  /\p{Script=Greek}/u,
  /\p{Script=Armenian}/u,
  /\p{Script=Cherokee}/u,
  /\p{Script=Coptic}/u,
]

/** Whether a name mixes letters of alphabets that look alike, as "кim" with a Cyrillic letter does. Other scripts may stand together. */
export const mixesAlphabets = (name: string): boolean =>
  likeAlphabets.filter(alphabet => alphabet.test(name)).length > 1
