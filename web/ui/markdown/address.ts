/** Longer addresses are not looked for. */
const longest = 2_000

/** A part of an address ends there: white space, what URLs do not hold (RFC 3986), quotes and full-width marks, and what nobody sees. */
const ends =
  /[\s<>"`\p{Cc}\p{Default_Ignorable_Code_Point}“”„«»‹›\u3001-\u3003\u3008-\u3011\u3014-\u301f\uff01\uff08\uff09\uff0c\uff0e\uff1a\uff1b\uff1f\uff3b\uff3d\uff5b-\uff64]/u

/** Letters of scripts that put no space between words: an address may stand right beside them. */
const unspaced =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Bopomofo}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}ー]/u

/** What an address does not begin after: it would be the rest of a word, or of another address. */
const joined = /[\p{L}\p{N}/:@.-]/u

/** Whether an address may begin after this letter. */
export const mayFollow = (letter: string): boolean => !joined.test(letter) || unspaced.test(letter)

/**
 * Where an address that begins at `at` comes to its end, before the marks that end a sentence are taken off. It ends before a letter of a script
 * without spaces that follows a Latin letter or digit ("https://example.org/aを見て"), unless that part of it began in such a script
 * ("https://例え.jp/日本"). `null`: it is too long for one.
 */
export function addressEnd(text: string, at: number): number | null {
  let part: 'none' | 'latin' | 'unspaced' = 'none'
  let end = at
  while (end < text.length) {
    if (end - at > longest) return null
    const letter = String.fromCodePoint(text.codePointAt(end) ?? 0)
    if (ends.test(letter)) break
    if (unspaced.test(letter)) {
      if (part === 'latin') break
      part = 'unspaced'
    } else if (!/[a-z0-9]/i.test(letter)) part = 'none'
    else if (part === 'none') part = 'latin'
    end += letter.length
  }
  return end
}
