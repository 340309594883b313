import { ChevronLeft, Ellipsis, UsersRound } from 'lucide-react'
import { useLocation } from 'wouter'
import type { Room } from '../../../contract/entities.ts'
import { m } from '../../paraglide/messages.js'
import { useSelect } from '../client.tsx'
import { Avatar } from '../parts/Avatar.tsx'
import { IconButton } from '../parts/IconButton.tsx'
import { Menu } from '../parts/Menu.tsx'
import { othersIn, roomTitle } from '../rooms/title.ts'
import { RoomIcon } from '../shell/RoomIcon.tsx'
import { useRoomMenu } from './useRoomMenu.tsx'

export interface RoomHeaderProps {
  room: Room
  panel: boolean
  setPanel: (open: boolean) => void
}

/** What room it is, and what can be done with it. */
export function RoomHeader({ room, panel, setPanel }: RoomHeaderProps) {
  const users = useSelect(snapshot => snapshot.users)
  const me = useSelect(snapshot => snapshot.me.id)
  const menu = useRoomMenu(room)
  const [, navigate] = useLocation()
  const back = () => navigate('/')
  return (
    <header className="room-header">
      <IconButton className="room-back" label={m.shell_back()} icon={<ChevronLeft />} onClick={back} />
      <span className="room-sign">
        {room.kind === 'direct' ? <Face room={room} /> : <RoomIcon room={room} />}
      </span>
      <h1 dir="auto">{roomTitle(room, users, me)}</h1>
      {room.topic && (
        <p dir="auto" data-tip={room.topic.length > 60 ? room.topic : undefined}>
          {room.topic}
        </p>
      )}
      <div className="room-tools">
        <IconButton
          label={room.kind === 'direct' ? m.chat_people() : m.chat_members()}
          icon={<UsersRound />}
          aria-pressed={panel}
          onClick={() => setPanel(!panel)}
        />
        <Menu label={m.chat_room_menu()} icon={<Ellipsis />} items={menu} />
      </div>
    </header>
  )
}

function Face({ room }: { room: Room }) {
  const first = othersIn(
    room,
    useSelect(snapshot => snapshot.me.id),
  )[0]
  const user = useSelect(snapshot => (first === undefined ? undefined : snapshot.users.get(first)))
  const here = useSelect(snapshot => first !== undefined && snapshot.online.has(first))
  return <Avatar user={user} size={24} online={room.people?.length === 2 ? here : undefined} />
}
