/** Longer addresses are not looked for. */
const longest = 2_000
const deepest = 32

/** The address in parentheses after a link's words, and where the text goes on: `(https://example.org "a title")`. */
export function destinationAt(text: string, at: number): { address: string; end: number } | null {
  if (text[at] !== '(') return null
  const start = skipWhite(text, at + 1)
  const address = text[start] === '<' ? angled(text, start) : bare(text, start)
  if (!address) return null
  const end = afterTitle(text, address.end)
  return text[end] === ')' ? { address: address.address, end: end + 1 } : null
}

function skipWhite(text: string, at: number): number {
  let to = at
  while (/\s/.test(text[to] ?? '')) to++
  return to
}

function angled(text: string, at: number): { address: string; end: number } | null {
  const found = /^<([^<>\n]*)>/.exec(text.slice(at, at + longest))
  return found ? { address: found[1] ?? '', end: at + found[0].length } : null
}

/** Up to white space, or to the parenthesis that ends the link: those inside come in pairs. */
function bare(text: string, at: number): { address: string; end: number } | null {
  let depth = 0
  let end = at
  for (; end < text.length && end - at < longest; end++) {
    const letter = text[end] ?? ''
    if (/\s/.test(letter)) break
    if (letter === '(' && ++depth > deepest) return null
    if (letter === ')' && --depth < 0) break
  }
  return end > at && depth <= 0 ? { address: text.slice(at, end), end } : null
}

/** A title is read over: the address says where a link leads, and nothing else shall. */
function afterTitle(text: string, at: number): number {
  const title = /^\s+(?:"[^"\n]*"|'[^'\n]*'|\([^()\n]*\))\s*/.exec(text.slice(at, at + longest))
  return title ? at + title[0].length : skipWhite(text, at)
}
