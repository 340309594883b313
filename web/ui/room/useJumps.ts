import type { RefObject } from 'react'
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react'
import type { MessageId, Seq } from '../../../contract/ids.ts'
import type { CallResult, Opening } from '../../sync/model.ts'
import { useSelect } from '../client.tsx'
import { toastUnless } from '../parts/toast-unless.ts'
import { goTo, indexOf, isThere } from './go-to.ts'
import type { Scrolled } from './scrolled.ts'

const flashMs = 1_600

export interface Jumps {
  /** The key of the row that is lit up for a moment, because somebody jumped to it. */
  flash: string | null
  jumpTo: (message: MessageId) => void
  /** To the first message after a seq that is not one's own. */
  jumpToUnread: (after: Seq) => void
  jumpToLatest: () => void
  /** Whether the list stands where the room opens for good, or where one went. */
  hasArrived: () => boolean
}

/** Where a list is to go. `isOpening`: it is where the room opens, which may yet become another place. `isLoaded`: all was done to load it. */
interface Target {
  readonly to: Opening
  readonly isOpening: boolean
  isLoaded: boolean
}

/** Goes to a line when it is loaded: where the room opens, later what is asked for. */
export function useJumps(scrolled: Scrolled, holdsLine: RefObject<boolean>): Jumps {
  'use no memo'
  const { box, open, at } = scrolled
  const [flash, setFlash] = useFlash()
  const [asked, setAsked] = useState(0)
  const target = useRef<Target | null>(null)
  const hasLeft = useRef(false)
  const turn = useRef(0)
  useOwnScroll(box, () => {
    turn.current++
    holdsLine.current = false
    hasLeft.current = true
    target.current = null
  })
  useTarget(scrolled, { target, hasLeft, holdsLine, turn, asked, setFlash })

  const go = async (to: Opening, load: () => Promise<CallResult<void>>) => {
    hasLeft.current = true
    const mine = { to, isOpening: false, isLoaded: false }
    target.current = mine
    const answer = await load()
    mine.isLoaded = 'ok' in answer
    // Who went or asked for another place meanwhile is not told of this one.
    if (!mine.isLoaded && target.current === mine) {
      target.current = null
      void toastUnless(answer)
    }
    // It may have been loaded already: then nothing else renders anew.
    setAsked(n => n + 1)
  }
  const jumpTo = (id: MessageId) => void go({ is: 'message', id }, () => open.jumpTo(id))
  useFollowed(at, jumpTo)
  return {
    flash,
    jumpTo,
    jumpToUnread: after => void go({ is: 'unread', after }, () => open.jumpToUnread()),
    jumpToLatest: () => void go({ is: 'end' }, () => open.jumpToLatest()),
    hasArrived: useCallback(() => target.current === null, []),
  }
}

interface Going {
  target: RefObject<Target | null>
  /** One went elsewhere than where the room opened. */
  hasLeft: RefObject<boolean>
  holdsLine: RefObject<boolean>
  /** Counts where one went, so that what was begun for one place is not done in another. */
  turn: RefObject<number>
  asked: number
  setFlash: (key: string) => void
}

function useTarget(
  { virtualizer, items, conversation, open }: Scrolled,
  { target, hasLeft, holdsLine, turn, asked, setFlash }: Going,
): void {
  'use no memo'
  const me = useSelect(snapshot => snapshot.me.id)
  const opened = useRef<Opening | null>(null)
  const { opening, isSettled, status } = conversation
  // biome-ignore lint/correctness/useExhaustiveDependencies: `asked` looks again where what was jumped to was loaded already.
  useLayoutEffect(() => {
    if (!hasLeft.current && opened.current !== opening) {
      opened.current = opening
      target.current = { to: opening, isOpening: true, isLoaded: false }
    }
    const now = target.current
    if (!now || items.length === 0 || status !== 'ready') return
    const { to, isOpening, isLoaded } = now
    const index = indexOf(items, to, me)
    const waits = !isThere(conversation, to, index) && !isLoaded
    if (waits && (!isOpening || to.is === 'message')) return
    if (!isOpening || isSettled) target.current = null
    open.jumped()
    if (to.is === 'message') setFlash(to.id)
    const here = ++turn.current
    holdsLine.current = to.is !== 'end' && index >= 0
    goTo(virtualizer, to, index, () => here === turn.current)
  }, [items, asked, opening, isSettled, status, virtualizer])
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

const scrollKeys = new Set(['ArrowUp', 'ArrowDown', 'PageUp', 'PageDown', 'Home', 'End', ' '])

/** Tells that somebody moves the list themselves: by wheel, finger, key or scroll bar. */
function useOwnScroll(box: RefObject<HTMLElement | null>, onScroll: () => void): void {
  const latest = useRef(onScroll)
  useEffect(() => {
    latest.current = onScroll
  })
  useEffect(() => {
    const element = box.current
    if (!element) return
    const notify = () => latest.current()
    const key = (event: KeyboardEvent) => scrollKeys.has(event.key) && notify()
    // What is pressed is the list itself, and none of its lines, where that is the scroll bar.
    const press = (event: PointerEvent) => event.target === element && notify()
    const options = { passive: true }
    element.addEventListener('wheel', notify, options)
    element.addEventListener('touchmove', notify, options)
    element.addEventListener('keydown', key)
    element.addEventListener('pointerdown', press)
    return () => {
      element.removeEventListener('wheel', notify)
      element.removeEventListener('touchmove', notify)
      element.removeEventListener('keydown', key)
      element.removeEventListener('pointerdown', press)
    }
  }, [box])
}
