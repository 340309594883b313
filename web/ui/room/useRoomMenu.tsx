import { EyeOff, Link2, LogOut, Settings2, Trash2, UserPlus } from 'lucide-react'
import { useLocation } from 'wouter'
import type { Room } from '../../../contract/entities.ts'
import { m } from '../../paraglide/messages.js'
import { useClient, useSelect } from '../client.tsx'
import type { MenuItem } from '../parts/Menu.tsx'
import { roomPath } from '../rooms/address.ts'
import { canManage } from '../rooms/may.ts'
import { copyText } from '../shell/copy.ts'
import { useShow } from '../shell/dialogs.ts'

/** What can be done with a room. */
export function useRoomMenu(room: Room): readonly (MenuItem | null)[] {
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
