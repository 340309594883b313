import type { Range, Virtualizer } from '@tanstack/react-virtual'
import { defaultRangeExtractor, useVirtualizer } from '@tanstack/react-virtual'
import type { RefObject } from 'react'
import { useCallback } from 'react'
import type { ConversationSnapshot } from '../../sync/model.ts'
import type { Item } from './items.ts'

/** The list's lines, and where they stand. */
export type List = Virtualizer<HTMLDivElement, Element>

/** So near to the end, in px, counts as being there. */
export const endPx = 60

/**
 * Which lines of a conversation stand in the page, and where. C2: what is being read does not move when lines come above or below.
 * `focusedAt`: the line that has the focus, or -1.
 */
export function useMessageVirtualizer(
  box: RefObject<HTMLDivElement | null>,
  items: readonly Item[],
  conversation: ConversationSnapshot,
  focusedAt: number,
) {
  // The virtualizer changes inside while its identity stays: the compiler must not remember what it answered.
  'use no memo'
  return useVirtualizer<HTMLDivElement, Element>({
    count: items.length,
    getScrollElement: () => box.current,
    estimateSize: useCallback((n: number) => guess(items[n]), [items]),
    getItemKey: useCallback((n: number) => items[n]?.key ?? n, [items]),
    // The row with the focus stays in the page when it is scrolled away: its focus would be lost.
    rangeExtractor: (range: Range) => {
      const shown = defaultRangeExtractor(range)
      return focusedAt < 0 || shown.includes(focusedAt) ? shown : [...shown, focusedAt].sort((a, b) => a - b)
    },
    anchorTo: 'end',
    scrollEndThreshold: conversation.after ? 1 : endPx,
    overscan: 10,
    paddingStart: 56,
    paddingEnd: 6,
    scrollPaddingStart: 48,
  })
}

/** About how high a line is before it was measured, in px. */
function guess(item: Item | undefined): number {
  if (item?.is === 'beginning') return 180
  if (item?.is !== 'row') return 40
  const { text } = item.row.is === 'message' ? item.row.message : item.row.draft
  return (item.lead ? 30 : 3) + 22 * Math.max(1, Math.ceil(text.length / 90), text.split('\n').length)
}
