import { useEffect, useRef, useState } from 'react'
import type { Item } from './items.ts'
import { seqOf } from './items.ts'
import type { OnScreen } from './useLook.ts'

/** Which row of the list has the focus. */
export interface FocusedRow {
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
