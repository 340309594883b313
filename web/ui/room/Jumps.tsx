import { ArrowDown, ArrowUp } from 'lucide-react'
import type { ReactNode } from 'react'
import { useLayoutEffect, useRef } from 'react'
import type { Room } from '../../../contract/entities.ts'
import type { Seq, UserId } from '../../../contract/ids.ts'
import { limits } from '../../../contract/limits.ts'
import { m } from '../../paraglide/messages.js'
import type { ConversationSnapshot, ListRow, OpenRoom } from '../../sync/model.ts'
import { useSelect } from '../client.tsx'
import { isTouch } from './enter.ts'
import type { ListScroll } from './useListScroll.ts'

interface JumpsProps {
  room: Room
  conversation: ConversationSnapshot
  scroll: ListScroll
  /** Puts the focus in the box. */
  onLeave: () => void
}

/** "12 new messages", at the top, while unread messages are above what is shown: one has jumped over them. */
export function JumpToUnread({ room, scroll, open, onLeave }: JumpsProps & { open: OpenRoom }) {
  const unread = useSelect(snapshot => snapshot.unread.get(room.id) ?? 0)
  const { seen } = scroll
  const from = seen?.unreadFrom ?? null
  if (!seen || from === null || from >= seen.first || unread === 0) return null
  return (
    <Jump at="top" onLeave={onLeave}>
      <button type="button" onClick={() => scroll.jumpToUnread(from - 1)}>
        <ArrowUp />
        {newText(unread)}
      </button>
      <button type="button" onClick={() => void open.markRead()}>
        {m.chat_mark_read()}
      </button>
    </Jump>
  )
}

function newText(count: number): string {
  if (count === 1) return m.chat_new_count_one()
  return m.chat_new_count({ count: countText(count) })
}

const countText = (count: number) => (count > limits.unreadShown ? `${limits.unreadShown}+` : `${count}`)

/**
 * "Jump to latest", at the bottom, while the end is not in sight, with how many of those below are unread. Where messages that are read come
 * before them, it leads to the first of the unread instead.
 */
export function JumpToLatest({ room, conversation, scroll, onLeave }: JumpsProps) {
  const me = useSelect(snapshot => snapshot.me.id)
  const unread = useSelect(snapshot => snapshot.unread.get(room.id) ?? 0)
  const { atEnd, seen } = scroll
  // Before anything was seen, the list is still on its way to where it opens.
  if (!seen || (atEnd !== false && !conversation.after)) return null
  const from = seen.unreadFrom
  const below = unreadBelow(conversation, unread, seen.last, from, me)
  const isAway = from !== null && hasOthersBetween(conversation.rows, seen.last, from)
  const leads = below > 0 && isAway
  return (
    <Jump at="bottom" onLeave={onLeave}>
      <button type="button" onClick={leads ? () => scroll.jumpToUnread(from - 1) : scroll.jumpToLatest}>
        <ArrowDown />
        {leads ? m.chat_jump_next({ count: countText(below) }) : latestText(below)}
      </button>
    </Jump>
  )
}

/** It goes when it was pressed: the focus, where it has that, goes on to the box. A finger has none to lose. */
function Jump({ at, onLeave, children }: { at: string; onLeave: () => void; children: ReactNode }) {
  const frame = useRef<HTMLDivElement>(null)
  useLayoutEffect(() => {
    const { current } = frame
    return () => {
      if (current?.contains(document.activeElement) && !isTouch()) onLeave()
    }
  }, [onLeave])
  return (
    <div ref={frame} className="jump" data-at={at}>
      {children}
    </div>
  )
}

const latestText = (below: number) =>
  below === 0 ? m.chat_jump_latest() : m.chat_jump_latest_new({ count: countText(below) })

/** How many messages below the last that is seen are unread: those that are loaded, and what the room's count knows beyond them. */
function unreadBelow(
  { rows, after }: ConversationSnapshot,
  unread: number,
  last: Seq,
  from: Seq | null,
  me: UserId,
): number {
  if (from === null || unread === 0) return 0
  const seqs = rows.flatMap(row =>
    row.is === 'message' && row.message.author !== me && row.message.seq >= from ? [row.message.seq] : [],
  )
  const loaded = seqs.filter(seq => seq > last).length
  if (!after || unread > limits.unreadShown) return after ? unread : loaded
  return Math.max(loaded, unread - (seqs.length - loaded))
}

const hasOthersBetween = (rows: readonly ListRow[], last: Seq, from: Seq) =>
  rows.some(row => row.is === 'message' && row.message.seq > last && row.message.seq < from)
