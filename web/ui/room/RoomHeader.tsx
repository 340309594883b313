import {
  ArrowLeft,
  Ellipsis,
  EyeOff,
  Link2,
  LogOut,
  PanelRight,
  Settings2,
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
import { mayManage } from '../rooms/may.ts'
import { othersIn, roomTitle } from '../rooms/title.ts'
import { copyText } from '../shell/copy.ts'
import { useShow } from '../shell/dialogs.ts'
import { RoomIcon } from '../shell/RoomIcon.tsx'

/** What room it is, and what can be done with it. */
export function RoomHeader({
  room,
  panel,
  setPanel,
}: {
  room: Room
  panel: boolean
  setPanel: (open: boolean) => void
}) {
  const users = useSelect(snapshot => snapshot.users)
  const me = useSelect(snapshot => snapshot.me.id)
  const [, navigate] = useLocation()
  return (
    <header className="room-header">
      <IconButton
        className="room-back"
        label={m.shell_back()}
        icon={<ArrowLeft />}
        onClick={() => navigate('/')}
      />
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
          icon={room.kind === 'direct' ? <PanelRight /> : <UsersRound />}
          aria-pressed={panel}
          onClick={() => setPanel(!panel)}
        />
        <RoomMenu room={room} />
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

function RoomMenu({ room }: { room: Room }) {
  const client = useClient()
  const rooms = useSelect(snapshot => snapshot.rooms)
  const role = useSelect(snapshot => snapshot.me.role)
  const membership = useSelect(snapshot => snapshot.memberships.get(room.id))
  const show = useShow()
  const [, navigate] = useLocation()
  const direct = room.kind === 'direct'
  const manages = mayManage(membership, role)
  const hide = async () => {
    await client.call('rooms.leave', { id: room.id })
    navigate('/')
  }
  const items: (MenuItem | null)[] = [
    {
      label: m.chat_copy_room_link(),
      icon: <Link2 />,
      act: () => copyText(location.origin + roomPath(room, rooms), m.chat_link_copied()),
    },
  ]
  if (!direct && membership && manages && !room.archived) {
    items.push({
      label: m.chat_add_people(),
      icon: <UserPlus />,
      act: () => show({ is: 'add-people', room: room.id }),
    })
  }
  if (!direct && manages) {
    items.push({
      label: m.chat_room_settings(),
      icon: <Settings2 />,
      act: () => show({ is: 'room-settings', room: room.id }),
    })
  }
  if (membership) {
    items.push(null)
    items.push(
      direct
        ? { label: m.chat_hide(), icon: <EyeOff />, act: () => void hide() }
        : { label: m.chat_leave(), icon: <LogOut />, act: () => show({ is: 'leave', room: room.id }) },
    )
  }
  return <Menu label={m.chat_room_menu()} icon={<Ellipsis />} items={items} />
}
