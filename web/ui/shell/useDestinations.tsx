import {
  Compass,
  Keyboard,
  MessageSquarePlus,
  Moon,
  Plus,
  ShieldCheck,
  SlidersHorizontal,
  Sun,
  UserRound,
  Wrench,
} from 'lucide-react'
import type { ReactNode } from 'react'
import { useLocation } from 'wouter'
import type { Room, User } from '../../../contract/entities.ts'
import type { UserId } from '../../../contract/ids.ts'
import { m } from '../../paraglide/messages.js'
import type { Snapshot } from '../../sync/model.ts'
import { useClient, useSnapshot } from '../client.tsx'
import { untilRoom } from '../dialogs/until-room.ts'
import { errorText } from '../forms/error-text.ts'
import { Avatar } from '../parts/Avatar.tsx'
import { toast } from '../parts/toast.ts'
import { nameOf } from '../people/names.ts'
import { roomPath } from '../rooms/address.ts'
import { listedDirects, listedRooms } from '../rooms/order.ts'
import { othersIn, roomTitle } from '../rooms/title.ts'
import { chooseTheme } from '../theme.ts'
import { useShow } from './dialogs.ts'
import { RoomIcon } from './RoomIcon.tsx'

/** Somewhere to go, or something to do. `names`: what finds it. `user`: whose presence it shows. */
export interface Destination {
  key: string
  name: string
  names: readonly string[]
  hint: string
  sign: ReactNode
  user?: UserId
  go: () => void
}

/** Everything the switcher knows, what is likeliest first: unread rooms, one's own, other public ones, people, commands. */
export function useDestinations(): readonly Destination[] {
  const snapshot = useSnapshot()
  const client = useClient()
  const [, navigate] = useLocation()
  const commands = useCommands(snapshot)
  const mine = [...listedRooms(snapshot, null), ...listedDirects(snapshot, null)]
  const own = new Set(mine.map(room => room.id))
  const unread = (room: Room) => Number(snapshot.unread.has(room.id))
  const others = [...snapshot.rooms.values()].filter(room => room.kind !== 'direct' && !own.has(room.id))
  const talkedTo = new Set(
    mine.map(room => othersIn(room, snapshot.me.id)).flatMap(people => (people.length === 1 ? people : [])),
  )
  const goTo = (room: Room) => () => navigate(roomPath(room))
  const write = async (user: User) => {
    const answer = await client.call('direct.open', { users: [user.id] })
    if ('ok' in answer) {
      await untilRoom(client, answer.ok.room.id)
      navigate(roomPath(answer.ok.room))
    } else toast('error' in answer ? errorText(answer.error) : m.shell_unreachable(), true)
  }
  return [
    ...mine.sort((a, b) => unread(b) - unread(a)).map(room => ofRoom(room, snapshot, goTo(room))),
    ...others.map(room => ofRoom(room, snapshot, goTo(room))),
    ...[...snapshot.users.values()]
      .filter(user => user.state === 'active' && user.id !== snapshot.me.id && !talkedTo.has(user.id))
      .map(user => ofUser(user, snapshot, () => void write(user))),
    ...commands,
  ]
}

function ofRoom(room: Room, snapshot: Snapshot, go: () => void): Destination {
  const name = roomTitle(room, snapshot.users, snapshot.me.id)
  const first = othersIn(room, snapshot.me.id)[0]
  const hint =
    room.kind === 'direct'
      ? ''
      : !snapshot.memberships.has(room.id)
        ? m.shell_hint_not_in()
        : room.archived
          ? m.shell_hint_archived()
          : ''
  const sign =
    room.kind === 'direct' ? (
      <Avatar user={first && snapshot.users.get(first)} size={20} />
    ) : (
      <RoomIcon room={room} />
    )
  return { key: room.id, name, names: [name], hint: hint || room.topic, sign, go }
}

function ofUser(user: User, snapshot: Snapshot, go: () => void): Destination {
  return {
    key: user.id,
    name: nameOf(user),
    names: [nameOf(user), user.username, `${user.firstName} ${user.lastName}`],
    hint: user.status || `@${user.username}`,
    sign: <Avatar user={user} size={20} online={snapshot.online.has(user.id)} />,
    user: user.id,
    go,
  }
}

function useCommands(snapshot: Snapshot): readonly Destination[] {
  const show = useShow()
  const [, navigate] = useLocation()
  const command = (key: string, name: string, sign: ReactNode, go: () => void): Destination => ({
    key,
    name,
    names: [name],
    hint: m.shell_hint_command(),
    sign,
    go,
  })
  const page = (path: string, name: string, sign: ReactNode) =>
    command(path, name, sign, () => navigate(path))
  return [
    page('/browse', m.shell_browse(), <Compass />),
    command('new-room', m.shell_new_room(), <Plus />, () => show({ is: 'new-room' })),
    command('new-direct', m.shell_new_direct(), <MessageSquarePlus />, () => show({ is: 'new-direct' })),
    page('/profile', m.shell_profile(), <UserRound />),
    page('/preferences', m.shell_preferences(), <SlidersHorizontal />),
    page('/security', m.shell_security(), <ShieldCheck />),
    ...(snapshot.me.role === 'member' ? [] : [page('/admin/people', m.shell_administration(), <Wrench />)]),
    command('light', m.shell_theme_light(), <Sun />, () => chooseTheme('light')),
    command('dark', m.shell_theme_dark(), <Moon />, () => chooseTheme('dark')),
    command('keys', m.shell_keys(), <Keyboard />, () => show({ is: 'keys' })),
  ]
}
