import type { Range } from '@tanstack/react-virtual'
import { defaultRangeExtractor, useVirtualizer } from '@tanstack/react-virtual'
import type { KeyboardEvent } from 'react'
import { useCallback, useMemo, useRef, useState } from 'react'
import type { Message, Room } from '../../../contract/entities.ts'
import type { MessageId } from '../../../contract/ids.ts'
import { m } from '../../paraglide/messages.js'
import type { Conversation, OpenRoom, Row } from '../../sync/model.ts'
import { useSelect } from '../client.tsx'
import { Spinner } from '../parts/Spinner.tsx'
import { useWatch } from '../people/useWatch.ts'
import { Announcer } from './Announcer.tsx'
import { Beginning } from './Beginning.tsx'
import type { Item } from './items.ts'
import { layItems } from './items.ts'
import { JumpToLatest, JumpToUnread } from './Jumps.tsx'
import { DayLine, NewLine } from './Lines.tsx'
import { MessageRow } from './MessageRow.tsx'
import { useListScroll } from './useListScroll.ts'
import { useRowActs } from './useRowActs.tsx'
import './MessageList.css'

export interface MessageListProps {
  open: OpenRoom
  room: Room
  conversation: Conversation
  at: MessageId | undefined
  onReply: (message: Message) => void
  onEdit: (message: Message) => void
  /** The text of a row that was not sent, taken back to be changed. */
  onAmend: (text: string) => void
}

/** About how high a line is before it was measured, in px. */
function guess(item: Item | undefined): number {
  if (item?.is === 'beginning') return 180
  if (item?.is !== 'row') return 40
  const text = item.row.is === 'message' ? item.row.message.text : item.row.draft.text
  return (item.lead ? 30 : 3) + 22 * Math.max(1, Math.ceil(text.length / 90), text.split('\n').length)
}

/**
 * The conversation: as many lines as the window shows stand in the page, whatever the history holds. C2: what is being read does not
 * move when lines come above or below; at the end, new ones are followed.
 */
export function MessageList(props: MessageListProps) {
  // The virtualizer changes inside while its identity stays: the compiler must not remember what it answered.
  'use no memo'
  const { open, room, conversation, at } = props
  const me = useSelect(snapshot => snapshot.me.id)
  const items = useMemo(() => layItems(conversation, me), [conversation, me])
  const box = useRef<HTMLDivElement>(null)
  const [focused, setFocused] = useState<string | null>(null)
  const [active, setActive] = useState<string | null>(null)
  const focusedAt = focused === null ? -1 : items.findIndex(item => item.key === focused)

  const virtualizer = useVirtualizer({
    count: items.length,
    getScrollElement: () => box.current,
    estimateSize: useCallback((n: number) => guess(items[n]), [items]),
    getItemKey: useCallback((n: number) => items[n]?.key ?? n, [items]),
    // The row with the focus stays in the page when it is scrolled away: its focus would be lost.
    rangeExtractor: (range: Range) => {
      const shown = defaultRangeExtractor(range)
      return focusedAt < 0 || shown.includes(focusedAt) ? shown : [...shown, focusedAt].sort((a, b) => a - b)
    },
    anchorTo: 'end',
    followOnAppend: !conversation.after,
    scrollEndThreshold: conversation.after ? 1 : 60,
    overscan: 10,
    paddingStart: 56,
    paddingEnd: 6,
    scrollPaddingStart: 48,
  })
  const scroll = useListScroll({ virtualizer, box, items, conversation, open, at })
  const acts = useRowActs({ ...props, jumpTo: scroll.jumpTo })
  const shown = virtualizer.getVirtualItems()
  useWatch(useAuthors(conversation.rows))

  const last = items.findLast(item => item.is === 'row')?.key
  const tabbed = focusedAt >= 0 ? focused : last
  return (
    <div className="list-frame">
      <JumpToUnread room={room} items={items} conversation={conversation} scroll={scroll} open={open} />
      <div
        ref={box}
        className="list"
        role="feed"
        aria-label={m.chat_messages()}
        aria-busy={conversation.status === 'loading'}
        onKeyDown={event => moveAmong(event, items, focusedAt, n => scroll.focusRow(n))}
        onPointerLeave={() => setActive(null)}
      >
        {conversation.before && (
          <div className="list-more">
            <Spinner />
          </div>
        )}
        <div className="list-sizer" style={{ height: virtualizer.getTotalSize() }}>
          {shown.map(({ index, key, start }) => {
            const item = items[index]
            return (
              item && (
                <div
                  key={key}
                  ref={virtualizer.measureElement}
                  data-index={index}
                  className="list-item"
                  style={{ transform: `translateY(${start}px)` }}
                >
                  <ItemView
                    item={item}
                    {...{ open, room, acts }}
                    active={active === item.key || focused === item.key}
                    flash={scroll.flash === item.key}
                    tabIndex={item.key === tabbed ? 0 : -1}
                    onActive={setActive}
                    onFocused={setFocused}
                  />
                </div>
              )
            )
          })}
        </div>
      </div>
      <JumpToLatest conversation={conversation} scroll={scroll} />
      <Announcer rows={conversation.rows} after={conversation.after} />
      {acts.dialog}
    </div>
  )
}

interface ItemViewProps {
  item: Item
  open: OpenRoom
  room: Room
  acts: ReturnType<typeof useRowActs>
  active: boolean
  flash: boolean
  tabIndex: number
  onActive: (key: string | null) => void
  onFocused: (key: string | null) => void
}

function ItemView({ item, room, ...rest }: ItemViewProps) {
  switch (item.is) {
    case 'beginning':
      return <Beginning room={room} />
    case 'day':
      return <DayLine at={item.at} />
    case 'new':
      return <NewLine />
    case 'row':
      return <MessageRow key={item.key} item={item} {...rest} />
  }
}

/** The authors of what is loaded: their presence is shown on their cards. */
function useAuthors(rows: readonly Row[]) {
  return useMemo(
    () => [...new Set(rows.flatMap(row => (row.is === 'message' ? [row.message.author] : [])))].slice(-100),
    [rows],
  )
}

/** Arrows go from message to message, Home and End to the first and last that are loaded. */
function moveAmong(
  event: KeyboardEvent<HTMLElement>,
  items: readonly Item[],
  at: number,
  focus: (index: number) => void,
): void {
  if (!(event.target instanceof HTMLElement) || event.target.getAttribute('role') !== 'article') return
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
