import type { KeyboardEvent } from 'react'
import { useMemo, useRef, useState } from 'react'
import type { Room } from '../../../contract/entities.ts'
import type { MessageId } from '../../../contract/ids.ts'
import { m } from '../../paraglide/messages.js'
import type { Conversation, OpenRoom } from '../../sync/model.ts'
import { useSelect } from '../client.tsx'
import { Spinner } from '../parts/Spinner.tsx'
import { Announcer } from './Announcer.tsx'
import type { Item } from './items.ts'
import { layItems } from './items.ts'
import { JumpToLatest, JumpToUnread } from './Jumps.tsx'
import { ListLine } from './ListLine.tsx'
import type { RowDoers } from './row-acts.tsx'
import { useListScroll } from './useListScroll.ts'
import { useMessageVirtualizer } from './useMessageVirtualizer.ts'
import { useRowActs } from './useRowActs.tsx'
import './MessageList.css'

export interface MessageListProps extends Omit<RowDoers, 'onDelete'> {
  open: OpenRoom
  room: Room
  conversation: Conversation
  at: MessageId | undefined
}

/** The conversation: as many lines as the window shows stand in the page, whatever the history holds. */
export function MessageList({ open, room, conversation, at, ...doers }: MessageListProps) {
  'use no memo' // as useMessageVirtualizer says
  const items = useItems(conversation)
  const box = useRef<HTMLDivElement>(null)
  const [active, setActive] = useState<string | null>(null)
  const { focused, focusedAt, tabbed, setFocused } = useFocusedRow(items)
  const virtualizer = useMessageVirtualizer(box, items, conversation, focusedAt)
  const scroll = useListScroll({ virtualizer, box, items, conversation, open, at })
  const acts = useRowActs(open, room, doers, scroll.jumpTo)
  const given = { open, room, acts, onActive: setActive, onFocused: setFocused }
  const marks = { active, focused, tabbed, flash: scroll.flash }
  return (
    <div className="list-frame">
      <JumpToUnread {...{ room, conversation, scroll, open }} />
      <div
        ref={box}
        className="list"
        role="feed"
        aria-label={m.chat_messages()}
        aria-busy={conversation.status === 'loading'}
        onKeyDown={event => moveAmong(event, items, focusedAt, scroll.focusRow)}
        onPointerLeave={() => setActive(null)}
      >
        {conversation.before && <More />}
        <div className="list-sizer" style={{ height: virtualizer.getTotalSize() }}>
          {virtualizer.getVirtualItems().map(({ index, start }) => {
            const item = items[index]
            const place = { ref: virtualizer.measureElement, index, start }
            return (
              item && <ListLine key={item.key} {...{ item, place }} {...given} {...marksOf(item, marks)} />
            )
          })}
        </div>
      </div>
      <JumpToLatest {...{ room, conversation, scroll }} />
      <Announcer {...conversation} />
      {acts.dialog}
    </div>
  )
}

function useItems(conversation: Conversation): readonly Item[] {
  const me = useSelect(snapshot => snapshot.me.id)
  return useMemo(() => layItems(conversation, me), [conversation, me])
}

type Marks = Record<'active' | 'focused' | 'tabbed' | 'flash', string | null | undefined>

/** What of the list's one active, focused, lit and tabbed row is this one. */
const marksOf = ({ key }: Item, { active, focused, tabbed, flash }: Marks) => ({
  active: key === active || key === focused,
  flash: key === flash,
  tabIndex: key === tabbed ? 0 : -1,
})

/** Which row has the focus, and which would get it by Tab: the last, before any had it. */
function useFocusedRow(items: readonly Item[]) {
  const [focused, setFocused] = useState<string | null>(null)
  const focusedAt = focused === null ? -1 : items.findIndex(item => item.key === focused)
  const tabbed = focusedAt >= 0 ? focused : items.findLast(item => item.is === 'row')?.key
  return { focused, focusedAt, tabbed, setFocused }
}

/** Above the first line while there are older ones to come. */
function More() {
  return (
    <div className="list-more">
      <Spinner />
    </div>
  )
}

/** Arrows go from message to message, Home and End to the first and last that are loaded. */
function moveAmong(
  event: KeyboardEvent<HTMLElement>,
  items: readonly Item[],
  at: number,
  focus: (index: number) => void,
): void {
  if (!(event.target instanceof HTMLElement) || event.target.tagName !== 'ARTICLE') return
  const isRow = (item: Item) => item.is === 'row'
  const to = {
    ArrowUp: items.findLastIndex((item, n) => n < at && isRow(item)),
    ArrowDown: items.findIndex((item, n) => n > at && isRow(item)),
    Home: items.findIndex(isRow),
    End: items.findLastIndex(isRow),
  }[event.key]
  if (to === undefined) return
  event.preventDefault()
  if (to >= 0) focus(to)
}
