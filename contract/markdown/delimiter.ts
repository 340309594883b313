/** A run of "*", "_", "~" or "|" that may begin or end something. */
export interface Delimiter {
  readonly sign: string
  /** How many of its signs are not used yet. */
  count: number
  readonly length: number
  readonly opens: boolean
  readonly closes: boolean
}

/** The run at a place, and what it can do there by what stands beside it (CommonMark 0.31, section 6.2: flanking). */
export function delimiterAt(text: string, at: number): Delimiter {
  const sign = text[at] ?? ''
  let end = at
  while (text[end] === sign) end++
  const letterBefore = lastLetter(text.slice(Math.max(0, at - 2), at))
  const letterAfter = String.fromCodePoint(text.codePointAt(end) ?? 32)
  const before = kindOf(letterBefore)
  const after = kindOf(letterAfter)
  const left = after !== 'space' && (after !== 'sign' || before !== 'letter')
  const right = before !== 'space' && (before !== 'sign' || after !== 'letter')
  // Inside of a word an underscore is part of it.
  const opens = sign === '_' ? left && (!right || before === 'sign') : left
  const closes = sign === '_' ? right && (!left || after === 'sign') : right
  const length = end - at
  const works = isMark(sign, length, letterBefore, letterAfter)
  return { sign, count: length, length, opens: opens && works, closes: closes && works }
}

/** What people write in a chat without meaning a mark: one tilde or three ("~5"), two underscores ("__init__"), a star in a word ("2*3*4"), bars in code ("a||b"). */
function isMark(sign: string, length: number, before: string, after: string): boolean {
  if (sign === '~') return length === 2
  if (sign === '|') return length === 2 && !(spaced.test(before) && spaced.test(after))
  if (sign === '_') return length === 1
  return length > 1 || !(spaced.test(before) && spaced.test(after))
}

/** A letter or digit of a script that puts spaces between words. */
const spaced = /[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}\p{Nd}]/u

/** Whether one run ends what the other began: the same sign, and not a split of a run in three (rules 9 and 10 there). */
export function fits(opener: Delimiter, closer: Delimiter): boolean {
  if (opener.sign !== closer.sign || !opener.opens) return false
  const both = opener.closes || closer.opens
  const thirds = (opener.length + closer.length) % 3 === 0
  return !both || !thirds || (opener.length % 3 === 0 && closer.length % 3 === 0)
}

const lastLetter = (text: string): string => [...text].at(-1) ?? ' '

function kindOf(letter: string): 'space' | 'sign' | 'letter' {
  if (/\s/u.test(letter)) return 'space'
  return /[\p{P}\p{S}]/u.test(letter) ? 'sign' : 'letter'
}
