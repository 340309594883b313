import type { UserId } from '../ids.ts'
import { hasVisible } from '../visible.ts'
import { literalLink, withAddresses } from './autolink.ts'
import type { Delimiter } from './delimiter.ts'
import { delimiterAt, fits } from './delimiter.ts'
import { Escapes } from './escape.ts'
import { safeHref } from './href.ts'
import { destinationAt, endAt } from './link-destination.ts'
import type { Inline } from './tree.ts'

/** So many marks may be open at once; more of them are text, so that closing one looks at few. */
const mostOpen = 20

/** An address is looked for so many times in what stands together without a space. */
const mostLooks = 4

/** Somebody who is called, by id: names change. */
const mention = /^<@(?<user>[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})>$/

/** What two signs make of what stands between them, where that is not a matter of their number. */
const kinds: Readonly<Record<string, 'strike' | 'spoiler'>> = { '~': 'strike', '|': 'spoiler' }

/** A mark that may come to an end, and what stands after it, from `from` on, so far. The outermost has none. */
interface Open {
  mark: Delimiter | '[' | null
  from: number
  nodes: Inline[]
}

/** Reads the text of one paragraph (CommonMark 0.31, section 6): from left to right, each letter once, with the open marks on a stack. */
export function parseInline(text: string): readonly Inline[] {
  return withAddresses(new Reader(text).read(true))
}

/** Text in which nothing is a mark: its line breaks are kept, and addresses are links. */
export function plainInline(text: string): readonly Inline[] {
  return withAddresses(new Reader(text).read(false))
}

class Reader {
  readonly #text: string
  readonly #ticks: Ticks
  readonly #escapes: Escapes
  /** Behind this there is no link any more, so that a bracket is text. */
  readonly #lastLink: number
  readonly #stack: Open[] = [{ mark: null, from: 0, nodes: [] }]
  /** How often an address was looked for up to `end`, in vain. */
  #looked = { end: 0, times: 0 }
  #at = 0

  constructor(text: string) {
    this.#text = text
    this.#ticks = new Ticks(text)
    this.#escapes = new Escapes(text)
    this.#lastLink = text.lastIndexOf('](')
  }

  read(marks: boolean): Inline[] {
    while (this.#at < this.#text.length) if (!(marks ? this.#mark() : this.#words())) this.#take(1)
    while (this.#stack.length > 1) this.#giveUp()
    return this.#top.nodes
  }

  get #top(): Open {
    const top = this.#stack.at(-1)
    if (!top) throw new Error('the outermost never leaves the stack')
    return top
  }

  #words(): boolean {
    const letter = this.#text[this.#at] ?? ''
    return (letter === '\n' && this.#break()) || ('hHwW'.includes(letter) && this.#address())
  }

  #mark(): boolean {
    const letter = this.#text[this.#at] ?? ''
    return (
      (letter === '\\' && this.#escape()) ||
      (letter === '`' && this.#code()) ||
      (letter === '<' && this.#angled()) ||
      (letter === '[' && this.#bracket()) ||
      (letter === ']' && this.#endBracket()) ||
      ('*_~|'.includes(letter) && this.#delimiter()) ||
      this.#words()
    )
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
    const does = this.#escapes.at(this.#at)
    if (does === null) return false
    if (does === 'shows') return this.#take(2)
    this.#at++
    return this.#take(1)
  }

  #code(): true {
    const length = runLength(this.#text, this.#at)
    const from = this.#at + length
    const to = this.#ticks.next(length, from)
    if (to === undefined) return this.#take(length)
    const inside = this.#text.slice(from, to).replaceAll('\n', ' ')
    const padded = inside.startsWith(' ') && inside.endsWith(' ') && inside.trim() !== ''
    return this.#push({ is: 'code', text: padded ? inside.slice(1, -1) : inside }, to + length - this.#at)
  }

  /** An address between angle brackets, or somebody's id. */
  #angled(): boolean {
    const { user } = mention.exec(this.#text.slice(this.#at, this.#at + 39))?.groups ?? {}
    // What has the form of an id may be nobody's: whoever shows it looks.
    if (user) return this.#push({ is: 'mention', user: user as UserId }, user.length + 3)
    if (!/^<[a-z][a-z0-9+.-]{1,31}:/i.test(this.#text.slice(this.#at, this.#at + 35))) return false
    const end = endAt(this.#text, this.#at + 1, /[\s<>]/)
    const written = this.#text.slice(this.#at + 1, end)
    const href = this.#text[end] === '>' ? safeHref(written) : null
    if (href === null) return false
    return this.#push({ is: 'link', href, children: [{ is: 'text', text: written }] }, end + 1 - this.#at)
  }

  /** An address that stands for itself. */
  #address(): boolean {
    const known = this.#at < this.#looked.end
    if (known && this.#looked.times >= mostLooks) return false
    const looked = literalLink(this.#text, this.#at)
    if (looked === null) return false
    if (looked.link !== null) return this.#push(looked.link.node, looked.link.length)
    this.#looked = { end: looked.end, times: known ? this.#looked.times + 1 : 1 }
    return false
  }

  #bracket(): boolean {
    if (this.#at > this.#lastLink || this.#stack.length > mostOpen) return false
    this.#at++
    this.#stack.push({ mark: '[', from: this.#at, nodes: [] })
    return true
  }

  #endBracket(): boolean {
    const opener = this.#stack.findLastIndex(({ mark }) => mark === '[')
    if (opener < 0) return false
    const target = destinationAt(this.#text, this.#at + 1)
    // A link without words could not be seen, nor followed.
    const named = target !== null && hasVisible(this.#text.slice(this.#stack[opener]?.from, this.#at))
    const href = named ? safeHref(target.address) : null
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
    if (mark.opens && this.#stack.length <= mostOpen) this.#stack.push({ mark, from: this.#at, nodes: [] })
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
    const is = kinds[mark.sign] ?? (count === 2 ? 'strong' : 'emphasis')
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
class Ticks {
  readonly #runs = new Map<number, { readonly starts: number[]; passed: number }>()

  constructor(text: string) {
    for (const { index, 0: run } of text.matchAll(/`+/g)) {
      const same = this.#runs.get(run.length) ?? { starts: [], passed: 0 }
      same.starts.push(index)
      this.#runs.set(run.length, same)
    }
  }

  /** The next run of this length from here on. Who asks goes forward only. */
  next(length: number, from: number): number | undefined {
    const runs = this.#runs.get(length)
    if (!runs) return undefined
    while ((runs.starts[runs.passed] ?? Number.POSITIVE_INFINITY) < from) runs.passed++
    return runs.starts[runs.passed]
  }
}
