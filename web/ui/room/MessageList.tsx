import './MessageList.css'
import { useMemo, useRef, useState } from 'react'
import type { Room } from '../../../contract/entities.ts'
import type { MessageId } from '../../../contract/ids.ts'
import { m } from '../../paraglide/messages.js'
import type { ConversationSnapshot, OpenRoom } from '../../sync/model.ts'
import { useSelect } from '../client.tsx'
import { Spinner } from '../parts/Spinner.tsx'
import { Announcer } from './Announcer.tsx'
import type { Item } from './items.ts'
import { layItems } from './items.ts'
import { JumpToLatest, JumpToUnread } from './Jumps.tsx'
import { ListLine } from './ListLine.tsx'
import { moveAmong, tabbedRow, useFocusedRow, useKeptFocus } from './useFocusedRow.ts'
import { useListScroll } from './useListScroll.ts'
import type { List } from './useMessageVirtualizer.ts'
import { useMessageVirtualizer } from './useMessageVirtualizer.ts'
import { useRowActs } from './useRowActs.tsx'
import type { ListDoers } from './useWriting.ts'

export interface MessageListProps extends ListDoers {
  open: OpenRoom
  room: Room
  conversation: ConversationSnapshot
  at: MessageId | undefined
}

/** The conversation: as many lines as the window shows stand in the page, whatever the history holds. */
export function MessageList({ open, room, conversation, at, ...doers }: MessageListProps) {
  'use no memo' // as useMessageVirtualizer says
  const items = useItems(conversation)
  const box = useRef<HTMLDivElement>(null)
  const [active, setActive] = useState<string | null>(null)
  const row = useFocusedRow(items)
  const virtualizer = useMessageVirtualizer(box, items, conversation, row.at)
  const scroll = useListScroll({ virtualizer, box, items, conversation, open, at })
  const acts = useRowActs(open, room, doers, scroll.jumpTo)
  useKeptFocus(items, row, scroll.focusRow, doers.onLeave)
  const given = { open, room, acts, onActive: setActive, onFocused: row.setFocused }
  const lines = linesOf(virtualizer, items)
  const tabbed = tabbedRow(lines, row, scroll.seen)
  const marks = { active, focused: row.focused, tabbed, flash: scroll.flash, size: sizeOf(conversation) }
  return (
    <div className="list-frame">
      <JumpToUnread {...{ room, conversation, scroll, open }} onLeave={doers.onLeave} />
      <div
        ref={box}
        className="list"
        role="feed"
        tabIndex={-1} // Browsers make what scrolls a stop of its own, but its rows are.
        aria-label={m.chat_messages()}
        aria-busy={conversation.status === 'loading'}
        onKeyDown={event => moveAmong(event, { items, at: row.at, seen: scroll.seen }, scroll.focusRow)}
        onPointerLeave={() => setActive(null)}
      >
        {conversation.before && <More />}
        <div className="list-sizer" style={{ height: virtualizer.getTotalSize() }}>
          {lines.map(line => (
            <ListLine key={line.item.key} {...line} {...given} {...marksOf(line.item, marks)} />
          ))}
        </div>
      </div>
      <JumpToLatest {...{ room, conversation, scroll }} onLeave={doers.onLeave} />
      <Announcer {...conversation} />
      {acts.dialog}
    </div>
  )
}

/** The lines that stand in the page, and where. */
const linesOf = ({ getVirtualItems, measureElement: ref }: List, items: readonly Item[]) =>
  getVirtualItems().flatMap(({ index, start }) => {
    const item = items[index]
    return item ? [{ item, place: { ref, index, start } }] : []
  })

function useItems(conversation: ConversationSnapshot): readonly Item[] {
  const me = useSelect(snapshot => snapshot.me.id)
  return useMemo(() => layItems(conversation, me), [conversation, me])
}

interface Marks extends Record<'active' | 'focused' | 'tabbed' | 'flash', string | null> {
  size: number
}

/** What of the list's one active, focused, lit and tabbed row is this one. */
const marksOf = ({ key }: Item, { active, focused, tabbed, flash, size }: Marks) => ({
  active: key === active || key === focused,
  focused: key === focused,
  flash: key === flash,
  tabIndex: key === tabbed ? 0 : -1,
  size,
})

/** How many messages the room has; -1 where that is not known, since not all of it is loaded (ARIA 1.2, aria-setsize). */
const sizeOf = ({ before, after, rows }: ConversationSnapshot): number => (before || after ? -1 : rows.length)

/** Above the first line while there are older ones to come. */
function More() {
  return (
    <div className="list-more">
      <Spinner />
    </div>
  )
}
