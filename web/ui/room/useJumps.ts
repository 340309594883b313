import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react'
import type { MessageId, Seq } from '../../../contract/ids.ts'
import { m } from '../../paraglide/messages.js'
import type { Opening } from '../../sync/model.ts'
import { useSelect } from '../client.tsx'
import { toast } from '../parts/toast.ts'
import { goTo, indexOf } from './go-to.ts'
import type { Scrolled } from './useListScroll.ts'
import { useOwnScroll } from './useOwnScroll.ts'

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

/** Goes to a line when it is loaded: where the room opens, later what is asked for. */
export function useJumps(scrolled: Scrolled): Jumps {
  'use no memo'
  const { items, conversation, open, box, at, virtualizer } = scrolled
  const [flash, setFlash] = useFlash()
  const [asked, setAsked] = useState(0)
  const target = useRef<Opening | null>(null)
  const followed = useRef<Opening | null>(null)
  const me = useSelect(snapshot => snapshot.me.id)
  const hasLeft = useRef(false)
  const gone = useRef(0)
  useOwnScroll(box, () => {
    gone.current++
    hasLeft.current = true
    target.current = null
  })

  // biome-ignore lint/correctness/useExhaustiveDependencies: `asked` looks again where what was jumped to was loaded already.
  useLayoutEffect(() => {
    const { opening, isSettled, status } = conversation
    if (!hasLeft.current && followed.current !== opening) {
      followed.current = opening
      target.current = opening
    }
    const to = target.current
    if (!to || items.length === 0 || status !== 'ready') return
    const index = indexOf(items, to, me)
    if (index < 0 && to.is === 'message') return
    // Where a room opens may be another place as long as it is not settled.
    if (isSettled || to !== opening) target.current = null
    open.jumped()
    if (to.is === 'message') setFlash(to.id)
    const turn = ++gone.current
    goTo(virtualizer, to, index, () => turn === gone.current)
  }, [items, asked, conversation.opening, conversation.isSettled, conversation.status, virtualizer])

  const go = async (to: Opening, load: () => Promise<boolean>) => {
    hasLeft.current = true
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
    jumpToUnread: after => void go({ is: 'unread', after }, () => open.jumpToUnread()),
    jumpToLatest: () => void go({ is: 'end' }, () => open.jumpToLatest().then(() => true)),
    hasArrived: useCallback(() => target.current === null, []),
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
