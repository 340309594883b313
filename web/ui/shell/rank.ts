import { foldName } from '../../../contract/names.ts'

/** What letters are searched in: case and accents do not matter ("Jose" finds "José"). */
export const searchForm = (text: string): string =>
  foldName(text)
    .normalize('NFD')
    .replace(/\p{M}+/gu, '')

/**
 * How well a name fits what was typed: 4 the same, 3 begins with it, 2 a word begins with it, 1 holds its letters in order, 0 not at all.
 * Both are in their search form.
 */
export function fit(name: string, typed: string): number {
  if (name === typed) return 4
  if (name.startsWith(typed)) return 3
  if (name.split(/[^\p{L}\p{N}]+/u).some(word => word.startsWith(typed))) return 2
  return holdsInOrder(name, typed) ? 1 : 0
}

function holdsInOrder(name: string, typed: string): boolean {
  let at = 0
  for (const letter of typed) {
    at = name.indexOf(letter, at) + 1
    if (at === 0) return false
  }
  return true
}

/** The things whose names fit, best first; equals keep their order. Nothing typed: all of them, in their order. */
export function rank<T>(
  things: readonly T[],
  namesOf: (thing: T) => readonly string[],
  typed: string,
  most: number,
): readonly T[] {
  const wanted = searchForm(typed.trim())
  if (wanted === '') return things.slice(0, most)
  return things
    .map(thing => ({
      thing,
      fits: Math.max(0, ...namesOf(thing).map(name => fit(searchForm(name), wanted))),
    }))
    .filter(({ fits }) => fits > 0)
    .sort((a, b) => b.fits - a.fits)
    .slice(0, most)
    .map(({ thing }) => thing)
}
