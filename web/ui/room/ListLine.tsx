import { useEffect, useState } from 'react'
import type { Room } from '../../../contract/entities.ts'
import { m } from '../../paraglide/messages.js'
import { useSelect } from '../client.tsx'
import { Avatar } from '../parts/Avatar.tsx'
import { Button } from '../parts/Button.tsx'
import { canManage } from '../rooms/may.ts'
import { othersIn, roomTitle } from '../rooms/title.ts'
import { useShow } from '../shell/dialogs.ts'
import { RoomIcon } from '../shell/RoomIcon.tsx'
import { dayLabel, longDate, untilMidnight } from '../time/format.ts'
import { formatLocale } from '../time/locale.ts'
import type { Item } from './items.ts'
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

/** Where a day begins. */
function DayLine({ at }: { at: number }) {
  const now = useToday()
  return <div className="day-line">{dayLabel(at, now, formatLocale())}</div>
}

/** Where one left off. */
function UnreadDividerLine() {
  return (
    <div className="day-line" data-new="">
      {m.chat_new()}
    </div>
  )
}

/** Above the first message of a room: what room it is, and since when. In an empty room it invites to begin whoever may. */
function Beginning({ room, empty }: { room: Room; empty: boolean }) {
  const users = useSelect(snapshot => snapshot.users)
  const me = useSelect(snapshot => snapshot.me.id)
  const title = roomTitle(room, users, me)
  return (
    <article className="beginning" aria-label={title}>
      {room.kind === 'direct' ? (
        <div className="beginning-faces">
          {othersIn(room, me)
            .slice(0, 4)
            .map(id => (
              <Avatar key={id} user={users.get(id)} size={48} />
            ))}
        </div>
      ) : (
        <span className="empty-state-icon">
          <RoomIcon room={room} />
        </span>
      )}
      <h2 dir="auto">{title}</h2>
      <p>{text(room, title)}</p>
      {empty && !room.archived && <Invitation room={room} />}
    </article>
  )
}

/** To begin, and to bring others in: who made a private room is alone in it, and who set the workspace up in that. */
function Invitation({ room }: { room: Room }) {
  const membership = useSelect(snapshot => snapshot.memberships.get(room.id))
  const role = useSelect(snapshot => snapshot.me.role)
  const isAlone = useSelect(snapshot => snapshot.users.size === 1)
  const show = useShow()
  if (!membership) return <p>{m.chat_empty_to_visitor()}</p>
  return (
    <>
      <p>{m.chat_empty()}</p>
      {isAlone && <p>{m.chat_others_join()}</p>}
      {!isAlone && room.kind === 'private' && canManage(membership, role) && (
        <Button onClick={() => show({ is: 'add-people', room: room.id })}>{m.chat_add_people()}</Button>
      )}
    </>
  )
}

function text(room: Room, title: string): string {
  const date = longDate(room.createdAt, formatLocale())
  if (room.kind === 'direct') return m.chat_beginning_direct({ names: title })
  return room.kind === 'private'
    ? m.chat_beginning_private({ room: title, date })
    : m.chat_beginning_public({ room: title, date })
}

/** The time when this was rendered, renewed at every midnight, so that "today" stays true on a page that is left open. */
function useToday(): number {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    const timer = setTimeout(() => setNow(Date.now()), untilMidnight(now) + 1_000)
    return () => clearTimeout(timer)
  }, [now])
  return now
}
