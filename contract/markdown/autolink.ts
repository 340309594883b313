import { safeHref } from './href.ts'
import type { Inline } from './tree.ts'

const begins = /^(?:https?:\/\/|www\.)/i

/** A host has at most so many letters (RFC 1035); encoding a longer one would take more than its length. */
const longestHost = 253

/** `end`: the end of what was looked at. `node`, of `length` letters: the address that stands there for itself, if one does. */
interface Looked {
  readonly end: number
  readonly link: { readonly node: Inline; readonly length: number } | null
}

/** Looks for an address that begins here and stands for itself (as in GitHub's Markdown); `null` where none can. */
export function literalLink(text: string, at: number): Looked | null {
  if (!begins.test(text.slice(at, at + 8))) return null
  if (at > 0 && !mayFollow(letterBefore(text, at))) return null
  const end = addressEnd(text, at)
  if (end === null) return { end: text.length, link: null }
  const written = trimmed(text.slice(at, end))
  const bare = /^www/i.test(written)
  const address = bare ? `http://${written}` : written
  const host = hostOf(address)
  const href = host.length > longestHost ? null : safeHref(address)
  if (href === null || (bare && !hostOf(href).includes('.'))) return { end, link: null }
  return {
    end,
    link: { node: { is: 'link', href, children: [{ is: 'text', text: written }] }, length: written.length },
  }
}

const letterBefore = (text: string, at: number): string =>
  [...text.slice(Math.max(0, at - 2), at)].at(-1) ?? ''

/** What stands between "//" and the path. */
function hostOf(address: string): string {
  const from = address.indexOf('//') + 2
  const length = address.slice(from).search(/[/?#]/)
  return length < 0 ? address.slice(from) : address.slice(from, from + length)
}

/** Without what ends the sentence rather than the address: marks, and a parenthesis that was opened before it. */
function trimmed(address: string): string {
  let end = address.length
  let surplus = count(address, ')') - count(address, '(')
  for (;;) {
    const last = address[end - 1] ?? ''
    if (/[?!.,:;*_~'"\]’…]/.test(last)) end--
    else if (last === ')' && surplus > 0) {
      end--
      surplus--
    } else return address.slice(0, end)
  }
}

const count = (text: string, letter: string): number => text.split(letter).length - 1

/** The same with e-mail addresses turned into links. */
export function withAddresses(nodes: readonly Inline[]): readonly Inline[] {
  return nodes.flatMap((node): readonly Inline[] => {
    if (node.is === 'text') return node.text.includes('@') ? mailLinks(node.text) : [node]
    if (node.is !== 'link' && 'children' in node) {
      return [{ is: node.is, children: withAddresses(node.children) }]
    }
    return [node]
  })
}

function mailLinks(text: string): readonly Inline[] {
  const nodes: Inline[] = []
  let done = 0
  for (let sign = text.indexOf('@'); sign >= 0; sign = text.indexOf('@', sign + 1)) {
    const name = /[\w.+-]*$/.exec(text.slice(Math.max(done, sign - 64), sign))?.[0] ?? ''
    const host = /^[a-z0-9-]+(?:\.[a-z0-9-]*[a-z0-9])+/i.exec(text.slice(sign + 1, sign + 254))?.[0]
    const address = `${name}@${host}`
    const href = name === '' || host === undefined ? null : safeHref(`mailto:${address}`)
    if (href === null) continue
    const start = sign - name.length
    if (start > done) nodes.push({ is: 'text', text: text.slice(done, start) })
    nodes.push({ is: 'link', href, children: [{ is: 'text', text: address }] })
    done = start + address.length
    sign = done - 1
  }
  if (done < text.length) nodes.push({ is: 'text', text: text.slice(done) })
  return nodes
}

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
const mayFollow = (letter: string): boolean => !joined.test(letter) || unspaced.test(letter)

/**
 * Where an address that begins at `at` comes to its end, before the marks that end a sentence are taken off. It ends before a letter of a script
 * without spaces that follows a Latin letter or digit ("https://example.org/aを見て"), unless that part of it began in such a script
 * ("https://例え.jp/日本"). `null`: it is too long for one.
 */
function addressEnd(text: string, at: number): number | null {
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
