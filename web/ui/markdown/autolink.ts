import { safeHref } from './href.ts'
import type { Inline } from './tree.ts'

const begins = /^(?:https?:\/\/|www\.)/i

/** What an address does not begin after: it would be the rest of a word, or of another address. */
const joined = /[\p{L}\p{N}/:@.-]/u

/** An address that begins here and stands for itself (as in GitHub's Markdown). */
export function literalLink(text: string, at: number): { node: Inline; length: number } | null {
  if (at > 0 && joined.test(text[at - 1] ?? '')) return null
  if (!begins.test(text.slice(at, at + 8))) return null
  const space = text.slice(at).search(/[\s<]/)
  const written = trimmed(space < 0 ? text.slice(at) : text.slice(at, at + space))
  const href = safeHref(/^www/i.test(written) ? `http://${written}` : written)
  const host = href === null ? '' : new URL(href).hostname
  if (href === null || !(host.includes('.') || /^https?:/i.test(written))) return null
  return { node: { is: 'link', href, children: [{ is: 'text', text: written }] }, length: written.length }
}

/** Without what ends the sentence rather than the address: marks, and a parenthesis that was opened before it. */
function trimmed(address: string): string {
  let end = address.length
  let surplus = count(address, ')') - count(address, '(')
  for (;;) {
    const last = address[end - 1] ?? ''
    if (/[?!.,:;*_~'"\]]/.test(last)) end--
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
