import { addressEnd, mayFollow } from './address.ts'
import { safeHref } from './href.ts'
import type { Inline } from './tree.ts'

const begins = /^(?:https?:\/\/|www\.)/i

/** A host has at most so many letters (RFC 1035); encoding a longer one would take more than its length. */
const longestHost = 253

/** `end`: the end of what was looked at. `node`, of `length` letters: the address that stands there for itself, if one does. */
export interface Looked {
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
    if (node.is === 'strong' || node.is === 'emphasis' || node.is === 'strike') {
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
