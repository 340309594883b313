import { hasVisible } from '../visible.ts'
import { parseInline, plainInline } from './inline.ts'
import { alignsAt, tableAt } from './table.ts'
import type { Block, FoundBlock, Inline } from './tree.ts'

/** Deeper than this, quotes and lists are shown as they were written. */
const deepest = 8

/**
 * Reads a message's text as CommonMark does, as far as the tree has elements for it, but for what a chat means otherwise: a line break is
 * kept, a quote or list ends with its last marked line, numbers stay as written, and headings, rules, indented code, images, references
 * and HTML are text. What would show nothing is shown as it was typed; nothing at all only where nothing was typed that could be seen.
 * Every part of the text is looked at a bounded number of times, whatever it is, and no letter of it is lost.
 */
export function parse(text: string): readonly Block[] {
  const blocks = blocksOf(linesOf(text), 0)
  return blocks.some(shows) ? blocks : parsePlain(text)
}

/** Reads text in which nothing is a mark, such as what was imported from where there was none. */
export function parsePlain(text: string): readonly Block[] {
  return hasVisible(text)
    ? [{ is: 'paragraph', children: plainInline(linesOf(text).join('\n').trimEnd()) }]
    : []
}

const linesOf = (text: string): readonly string[] => text.split(/\r\n|\r|\n/)

function shows(block: Block): boolean {
  switch (block.is) {
    case 'paragraph':
      return block.children.some(inlineShows)
    case 'quote':
      return block.children.some(shows)
    case 'list':
      return block.items.some(item => item.some(shows))
    case 'code':
      return hasVisible(block.text)
    case 'table':
      return block.rows.some(row => row.some(cell => cell.some(inlineShows)))
  }
}

const inlineShows = (part: Inline): boolean =>
  'children' in part
    ? part.children.some(inlineShows)
    : part.is === 'mention' || (part.is !== 'break' && hasVisible(part.text))

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

const isBlank = (line: string | undefined): boolean => line === undefined || line.trim() === ''

function blockAt(lines: readonly string[], at: number, depth: number): FoundBlock {
  const apart = codeAt(lines, at) ?? tableAt(lines, at)
  if (apart) return apart
  const contains = depth < deepest
  return (
    (contains && (quoteAt(lines, at, depth) ?? listAt(lines, at, depth))) || paragraphAt(lines, at, contains)
  )
}

/** The backticks that begin code here: three or more, and the name of a language at most; more after them is text that must not vanish. */
function fenceOf(line: string | undefined): { marks: number; language: string } | null {
  const { marks = '' } = /^ {0,3}(?<marks>`*)/.exec(line ?? '')?.groups ?? {}
  if (marks.length < 3) return null
  const language = (line ?? '').slice((line ?? '').indexOf('`') + marks.length).trim()
  return /^[\w+#.-]*$/.test(language) ? { marks: marks.length, language } : null
}

/** Code between fences, or from a fence to the end (CommonMark 0.31, section 4.5). */
function codeAt(lines: readonly string[], at: number): FoundBlock | null {
  const fence = fenceOf(lines[at])
  if (fence === null) return null
  const { marks, language } = fence
  const closes = (line: string) => {
    const end = line.trim()
    return end.length >= marks && end === '`'.repeat(end.length)
  }
  let end = at + 1
  while (end < lines.length && !closes(lines[end] ?? '')) end++
  const text = lines.slice(at + 1, end).join('\n')
  return { block: { is: 'code', text, ...(language !== '' && { language }) }, next: end + 1 }
}

/** A quote is marked by a sign and a space, or one more sign: ">.<" and ">=" are none. */
const quoteMark = /^ {0,3}>(?: |\t|(?=> ))/
/** Within a quote, the sign alone is an empty line of it. */
const quoteGap = /^ {0,3}>$/

function quoteAt(lines: readonly string[], at: number, depth: number): FoundBlock | null {
  if (!quoteMark.test(lines[at] ?? '')) return null
  let next = at
  while (quoteMark.test(lines[next] ?? '') || quoteGap.test(lines[next] ?? '')) next++
  const inside = lines.slice(at, next).map(line => line.replace(quoteMark, '').replace(quoteGap, ''))
  return { block: { is: 'quote', children: blocksOf(inside, depth + 1) }, next }
}

interface Mark {
  /** The sign that all items of a list share: "-", "*", "." or ")". */
  sign: string
  /** The number as it was written. */
  number: string
  /** How far the item's own lines are set in. */
  width: number
}

function markOf(line: string | undefined): Mark | null {
  const { before, number, sign, space } =
    /^(?<before> {0,3})(?<number>\d{0,9})(?<sign>[-*.)])(?<space>[ \t]+)\S/.exec(line ?? '')?.groups ?? {}
  if (before === undefined || number === undefined || sign === undefined || space === undefined) return null
  if ((number === '') === /[.)]/.test(sign)) return null
  const width = before.length + number.length + 1 + Math.min(space.length, 4)
  return { sign, number, width }
}

function listAt(lines: readonly string[], at: number, depth: number): FoundBlock | null {
  const first = markOf(lines[at])
  if (!first) return null
  const items: (readonly Block[])[] = []
  const marks: string[] = []
  const tasks: (boolean | null)[] = []
  let next = at
  for (let mark: Mark | null = first; mark && mark.sign === first.sign; mark = markOf(lines[next])) {
    const end = endOfItem(lines, next, mark.width)
    const inside = lines
      .slice(next, end)
      .map((line, n) => (n === 0 ? line.slice(mark.width) : setOut(line, mark.width)))
    const task = /^\[(?<box>[ xX])\][ \t](?=[ \t]*\S)/.exec(inside[0] ?? '')
    tasks.push(task ? task.groups?.box !== ' ' : null)
    if (task) inside[0] = (inside[0] ?? '').slice(task[0].length).trimStart()
    items.push(blocksOf(inside, depth + 1))
    marks.push(mark.number + mark.sign)
    next = end
    // A blank line between two items does not end the list.
    if (isBlank(lines[next]) && markOf(lines[next + 1])?.sign === first.sign) next++
  }
  const tasked = tasks.some(task => task !== null) && { tasks }
  return { block: { is: 'list', marks: first.number === '' ? null : marks, items, ...tasked }, next }
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
function paragraphAt(lines: readonly string[], at: number, contains: boolean): FoundBlock {
  const isOther = (line: string) => {
    if (fenceOf(line)) return true
    const mark = contains ? markOf(line) : null
    return contains && (quoteMark.test(line) || (mark !== null && ['', '1'].includes(mark.number)))
  }
  let next = at + 1
  while (!isBlank(lines[next]) && !isOther(lines[next] ?? '') && !alignsAt(lines, next)) next++
  const text = lines
    .slice(at, next)
    .map(line => line.trim())
    .join('\n')
  return { block: { is: 'paragraph', children: parseInline(text) }, next }
}
