import { createRequire } from 'node:module'

const table: Readonly<Record<string, string>> = createRequire(import.meta.url)('unhomoglyph/data.json')

/**
 * Letters that fonts draw with the outline of another, and that the table does not have, or has for what they are in the other case: the
 * palochka, Coptic small letters, and what shares a glyph in DejaVu.
 */
const drawnAlike = {
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
}

/**
 * What a character looks like, by Unicode's table of confusables (UTS 39) and `drawnAlike`. The table writes "m" as "rn", and all that looks like
 * an "m" too; here that is an "m", since "corn" and "com" are words that people read.
 */
export const prototypes: ReadonlyMap<string, string> = new Map(
  Object.entries({ ...table, ...drawnAlike })
    .map(([from, to]) => [from, to.replaceAll('rn', 'm')] as const)
    .filter(([from, to]) => from !== to),
)

const replaced = (text: string): string =>
  Array.from(text, character => prototypes.get(character) ?? character).join('')

/** By the table, of whole characters and of what they are composed of, until there is nothing more to replace. */
export function looks(text: string): string {
  const parts = replaced(replaced(text.normalize('NFC')).normalize('NFD')).normalize('NFD')
  return parts === text ? text : looks(parts)
}

/** What a text without invisible characters looks like. Case is folded between two looks, since it is the capitals of one script that look like those of another. */
export const shapeOf = (text: string): string => looks(looks(looks(text).normalize('NFKC')).toLowerCase())
