import { isUtf8 } from 'node:buffer'
import { deceptive, isDeceptive, withoutInvisible } from '../../../../contract/deceptive.ts'
import { username } from '../../../../contract/text.ts'
import { hasVisible } from '../../../../contract/visible.ts'

/** A text of the source made one that Confab can keep. `repaired`: bytes that were no text, or U+0000, became U+FFFD. `cut`: the end is gone. */
export interface Text {
  readonly text: string
  /** As it was. */
  readonly bytes: number
  readonly repaired: boolean
  readonly cut: boolean
}

/**
 * What a source's cell holds, made storable and at most `most` bytes of UTF-8, cut between characters. `total`: the bytes that the cell
 * has; `read`: how many of them `text` was decoded from, with U+FFFD for what is no text. `bytes` gives those, and is asked only where
 * somebody may as well have written the U+FFFD.
 */
export function readText(
  text: string,
  of: { total: number; read: number; most: number; bytes?: () => Uint8Array },
): Text {
  const whole = of.total > of.read ? text.replace(/\uFFFD{1,3}$/, '') : text
  const clean = (whole.includes('\0') ? whole.replaceAll('\0', '\uFFFD') : whole).toWellFormed()
  const kept = clean.length * 3 > of.most ? cutBytes(clean, of.most) : clean
  const damaged = () => whole.includes('\uFFFD') && of.bytes !== undefined && !isText(of.bytes(), of)
  return {
    text: kept,
    bytes: of.total,
    repaired: clean !== whole || damaged(),
    cut: kept !== clean || of.total > of.read,
  }
}

/** A character at the end, of which only the beginning was read, is no fault. */
const isText = (bytes: Uint8Array, { total, read }: { total: number; read: number }): boolean =>
  isUtf8(total > read ? dropTail(bytes) : bytes)

/** The text's beginning, of at most so many bytes of UTF-8. */
export function cutBytes(text: string, most: number): string {
  const bytes = Buffer.from(text)
  if (bytes.length <= most) return text
  let end = most
  while (end > 0 && isContinuation(bytes[end])) end--
  return bytes.toString('utf8', 0, end)
}

/** Without the character at the end that a cut between bytes may have left half: its other half is not a fault of the text. */
function dropTail(bytes: Uint8Array): Uint8Array {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] ?? 0
    if (isContinuation(byte)) continue
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1
    return length > back ? bytes.subarray(0, bytes.length - back) : bytes
  }
  return bytes
}

const isContinuation = (byte: number | undefined): boolean => byte !== undefined && (byte & 0xc0) === 0x80

/** One line that a person can read: what is invisible or steers the direction is gone, white space is single, at most so many characters. */
export function plainLine(text: string, most: number): string {
  const whole = text.toWellFormed().replace(/\s/gu, ' ')
  const line = (isDeceptive(whole) ? withoutInvisible(whole) : whole)
    .replaceAll('\uFFFD', '')
    .replace(/ +/g, ' ')
    .trim()
  const cut = [...line].slice(0, most).join('').trim()
  return hasVisible(cut) ? cut : ''
}

/** The username that comes nearest to a text, `null` where nothing of it can stand in one. */
export function nearestUsername(text: string, most: number): string | null {
  const whole = username.safeParse(text)
  if (whole.success) return whole.data
  const name = plainLine(text, text.length)
    .normalize('NFKC')
    .replace(/[^\p{L}\p{M}\p{N}@.+_-]+/gu, '_')
  const cut = [...name].slice(0, most).join('')
  return /[\p{L}\p{N}]/u.test(cut) ? cut : null
}

/** A text of the source in a report: in quotation marks, short, on one line, with nothing that a terminal would obey. */
export function quoted(text: string): string {
  const escaped = [...text.toWellFormed()].map(character =>
    deceptive.test(character) || character === '\u2028'
      ? `\\u{${character.codePointAt(0)?.toString(16)}}`
      : character,
  )
  return `"${escaped.length > 60 ? `${escaped.slice(0, 60).join('')}…` : escaped.join('')}"`
}
