import type { Room } from '../../../contract/entities.ts'
import { Beginning } from './Beginning.tsx'
import type { Item } from './items.ts'
import { DayLine, UnreadDividerLine } from './Lines.tsx'
import type { MessageRowProps } from './MessageRow.tsx'
import { MessageRow } from './MessageRow.tsx'

interface ListLineProps extends Omit<MessageRowProps, 'item'> {
  item: Item
  room: Room
  /** Where it stands in the list, in px from its top, and who measures it. */
  place: { ref: (element: Element | null) => void; index: number; start: number }
}

/** One line of the list, at its place. */
export function ListLine({ item, room, place, ...row }: ListLineProps) {
  return (
    <div
      ref={place.ref}
      data-index={place.index}
      className="list-item"
      style={{ transform: `translateY(${place.start}px)` }}
    >
      {item.is === 'row' ? <MessageRow item={item} {...row} /> : <Between item={item} room={room} />}
    </div>
  )
}

function Between({ item, room }: { item: Exclude<Item, { is: 'row' }>; room: Room }) {
  switch (item.is) {
    case 'beginning':
      return <Beginning room={room} empty={item.empty} />
    case 'day':
      return <DayLine at={item.at} />
    case 'new':
      return <UnreadDividerLine />
  }
}
