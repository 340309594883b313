import { useEffect, useRef } from 'react'
import type { Scrolled } from './useListScroll.ts'

/** Older and newer pages are asked for when so few lines are left on that side. */
const aheadItems = 12

/** Loads the history ahead of the reader, on both sides. */
export function useLoadAhead({ virtualizer, items, conversation, open }: Scrolled): void {
  'use no memo'
  const loading = useRef(false)
  const range = virtualizer.range
  const start = range?.startIndex ?? 0
  const end = range?.endIndex ?? 0
  const before = conversation.before && range !== null && start < aheadItems
  const after = conversation.after && range !== null && end > items.length - 1 - aheadItems
  // biome-ignore lint/correctness/useExhaustiveDependencies: a page that did not come is asked for again when the reader moves on.
  useEffect(() => {
    if (loading.current || conversation.status !== 'ready' || !(before || after)) return
    loading.current = true
    const page = before ? open.loadBefore() : open.loadAfter()
    void page.finally(() => {
      loading.current = false
    })
  }, [before, after, start, end, items, conversation.status, open])
}
