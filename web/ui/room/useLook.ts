import type { RefObject } from 'react'
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react'
import type { Seq } from '../../../contract/ids.ts'
import type { OpenRoom } from '../../sync/model.ts'
import type { Item } from './items.ts'
import { newestOf, seqOf } from './items.ts'
import { whenPainted } from './painted.ts'
import type { Placed } from './seen.ts'
import { seenIn } from './seen.ts'

/** What is on the screen, and from which message on the room is unread; that may be before, in or after it. */
export interface OnScreen {
  readonly first: Seq
  readonly last: Seq
  readonly unreadFrom: Seq | null
}

interface Looked {
  box: RefObject<HTMLDivElement | null>
  items: readonly Item[]
  open: OpenRoom
  /** Whether the end of the history is on the screen. */
  atEnd: boolean
  /** Whether the list stands where the room opens for good, or where one went. */
  hasArrived: () => boolean
}

/** Tells the room what of it is on the screen, after it was painted: that is where one is, and, where somebody looks at the page, what is read. */
export function useLook(looked: Looked): OnScreen | null {
  'use no memo'
  const [seen, setSeen] = useState<OnScreen | null>(null)
  const latest = useRef(looked)
  const planned = useRef<(() => void) | null>(null)
  const plan = useCallback(() => {
    planned.current ??= whenPainted(() => {
      planned.current = null
      const now = look(latest.current)
      setSeen(before => (isSame(before, now) ? before : now))
    })
  }, [])
  useLayoutEffect(() => {
    latest.current = looked
    plan()
  })
  const { box } = looked
  useEffect(() => {
    const element = box.current
    element?.addEventListener('scroll', plan, { passive: true })
    for (const event of ['focus', 'blur', 'resize']) addEventListener(event, plan)
    document.addEventListener('visibilitychange', plan)
    return () => {
      planned.current?.()
      planned.current = null
      element?.removeEventListener('scroll', plan)
      for (const event of ['focus', 'blur', 'resize']) removeEventListener(event, plan)
      document.removeEventListener('visibilitychange', plan)
    }
  }, [box, plan])
  return seen
}

function look({ box, items, open, atEnd, hasArrived }: Looked): OnScreen | null {
  const element = box.current
  if (!element) return null
  const seen = seenIn(placedIn(element, items), element.clientHeight)
  if (!seen) return null
  const { first, last, offset } = seen
  const unreadFrom = open.look({
    first,
    last,
    newest: newestOf(items),
    ...(hasArrived() && { position: atEnd ? null : { seq: first, offset } }),
    isWatched: document.visibilityState === 'visible' && document.hasFocus(),
  })
  return { first, last, unreadFrom }
}

/** The messages that stand in the page. */
function placedIn(element: HTMLElement, items: readonly Item[]): Placed[] {
  const { top } = element.getBoundingClientRect()
  return [...element.querySelectorAll<HTMLElement>('.list-item')].flatMap(line => {
    const item = items[Number(line.dataset.index)]
    const seq = item && seqOf(item)
    if (seq === null || seq === undefined) return []
    const at = line.getBoundingClientRect()
    return [{ seq, top: at.top - top, bottom: at.bottom - top }]
  })
}

const isSame = (a: OnScreen | null, b: OnScreen | null) =>
  a?.first === b?.first && a?.last === b?.last && a?.unreadFrom === b?.unreadFrom
