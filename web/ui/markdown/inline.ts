import { literalLink, withAddresses } from './autolink.ts'
import type { Delimiter } from './delimiter.ts'
import { delimiterAt, fits } from './delimiter.ts'
import { safeHref } from './href.ts'
import { destinationAt } from './link-destination.ts'
import type { Inline } from './tree.ts'

/** So many marks may be open at once; more of them are text, so that closing one looks at few. */
const mostOpen = 20

/** A mark that may come to an end, and what stands after it so far. The outermost has none. */
interface Open {
  mark: Delimiter | '[' | null
  nodes: Inline[]
}

/** Reads the text of one paragraph (CommonMark 0.31, section 6): from left to right, each letter once, with the open marks on a stack. */
export function parseInline(text: string): readonly Inline[] {
  const reader = new Reader(text)
  return withAddresses(reader.read())
}

class Reader {
  readonly #text: string
  readonly #ticks: ReadonlyMap<number, readonly number[]>
  /** Behind this there is no link any more, so that a bracket is text. */
  readonly #lastLink: number
  readonly #stack: Open[] = [{ mark: null, nodes: [] }]
  #at = 0

  constructor(text: string) {
    this.#text = text
    this.#ticks = runsOfTicks(text)
    this.#lastLink = text.lastIndexOf('](')
  }

  read(): Inline[] {
    while (this.#at < this.#text.length) this.#step()
    while (this.#stack.length > 1) this.#giveUp()
    return this.#top.nodes
  }

  get #top(): Open {
    const top = this.#stack.at(-1)
    if (!top) throw new Error('the outermost never leaves the stack')
    return top
  }

  #step(): void {
    const letter = this.#text[this.#at] ?? ''
    const read =
      (letter === '\n' && this.#break()) ||
      (letter === '\\' && this.#escape()) ||
      (letter === '`' && this.#code()) ||
      (letter === '<' && this.#angled()) ||
      (letter === '[' && this.#bracket()) ||
      (letter === ']' && this.#endBracket()) ||
      ('*_~'.includes(letter) && this.#delimiter()) ||
      ('hHwW'.includes(letter) && this.#address())
    if (!read) this.#take(1)
  }

  /** So many letters are what they are. */
  #take(count: number): true {
    add(this.#top.nodes, this.#text.slice(this.#at, this.#at + count))
    this.#at += count
    return true
  }

  #push(node: Inline, length: number): true {
    this.#top.nodes.push(node)
    this.#at += length
    return true
  }

  #break(): true {
    return this.#push({ is: 'break' }, 1)
  }

  #escape(): boolean {
    const next = this.#text[this.#at + 1] ?? ''
    if (!/[!-/:-@[-`{-~]/.test(next)) return false
    this.#at++
    return this.#take(1)
  }

  #code(): true {
    const length = runLength(this.#text, this.#at)
    const from = this.#at + length
    const to = this.#ticks.get(length)?.find(at => at >= from)
    if (to === undefined) return this.#take(length)
    const inside = this.#text.slice(from, to).replaceAll('\n', ' ')
    const padded = /^ .*[^ ].* $/.test(inside)
    return this.#push({ is: 'code', text: padded ? inside.slice(1, -1) : inside }, to + length - this.#at)
  }

  /** An address between angle brackets. */
  #angled(): boolean {
    const written = /^<([a-z][a-z0-9+.-]{1,31}:[^\s<>]{1,2000})>/i.exec(
      this.#text.slice(this.#at, this.#at + 2_050),
    )
    const href = written?.[1] === undefined ? null : safeHref(written[1])
    if (!written?.[1] || href === null) return false
    return this.#push({ is: 'link', href, children: [{ is: 'text', text: written[1] }] }, written[0].length)
  }

  /** An address that stands for itself. */
  #address(): boolean {
    const link = literalLink(this.#text, this.#at)
    return link !== null && this.#push(link.node, link.length)
  }

  #bracket(): boolean {
    if (this.#at > this.#lastLink || this.#stack.length > mostOpen) return false
    this.#stack.push({ mark: '[', nodes: [] })
    this.#at++
    return true
  }

  #endBracket(): boolean {
    const opener = this.#stack.findLastIndex(({ mark }) => mark === '[')
    if (opener < 0) return false
    const target = destinationAt(this.#text, this.#at + 1)
    const href = target ? safeHref(target.address) : null
    if (target === null || href === null) {
      this.#unbracket(opener)
      return false
    }
    while (this.#stack.length > opener + 1) this.#giveUp()
    const nodes = this.#stack.pop()?.nodes ?? []
    return this.#push({ is: 'link', href, children: nodes.flatMap(withoutLinks) }, target.end - this.#at)
  }

  /** An open bracket begins no link: it is text, and the marks after it stay open. */
  #unbracket(at: number): void {
    const [bracket] = this.#stack.splice(at, 1)
    const below = this.#stack[at - 1]
    if (bracket && below) join(below.nodes, [{ is: 'text', text: '[' }, ...bracket.nodes])
  }

  #delimiter(): true {
    const mark = delimiterAt(this.#text, this.#at)
    this.#at += mark.count
    if (mark.closes) this.#close(mark)
    if (mark.count === 0) return true
    if (mark.opens && this.#stack.length <= mostOpen) this.#stack.push({ mark, nodes: [] })
    else add(this.#top.nodes, mark.sign.repeat(mark.count))
    return true
  }

  /** Ends what this mark ends, the innermost first. A link binds tighter: no mark reaches out of an open bracket. */
  #close(mark: Delimiter): void {
    while (mark.count > 0) {
      const bracket = this.#stack.findLastIndex(open => open.mark === '[')
      const found = this.#stack.findLastIndex(
        (open, n) => n > bracket && open.mark !== null && open.mark !== '[' && fits(open.mark, mark),
      )
      if (found < 0) return
      while (this.#stack.length > found + 1) this.#giveUp()
      this.#wrap(mark)
    }
  }

  /** Sets what stands after the innermost mark between it and this one. */
  #wrap(mark: Delimiter): void {
    const open = this.#top
    if (open.mark === null || open.mark === '[') return
    const count = open.mark.count >= 2 && mark.count >= 2 ? 2 : 1
    const is = mark.sign === '~' ? 'strike' : count === 2 ? 'strong' : 'emphasis'
    const node: Inline = { is, children: open.nodes }
    open.mark.count -= count
    mark.count -= count
    if (open.mark.count > 0) open.nodes = [node]
    else {
      this.#stack.pop()
      this.#top.nodes.push(node)
    }
  }

  /** The innermost mark never came to an end: it is text. */
  #giveUp(): void {
    const open = this.#stack.pop()
    if (!open) return
    const { mark, nodes } = open
    if (mark !== null) add(this.#top.nodes, mark === '[' ? '[' : mark.sign.repeat(mark.count))
    join(this.#top.nodes, nodes)
  }
}

/** A link holds no other: what was one inside of it is its words. */
function withoutLinks(node: Inline): readonly Inline[] {
  if (node.is === 'link') return node.children
  return 'children' in node ? [{ ...node, children: node.children.flatMap(withoutLinks) }] : [node]
}

function join(nodes: Inline[], more: readonly Inline[]): void {
  for (const node of more) {
    if (node.is === 'text') add(nodes, node.text)
    else nodes.push(node)
  }
}

/** Text joins the text before it. */
function add(nodes: Inline[], text: string): void {
  const last = nodes.at(-1)
  if (last?.is === 'text') last.text += text
  else if (text !== '') nodes.push({ is: 'text', text })
}

function runLength(text: string, at: number): number {
  let end = at
  while (text[end] === text[at]) end++
  return end - at
}

/** Where runs of backticks stand, by their length. */
function runsOfTicks(text: string): ReadonlyMap<number, readonly number[]> {
  const runs = new Map<number, number[]>()
  for (const { index, 0: run } of text.matchAll(/`+/g)) {
    const same = runs.get(run.length) ?? []
    same.push(index)
    runs.set(run.length, same)
  }
  return runs
}
