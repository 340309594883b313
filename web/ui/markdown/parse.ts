import { parseInline } from './inline.ts'
import type { Block } from './tree.ts'

/** Deeper than this, quotes and lists are shown as they were written. */
const deepest = 8

/**
 * Reads a message's text as CommonMark does, as far as the tree has elements for it, but for what a chat means otherwise: a line break is
 * kept, a quote or list ends with its last marked line, and headings, rules, indented code, images, references and HTML are text.
 * Every part of the text is looked at a bounded number of times, whatever it is, and no letter of it is lost.
 */
export function parse(text: string): readonly Block[] {
  return blocksOf(text.split(/\r\n|\r|\n/), 0)
}

function blocksOf(lines: readonly string[], depth: number): readonly Block[] {
  const blocks: Block[] = []
  let at = 0
  while (at < lines.length) {
    if (isBlank(lines[at])) at++
    else {
      const { block, next } = blockAt(lines, at, depth)
      blocks.push(block)
      at = next
    }
  }
  return blocks
}

interface Found {
  block: Block
  /** The line after it. */
  next: number
}

const isBlank = (line: string | undefined): boolean => line === undefined || line.trim() === ''

function blockAt(lines: readonly string[], at: number, depth: number): Found {
  const fenced = codeAt(lines, at)
  if (fenced) return fenced
  const contains = depth < deepest
  return (
    (contains && (quoteAt(lines, at, depth) ?? listAt(lines, at, depth))) || paragraphAt(lines, at, contains)
  )
}

/** Three backticks or more, and the name of a language at most: more after them is text that must not vanish. */
const fence = /^ {0,3}(?<marks>`{3,})[ \t]*[\w+#.-]*[ \t]*$/

/** Code between fences, or from a fence to the end (CommonMark 0.31, section 4.5). */
function codeAt(lines: readonly string[], at: number): Found | null {
  const { marks } = fence.exec(lines[at] ?? '')?.groups ?? {}
  if (marks === undefined) return null
  const closes = (line: string) => {
    const end = line.trim()
    return end.length >= marks.length && end === '`'.repeat(end.length)
  }
  let end = at + 1
  while (end < lines.length && !closes(lines[end] ?? '')) end++
  return { block: { is: 'code', text: lines.slice(at + 1, end).join('\n') }, next: end + 1 }
}

const quoteMark = /^ {0,3}> ?/

function quoteAt(lines: readonly string[], at: number, depth: number): Found | null {
  let next = at
  while (quoteMark.test(lines[next] ?? '')) next++
  if (next === at) return null
  const inside = lines.slice(at, next).map(line => line.replace(quoteMark, ''))
  return { block: { is: 'quote', children: blocksOf(inside, depth + 1) }, next }
}

interface Mark {
  /** The sign that all items of a list share: "-", "*", "+", "." or ")". */
  sign: string
  number: number | null
  /** How far the item's own lines are set in. */
  width: number
}

function markOf(line: string | undefined): Mark | null {
  const { before, number, sign, space } =
    /^(?<before> {0,3})(?<number>\d{0,9})(?<sign>[-*+.)])(?<space>[ \t]+)\S/.exec(line ?? '')?.groups ?? {}
  if (before === undefined || number === undefined || sign === undefined || space === undefined) return null
  if ((number === '') === /[.)]/.test(sign)) return null
  const width = before.length + number.length + 1 + Math.min(space.length, 4)
  return { sign, number: number === '' ? null : Number(number), width }
}

function listAt(lines: readonly string[], at: number, depth: number): Found | null {
  const first = markOf(lines[at])
  if (!first) return null
  const items: (readonly Block[])[] = []
  let next = at
  for (let mark: Mark | null = first; mark && mark.sign === first.sign; mark = markOf(lines[next])) {
    const end = endOfItem(lines, next, mark.width)
    const inside = lines
      .slice(next, end)
      .map((line, n) => (n === 0 ? line.slice(mark.width) : setOut(line, mark.width)))
    items.push(blocksOf(inside, depth + 1))
    next = end
    // A blank line between two items does not end the list.
    if (isBlank(lines[next]) && markOf(lines[next + 1])?.sign === first.sign) next++
  }
  return { block: { is: 'list', start: first.number, items }, next }
}

/** The line after an item that begins at `at`: its own lines are set in, or blank before one that is. */
function endOfItem(lines: readonly string[], at: number, width: number): number {
  const isInside = (line: string | undefined) => !isBlank(line) && setIn(line ?? '') >= width
  let end = at + 1
  while (isInside(lines[end]) || (isBlank(lines[end]) && isInside(lines[end + 1]))) end++
  return end
}

const setIn = (line: string): number => /^[ \t]*/.exec(line)?.[0].replaceAll('\t', '    ').length ?? 0

function setOut(line: string, width: number): string {
  const white = /^[ \t]*/.exec(line)?.[0] ?? ''
  return white.replaceAll('\t', '    ').slice(width) + line.slice(white.length)
}

/** Lines up to a blank one, or to one that begins something else; a numbered list does that only from 1 on ("It was\n1984. Then"). */
function paragraphAt(lines: readonly string[], at: number, contains: boolean): Found {
  const isOther = (line: string) => {
    if (fence.test(line)) return true
    const mark = contains ? markOf(line) : null
    return contains && (quoteMark.test(line) || (mark !== null && (mark.number ?? 1) === 1))
  }
  let next = at + 1
  while (!isBlank(lines[next]) && !isOther(lines[next] ?? '')) next++
  const text = lines
    .slice(at, next)
    .map(line => line.trim())
    .join('\n')
  return { block: { is: 'paragraph', children: parseInline(text) }, next }
}
