import type { Emoji, EmojiList } from './emoji-list.ts'
import { emojiGroups } from './emoji-list.ts'
import { searchEmoji } from './search-emoji.ts'
import type { SkinTone } from './skin-tone.ts'
import { withoutTone, withTone } from './skin-tone.ts'

export type PickerGroup = 'recent' | (typeof emojiGroups)[number]

/** One emoji of the picker, as it is picked. */
export interface Cell {
  char: string
  emoji: Emoji
}

/** A line of the picker: a group's title, or emoji beside each other. */
export type PickerRow = { is: 'title'; group: PickerGroup } | { is: 'emoji'; cells: readonly Cell[] }

/** The lines of the picker: those that fit what was typed, or where nothing was, all of them by group after those used last. */
export function pickerRows(
  list: EmojiList,
  {
    typed,
    recent,
    tone,
    columns,
  }: { typed: string; recent: readonly string[]; tone: SkinTone; columns: number },
): readonly PickerRow[] {
  const toned = (emoji: Emoji): Cell => ({
    char: emoji.toned ? withTone(emoji.char, tone) : emoji.char,
    emoji,
  })
  if (typed.trim() !== '') return inRows(searchEmoji(list, typed).map(toned), columns)
  const used = recent.flatMap(char => {
    const emoji = list.byChar.get(char) ?? list.byChar.get(withoutTone(char))
    return emoji ? [{ char, emoji }] : []
  })
  const group = (name: PickerGroup, cells: readonly Cell[]): readonly PickerRow[] => [
    { is: 'title', group: name },
    ...inRows(cells, columns),
  ]
  return [
    ...group('recent', used),
    ...emojiGroups.flatMap((name, n) => group(name, (list.groups[n] ?? []).map(toned))),
  ]
}

const inRows = (cells: readonly Cell[], columns: number): readonly PickerRow[] =>
  Array.from({ length: Math.ceil(cells.length / columns) }, (_, n) => ({
    is: 'emoji',
    cells: cells.slice(n * columns, (n + 1) * columns),
  }))

/** Which emoji the keys are at. */
export interface PickerPlace {
  row: number
  column: number
}

/** The first emoji, where there is one. */
export function firstPlace(rows: readonly PickerRow[]): PickerPlace | null {
  const row = rows.findIndex(({ is }) => is === 'emoji')
  return row < 0 ? null : { row, column: 0 }
}

/** Where a key leads: sideways on to the next line, up and down over titles and as far as a shorter line goes. Not beyond the ends. */
export function movedTo(rows: readonly PickerRow[], from: PickerPlace, key: string): PickerPlace | null {
  const width = (row: number) => cellsOf(rows[row]).length
  const next = (step: 1 | -1) => {
    let row = from.row + step
    while (rows[row]?.is === 'title') row += step
    return rows[row] ? row : null
  }
  const sideways = (step: 1 | -1): PickerPlace => {
    const column = from.column + step
    if (column >= 0 && column < width(from.row)) return { row: from.row, column }
    const row = next(step)
    return row === null ? from : { row, column: step > 0 ? 0 : width(row) - 1 }
  }
  const upright = (step: 1 | -1): PickerPlace => {
    const row = next(step)
    return row === null ? from : { row, column: Math.min(from.column, width(row) - 1) }
  }
  switch (key) {
    case 'ArrowRight':
      return sideways(1)
    case 'ArrowLeft':
      return sideways(-1)
    case 'ArrowDown':
      return upright(1)
    case 'ArrowUp':
      return upright(-1)
    default:
      return null
  }
}

export const cellsOf = (row: PickerRow | undefined): readonly Cell[] => (row?.is === 'emoji' ? row.cells : [])

/** The id of an emoji's element in a picker. */
export const cellId = (id: string, { row, column }: PickerPlace): string => `${id}-${row}-${column}`
