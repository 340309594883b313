import { useEffect, useRef } from 'react'
import { whenPainted } from './painted.ts'
import type { Scrolled } from './scrolled.ts'

/** Older and newer pages are asked for when so few lines are left on that side. */
const aheadItems = 12

/** Loads the history ahead of the reader, on both sides. */
export function useLoadAhead({ virtualizer, items, conversation, open }: Scrolled): void {
  'use no memo'
  const loading = useRef(false)
  const range = virtualizer.range
  const start = range?.startIndex ?? 0
  const end = range?.endIndex ?? 0
  const isReady = conversation.status === 'ready' && range !== null
  const before = isReady && conversation.before && start < aheadItems
  const after = isReady && conversation.after && end > items.length - 1 - aheadItems
  const wanted = useRef({ before, after })
  // biome-ignore lint/correctness/useExhaustiveDependencies: a page that did not come is asked for again when the reader moves on.
  useEffect(() => {
    wanted.current = { before, after }
    if (loading.current || !(before || after)) return
    loading.current = true
    const load = async () => {
      const now = wanted.current
      if (now.before) await open.loadBefore()
      else if (now.after) await open.loadAfter()
      loading.current = false
    }
    // A list that was just sent elsewhere stands there only when that is painted: a page before that would move it.
    whenPainted(() => void load())
  }, [before, after, start, end, items, open])
}
