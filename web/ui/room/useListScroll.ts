import type { Virtualizer } from '@tanstack/react-virtual'
import type { RefObject } from 'react'
import { useEffect, useLayoutEffect, useRef, useState } from 'react'
import type { MessageId } from '../../../contract/ids.ts'
import { m } from '../../paraglide/messages.js'
import type { Conversation, OpenRoom } from '../../sync/model.ts'
import { useSelect } from '../client.tsx'
import { toast } from '../parts/toast.ts'
import type { Item } from './items.ts'
import { endPx } from './useMessageVirtualizer.ts'

/** Older and newer pages are asked for when so few lines are left on that side. */
const aheadItems = 12
const flashMs = 1_600

type Target = { is: 'end' } | { is: 'new' } | { is: 'message'; id: MessageId }

export interface ListScroll {
  /** `null` before it is known. */
  atEnd: boolean | null
  /** The key of the row that is lit up for a moment, because somebody jumped to it. */
  flash: string | null
  firstShown: number
  jumpTo: (message: MessageId) => void
  jumpToUnread: () => void
  jumpToLatest: () => void
  focusRow: (index: number) => void
}

type List = Virtualizer<HTMLDivElement, Element>

interface Scrolled {
  virtualizer: List
  box: RefObject<HTMLDivElement | null>
  items: readonly Item[]
  conversation: Conversation
  open: OpenRoom
  at: MessageId | undefined
}

/** Where the list stands: opens it at the right place, loads ahead of the reader, jumps, and tells when everything is read. */
export function useListScroll(scrolled: Scrolled): ListScroll {
  'use no memo'
  const { virtualizer, box, items, conversation, open } = scrolled
  const atEnd = useAtEnd(box)
  const jumps = useJumps(scrolled)
  useLoadAhead(virtualizer, items, conversation, open)
  useMarkRead(atEnd === true && !conversation.after, items, open)
  return {
    ...jumps,
    atEnd,
    firstShown: virtualizer.range?.startIndex ?? 0,
    focusRow: index => {
      virtualizer.scrollToIndex(index, { align: 'auto' })
      requestAnimationFrame(() => {
        box.current?.querySelector<HTMLElement>(`[data-index="${index}"] article`)?.focus()
      })
    },
  }
}

/** Goes to a line when it is loaded: where one left off as the room opens, later what is asked for. */
function useJumps({ virtualizer, items, conversation, open, at }: Scrolled) {
  'use no memo'
  const [flash, setFlash] = useFlash()
  const [asked, setAsked] = useState(0)
  const target = useRef<Target | null>(at ? { is: 'message', id: at } : { is: 'new' })

  // biome-ignore lint/correctness/useExhaustiveDependencies: `asked` looks again where what was jumped to was loaded already.
  useLayoutEffect(() => {
    const to = target.current
    if (!to || items.length === 0 || conversation.status !== 'ready') return
    const index = indexOf(items, to)
    if (index < 0 && to.is === 'message') return
    target.current = null
    if (index < 0 || to.is === 'end') virtualizer.scrollToEnd()
    else virtualizer.scrollToIndex(index, { align: to.is === 'message' ? 'center' : 'start' })
    if (to.is === 'message') setFlash(to.id)
  }, [items, asked, conversation.status, virtualizer])

  const go = async (to: Target, load: () => Promise<boolean>) => {
    target.current = to
    const found = await load()
    if (!found) target.current = null
    if (!found && to.is === 'message') toast(m.chat_message_gone(), true)
    // It may have been loaded already: then nothing else renders anew.
    setAsked(n => n + 1)
  }
  const jumpTo = (id: MessageId) => void go({ is: 'message', id }, () => open.jumpTo(id))
  useFollowed(at, jumpTo)
  return {
    flash,
    jumpTo,
    jumpToUnread: () => void go({ is: 'new' }, () => open.jumpToUnread()),
    jumpToLatest: () => void go({ is: 'end' }, () => open.jumpToLatest().then(() => true)),
  }
}

/** A permalink that is followed while the room stands open. */
function useFollowed(at: MessageId | undefined, jumpTo: (message: MessageId) => void): void {
  const shown = useRef(at)
  useEffect(() => {
    if (at && at !== shown.current) jumpTo(at)
    shown.current = at
  })
}

function useFlash() {
  const [flash, setFlash] = useState<string | null>(null)
  useEffect(() => {
    if (flash === null) return
    const timer = setTimeout(() => setFlash(null), flashMs)
    return () => clearTimeout(timer)
  }, [flash])
  return [flash, setFlash] as const
}

function indexOf(items: readonly Item[], to: Target): number {
  if (to.is === 'end') return items.length - 1
  if (to.is === 'new') return items.findIndex(item => item.is === 'new')
  return items.findIndex(item => item.key === to.id)
}

/**
 * Whether the newest line that is loaded is in sight; `null` before it was looked. A list that stood at its end stays there when its
 * window shrinks, such as by a box that grows.
 */
function useAtEnd(box: RefObject<HTMLDivElement | null>): boolean | null {
  const [atEnd, setAtEnd] = useState<boolean | null>(null)
  const was = useRef(false)
  useEffect(() => {
    const element = box.current
    if (!element) return
    const look = () => {
      was.current = element.scrollHeight - element.scrollTop - element.clientHeight <= endPx
      setAtEnd(was.current)
    }
    const resized = new ResizeObserver(entries => {
      const shrunk = entries.some(({ target }) => target === element)
      if (shrunk && was.current) element.scrollTop = element.scrollHeight
      look()
    })
    resized.observe(element)
    for (const part of element.children) resized.observe(part)
    element.addEventListener('scroll', look, { passive: true })
    return () => {
      resized.disconnect()
      element.removeEventListener('scroll', look)
    }
  }, [box])
  return atEnd
}

function useLoadAhead(
  virtualizer: List,
  items: readonly Item[],
  conversation: Conversation,
  open: OpenRoom,
): void {
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

/** What is on the screen of somebody who is looking is read. */
function useMarkRead(seen: boolean, items: readonly Item[], open: OpenRoom): void {
  const unread = useSelect(snapshot => snapshot.unread.has(open.room))
  const member = useSelect(snapshot => snapshot.memberships.has(open.room))
  useEffect(() => {
    if (!seen || !unread || !member || items.length === 0) return
    const mark = () => {
      if (document.visibilityState === 'visible' && document.hasFocus()) void open.markRead()
    }
    mark()
    addEventListener('focus', mark)
    document.addEventListener('visibilitychange', mark)
    return () => {
      removeEventListener('focus', mark)
      document.removeEventListener('visibilitychange', mark)
    }
  }, [seen, unread, member, items, open])
}
