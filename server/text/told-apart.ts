import { prototypes, shapeOf } from './confusables.ts'

/** The scripts of living languages (UAX 31, tables 5 and 7) but for Latin, whose look-alikes are no letters of ordinary words. */
export const livingScripts: readonly string[] = [
  ...[
    'Adlam',
    'Arabic',
    'Armenian',
    'Balinese',
    'Bengali',
    'Bopomofo',
    'Canadian_Aboriginal',
    'Chakma',
    'Cham',
  ],
  ...[
    'Cherokee',
    'Coptic',
    'Cyrillic',
    'Devanagari',
    'Ethiopic',
    'Georgian',
    'Greek',
    'Gujarati',
    'Gurmukhi',
    'Han',
  ],
  ...[
    'Hangul',
    'Hebrew',
    'Hiragana',
    'Javanese',
    'Kannada',
    'Katakana',
    'Khmer',
    'Lao',
    'Limbu',
    'Lisu',
    'Malayalam',
  ],
  ...[
    'Meetei_Mayek',
    'Mongolian',
    'Myanmar',
    'Newa',
    'Nko',
    'Ol_Chiki',
    'Oriya',
    'Sinhala',
    'Sundanese',
    'Syriac',
  ],
  ...[
    'Tai_Le',
    'Tai_Tham',
    'Tai_Viet',
    'Tamil',
    'Telugu',
    'Thaana',
    'Thai',
    'Tibetan',
    'Tifinagh',
    'Vai',
    'Yi',
  ],
]

const scripts = livingScripts.map(name => ({ name, holds: new RegExp(`^\\p{Script=${name}}`, 'u') }))

const latin = { name: 'Latin', holds: /^\p{Script=Latin}/u }

/** The script of a character; undefined for what many share, such as digits and accents. */
export const scriptOf = (character: string): string | undefined =>
  [latin, ...scripts].find(({ holds }) => holds.test(character))?.name

/**
 * Letters that keep their shape beside others of their script: the yeh and the kaf of Persian and of Arabic keyboards, which are read as one; I and
 * the palochka, as l and I do; Ь, which is a b where В is a B; and ԝ, which is a w and stands for it before the older ѡ.
 */
const always = new Set('\u06a9\u0643\u06cc\u064a\u0649\u0406\u04c0\u042c\u0412\u051c\u051d')

interface Apart {
  readonly shape: string
  readonly script: string
}

let known: ReadonlyMap<string, Apart> | undefined

/**
 * Letters that look like another letter of their own script and case, by the table, and that its readers tell apart: Thai khwai, do and to, Hebrew vav and
 * final nun, the ideographs for earth and scholar. One of each group stands for its shape, and is not among them: the one that the table has for
 * itself, then the nearest to it, then the first.
 */
function toldApart(): ReadonlyMap<string, Apart> {
  known ??= new Map([...groups().values()].flatMap(apartIn).map(asEntry))
  return known
}

interface Member extends Apart {
  readonly letter: string
  readonly far: number
}

const byNearness = (one: Member, other: Member): number =>
  one.far - other.far || (one.letter.codePointAt(0) ?? 0) - (other.letter.codePointAt(0) ?? 0)

const apartIn = (group: Member[]): Member[] =>
  group
    .sort(byNearness)
    .slice(1)
    .filter(({ letter }) => !always.has(letter))

const asEntry = ({ letter, shape, script }: Member): [string, Apart] => [letter, { shape, script }]

/** All that the table speaks of, with its capitals and small letters, by script, case and shape. */
function groups(): Map<string, Member[]> {
  const all = new Set(
    [...prototypes]
      .flatMap(([from, to]) => [from, ...to])
      .flatMap(letter => [letter, letter.toLowerCase(), letter.toUpperCase()])
      .filter(letter => /^[\p{L}\p{M}]$/u.test(letter) && letter.normalize('NFKD') === letter),
  )
  const found = new Map<string, Member[]>()
  for (const letter of all) {
    const script = scriptOf(letter)
    if (script === undefined || script === 'Latin') continue
    const shape = shapeOf(letter)
    const at = [script, /\p{Lu}/u.test(letter), shape].join()
    const far = always.has(letter)
      ? -1
      : shape === letter
        ? 0
        : prototypes.get(letter)?.toLowerCase() === shape
          ? 1
          : 2
    found.set(at, [...(found.get(at) ?? []), { letter, shape, script, far }])
  }
  return found
}

/** A private character that stands for a small letter where it is itself and not what it looks like. */
const itself = (letter: string): string =>
  String.fromCodePoint(0xf_0000 + ((letter.toLowerCase().codePointAt(0) ?? 0) % 0x1_0000))

/**
 * The text with each letter that readers tell apart as itself. In a word that mixes scripts only those stay that look like their own script: there, whatever looks
 * like a letter of another one is meant to.
 */
export const tellApart = (text: string): string =>
  text.normalize('NFD').replace(/[\p{L}\p{M}]+/gu, word => {
    const apart = toldApart()
    let mixed: boolean | undefined
    return Array.from(word, letter => {
      const its = apart.get(letter)
      if (!its) return letter
      mixed ??= new Set(Array.from(word, scriptOf).filter(Boolean)).size > 1
      return mixed && scriptOf(its.shape) !== its.script ? letter : itself(letter)
    }).join('')
  })
