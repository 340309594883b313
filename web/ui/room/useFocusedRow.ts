import type { KeyboardEvent } from 'react'
import { useEffect, useRef, useState } from 'react'
import type { Item } from './items.ts'
import { seqOf } from './items.ts'
import type { OnScreen } from './useLook.ts'

/** Which row of the list has the focus. */
interface FocusedRow {
  focused: string | null
  /** Its line, or -1. */
  at: number
  setFocused: (key: string | null) => void
}

export function useFocusedRow(items: readonly Item[]): FocusedRow {
  const [focused, setFocused] = useState<string | null>(null)
  const at = focused === null ? -1 : items.findIndex(item => item.key === focused)
  return { focused, at, setFocused }
}

/** The row that gets the focus by Tab: the one that has it, else the last on the screen, of those that stand in the page. */
export function tabbedRow(
  drawn: readonly { readonly item: Item }[],
  { focused, at }: FocusedRow,
  seen: OnScreen | null,
): string | null {
  if (at >= 0) return focused
  const rows = drawn.flatMap(({ item }) => (item.is === 'row' ? [item] : []))
  const isSeen = (item: Item) => seen !== null && (seqOf(item) ?? 0) <= seen.last
  return (rows.findLast(isSeen) ?? rows.at(-1))?.key ?? null
}

/** When the row with the focus is deleted, the one in its place gets it; `leave` is called where there is none. */
export function useKeptFocus(
  items: readonly Item[],
  { focused, at }: FocusedRow,
  focus: (index: number) => void,
  leave: () => void,
): void {
  const last = useRef(-1)
  useEffect(() => {
    if (at >= 0) last.current = at
    if (focused === null || at >= 0 || document.activeElement !== document.body) return
    const next = items.findIndex((item, n) => n >= last.current && item.is === 'row')
    const row = next >= 0 ? next : items.findLastIndex(item => item.is === 'row')
    if (row >= 0) focus(row)
    else leave()
  })
}

const isRow = (item: Item) => item.is === 'row'

/** The line that a key leads to from the line `at`; -1 where there is none, `undefined` for other keys. */
function lineFor(key: string, items: readonly Item[], at: number, page: number): number | undefined {
  switch (key) {
    case 'ArrowUp':
      return items.findLastIndex((item, n) => n < at && isRow(item))
    case 'ArrowDown':
      return items.findIndex((item, n) => n > at && isRow(item))
    case 'Home':
      return items.findIndex(isRow)
    case 'End':
      return items.findLastIndex(isRow)
    case 'PageUp':
      return items.findIndex((item, n) => n >= Math.min(at, Math.max(0, at - page)) && isRow(item))
    case 'PageDown':
      return items.findLastIndex((item, n) => n <= at + page && isRow(item))
    default:
      return undefined
  }
}

/** So many lines are on the screen, but for one that stays in sight when it is left. */
function pageOf(items: readonly Item[], seen: OnScreen | null): number {
  if (!seen) return 1
  const shown = items.filter(item => {
    const seq = seqOf(item)
    return seq !== null && seq >= seen.first && seq <= seen.last
  })
  return Math.max(1, shown.length - 1)
}

/** Arrows go from message to message, the page keys by a screen, Home and End to the first and last that are loaded. */
export function moveAmong(
  event: KeyboardEvent<HTMLElement>,
  { items, at, seen }: { items: readonly Item[]; at: number; seen: OnScreen | null },
  focus: (index: number) => void,
): void {
  if (!(event.target instanceof HTMLElement) || event.target.tagName !== 'ARTICLE') return
  if (event.ctrlKey || event.metaKey || event.altKey) return
  const to = lineFor(event.key, items, at, pageOf(items, seen))
  if (to === undefined) return
  event.preventDefault()
  if (to >= 0) focus(to)
}
