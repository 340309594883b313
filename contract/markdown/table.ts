import { parseInline } from './inline.ts'
import type { Align, FoundBlock } from './tree.ts'

/** More columns are text as it was typed: no screen shows them. */
const maxColumns = 50

/**
 * A table (GitHub Flavored Markdown 0.29, section 4.10): a line with bars, below it one that says where its columns stand, and lines with bars. It
 * ends with the last of them, and keeps cells that have no head.
 */
export function tableAt(lines: readonly string[], at: number): FoundBlock | null {
  const align = alignsAt(lines, at)
  if (!align) return null
  let next = at + 2
  while ((lines[next] ?? '').includes('|')) next++
  const read = (line: string) => cellsIn(line).map(parseInline)
  const rows = [lines[at] ?? '', ...lines.slice(at + 2, next)].map(read)
  return { block: { is: 'table', align, rows }, next }
}

/** Where the columns of a table that begins here stand; `null`: none does. */
export function alignsAt(lines: readonly string[], at: number): readonly Align[] | null {
  const [head = '', rule = ''] = [lines[at], lines[at + 1]]
  if (!head.includes('|') || !/^[ \t|:-]+$/.test(rule) || !/[|:]/.test(rule)) return null
  const columns = cellsIn(rule)
  if (columns.length === 0 || columns.length > maxColumns) return null
  if (cellsIn(head).length !== columns.length) return null
  const align = columns.map(alignOf)
  return align.some(one => one === undefined) ? null : align.map(one => one ?? null)
}

function alignOf(rule: string): Align | undefined {
  if (!/^:?-+:?$/.test(rule)) return undefined
  if (rule.startsWith(':') && rule.endsWith(':')) return 'center'
  return rule.endsWith(':') ? 'end' : rule.startsWith(':') ? 'start' : null
}

/** What stands between the bars of a line; a bar after a backslash is none. */
function cellsIn(line: string): readonly string[] {
  const cells: string[] = []
  const within = line.trim()
  let cell = ''
  for (let at = within.startsWith('|') ? 1 : 0; at < within.length; at++) {
    const isEscaped = within[at] === '\\' && within[at + 1] === '|'
    if (within[at] === '|') {
      cells.push(cell.trim())
      cell = ''
    } else cell += isEscaped ? '|' : (within[at] ?? '')
    if (isEscaped) at++
  }
  return cell.trim() === '' && within.endsWith('|') ? cells : [...cells, cell.trim()]
}
