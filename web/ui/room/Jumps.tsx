import { ArrowDown, ArrowUp, X } from 'lucide-react'
import { useEffect, useState } from 'react'
import type { Room } from '../../../contract/entities.ts'
import { limits } from '../../../contract/limits.ts'
import { m } from '../../paraglide/messages.js'
import type { Conversation, OpenRoom } from '../../sync/model.ts'
import { useSelect } from '../client.tsx'
import { IconButton } from '../parts/IconButton.tsx'
import type { Item } from './items.ts'
import type { ListScroll } from './useListScroll.ts'

interface JumpToUnreadProps {
  room: Room
  items: readonly Item[]
  conversation: Conversation
  scroll: ListScroll
  open: OpenRoom
}

/** "12 new messages", at the top, while the line where one left off is above what is shown. */
export function JumpToUnread({ room, items, conversation, scroll, open }: JumpToUnreadProps) {
  const unread = useSelect(snapshot => snapshot.unread.get(room.id) ?? 0)
  const [count] = useState(unread)
  const [done, setDone] = useState(false)
  const line = items.findIndex(item => item.is === 'new')
  const above = line < 0 ? conversation.before : line < scroll.firstShown
  const seen = line >= 0 && !above
  useEffect(() => {
    if (seen) setDone(true)
  }, [seen])
  if (done || !above || count === 0 || conversation.newAfter === null) return null
  const leave = (act: () => void) => () => {
    setDone(true)
    act()
  }
  return (
    <div className="jump" data-top="">
      <button type="button" onClick={leave(scroll.jumpToUnread)}>
        <ArrowUp />
        {newText(count)}
      </button>
      <IconButton label={m.chat_mark_read()} icon={<X />} onClick={leave(() => void open.markRead())} />
    </div>
  )
}

function newText(count: number): string {
  if (count === 1) return m.chat_new_count_one()
  return m.chat_new_count({ count: count > limits.unreadShown ? `${limits.unreadShown}+` : `${count}` })
}

/** "Jump to latest", at the bottom, while the end is not in sight, with how many messages came since it was. */
export function JumpToLatest({ conversation, scroll }: { conversation: Conversation; scroll: ListScroll }) {
  const me = useSelect(snapshot => snapshot.me.id)
  const [seenTo, setSeenTo] = useState(0)
  const { rows, after, newer } = conversation
  const head = rows.findLast(row => row.is === 'message')
  const headSeq = head?.is === 'message' ? head.message.seq : 0
  if (scroll.atEnd && !after && seenTo !== headSeq) setSeenTo(headSeq)
  if (scroll.atEnd !== false && !after) return null
  const count = after
    ? newer
    : rows.filter(row => row.is === 'message' && row.message.seq > seenTo && row.message.author !== me).length
  return (
    <div className="jump" data-bottom="">
      <button type="button" onClick={scroll.jumpToLatest}>
        <ArrowDown />
        {count === 0 ? m.chat_jump_latest() : newText(count)}
      </button>
    </div>
  )
}
