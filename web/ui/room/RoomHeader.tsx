import {
  ChevronLeft,
  Ellipsis,
  EyeOff,
  Link2,
  LogOut,
  Settings2,
  Trash2,
  UserPlus,
  UsersRound,
} from 'lucide-react'
import { useLocation } from 'wouter'
import type { Room } from '../../../contract/entities.ts'
import { m } from '../../paraglide/messages.js'
import { useClient, useSelect } from '../client.tsx'
import { Avatar } from '../parts/Avatar.tsx'
import { IconButton } from '../parts/IconButton.tsx'
import type { MenuItem } from '../parts/Menu.tsx'
import { Menu } from '../parts/Menu.tsx'
import { roomPath } from '../rooms/address.ts'
import { canManage } from '../rooms/may.ts'
import { othersIn, roomTitle } from '../rooms/title.ts'
import { copyText } from '../shell/copy.ts'
import { useShow } from '../shell/dialogs.ts'
import { RoomIcon } from '../shell/RoomIcon.tsx'

interface RoomHeaderProps {
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

/** What can be done with a room. */
function useRoomMenu(room: Room): readonly (MenuItem | null)[] {
  const role = useSelect(snapshot => snapshot.me.role)
  const membership = useSelect(snapshot => snapshot.memberships.get(room.id))
  const show = useShow()
  const hide = useHide(room)
  const direct = room.kind === 'direct'
  const manages = !direct && canManage(membership, role)
  const shower = (is: 'add-people' | 'room-settings' | 'leave' | 'delete-direct') => () =>
    show({ is, room: room.id })
  const copy = () => void copyText(location.origin + roomPath(room), m.chat_link_copied())
  const leave = direct
    ? { label: m.chat_hide(), icon: <EyeOff />, act: hide }
    : { label: m.chat_leave(), icon: <LogOut />, act: shower('leave') }
  const items: readonly (MenuItem | null | false)[] = [
    { label: m.chat_copy_room_link(), icon: <Link2 />, act: copy },
    manages &&
      membership !== undefined &&
      !room.archived && { label: m.chat_add_people(), icon: <UserPlus />, act: shower('add-people') },
    manages && { label: m.chat_room_settings(), icon: <Settings2 />, act: shower('room-settings') },
    membership !== undefined && null,
    membership !== undefined && leave,
    direct &&
      membership !== undefined && {
        label: m.chat_delete_direct(),
        icon: <Trash2 />,
        danger: true,
        act: shower('delete-direct'),
      },
  ]
  return items.filter(item => item !== false)
}

function useHide(room: Room): () => void {
  const client = useClient()
  const [, navigate] = useLocation()
  return () => void client.call('rooms.leave', { id: room.id }).then(() => navigate('/'))
}
