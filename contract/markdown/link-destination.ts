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
  const end = endAt(text, at + 1, /[<>\n]/)
  return text[end] === '>' ? { address: text.slice(at + 1, end), end: end + 1 } : null
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

/** The first letter from here on that is one of `ends`, which match one letter; or the last that is looked at. */
export function endAt(text: string, from: number, ends: RegExp): number {
  let end = from
  while (end < text.length && end - from < longest && !ends.test(text[end] ?? '')) end++
  return end
}

const titles: Readonly<Record<string, RegExp>> = { '"': /["\n]/, "'": /['\n]/, '(': /[()\n]/ }

/** A title is read over: the address says where a link leads, and nothing else shall. */
function afterTitle(text: string, at: number): number {
  const start = skipWhite(text, at)
  const ends = titles[text[start] ?? '']
  if (start === at || !ends) return start
  const end = endAt(text, start + 1, ends)
  return text[end] === (text[start] === '(' ? ')' : text[start]) ? skipWhite(text, end + 1) : start
}
