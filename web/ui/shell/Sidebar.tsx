import './Sidebar.css'
import {
  Compass,
  Keyboard,
  LogOut,
  Plus,
  Search,
  Settings,
  ShieldCheck,
  SlidersHorizontal,
  UserRound,
  Wrench,
} from 'lucide-react'
import type { ReactNode } from 'react'
import { useId } from 'react'
import { Link, useLocation } from 'wouter'
import type { RoomId } from '../../../contract/ids.ts'
import { m } from '../../paraglide/messages.js'
import { useSelect, useSnapshot } from '../client.tsx'
import { Avatar } from '../parts/Avatar.tsx'
import { IconButton } from '../parts/IconButton.tsx'
import type { MenuItem } from '../parts/Menu.tsx'
import { Menu } from '../parts/Menu.tsx'
import { nameOf } from '../people/names.ts'
import { useWatch } from '../people/useWatch.ts'
import { listedDirects, listedRooms } from '../rooms/order.ts'
import { othersIn } from '../rooms/title.ts'
import { useShow } from './dialogs.ts'
import { keysText } from './keys.ts'
import { RoomLink } from './RoomLink.tsx'

/** The first pane: where one is, where one can go, and oneself. `alone`: it is the whole page, as on a phone. */
export function Sidebar({ current, alone }: { current: RoomId | null; alone: boolean }) {
  const workspace = useSelect(snapshot => snapshot.workspace.name)
  const Name = alone ? 'h1' : 'span'
  return (
    <nav className="sidebar" aria-label={m.shell_rooms_and_people()}>
      <header className="side-workspace">
        <span className="side-mark" aria-hidden="true">
          {firstLetter(workspace)}
        </span>
        <Name dir="auto">{workspace}</Name>
      </header>
      <JumpField />
      <div className="side-scroll">
        <Rooms current={current} />
        <Directs current={current} />
      </div>
      <Me />
    </nav>
  )
}

function JumpField() {
  const show = useShow()
  return (
    <button
      type="button"
      className="side-search"
      aria-keyshortcuts="Control+K Meta+K"
      onClick={() => show({ is: 'switcher' })}
    >
      <Search />
      {m.shell_jump_short()}
      <kbd>{keysText('mod+K')}</kbd>
    </button>
  )
}

function Rooms({ current }: { current: RoomId | null }) {
  const rooms = listedRooms(useSnapshot(), current)
  const show = useShow()
  const [, navigate] = useLocation()
  const create = () => show({ is: 'new-room' })
  return (
    <Section
      title={m.shell_rooms()}
      action={
        <>
          <IconButton label={m.shell_browse()} icon={<Compass />} onClick={() => navigate('/browse')} />
          <IconButton label={m.shell_new_room()} icon={<Plus />} onClick={create} />
        </>
      }
      empty={
        <Link href="/browse" className="side-row">
          <Compass />
          {m.shell_browse()}
        </Link>
      }
    >
      {rooms.map(room => (
        <RoomLink key={room.id} room={room} current={room.id === current} />
      ))}
    </Section>
  )
}

function Directs({ current }: { current: RoomId | null }) {
  const snapshot = useSnapshot()
  const rooms = listedDirects(snapshot, current)
  const show = useShow()
  const write = () => show({ is: 'new-direct' })
  useWatch(rooms.flatMap(room => othersIn(room, snapshot.me.id)))
  return (
    <Section
      title={m.shell_directs()}
      action={<IconButton label={m.shell_new_direct()} icon={<Plus />} onClick={write} />}
      empty={
        <button type="button" className="side-row" onClick={write}>
          <Plus />
          {m.shell_new_direct()}
        </button>
      }
    >
      {rooms.map(room => (
        <RoomLink key={room.id} room={room} current={room.id === current} />
      ))}
    </Section>
  )
}

function Section({
  title,
  action,
  empty,
  children,
}: {
  title: string
  action: ReactNode
  empty: ReactNode
  children: readonly ReactNode[]
}) {
  const id = useId()
  return (
    <section aria-labelledby={id}>
      <div className="side-section">
        <h2 id={id}>{title}</h2>
        {action}
      </div>
      {children.length > 0 ? <ul>{children}</ul> : empty}
    </section>
  )
}

function Me() {
  const me = useSelect(snapshot => snapshot.me)
  const online = useSelect(snapshot => snapshot.connection.is === 'online')
  const items = useAccountMenu()
  return (
    <div className="side-me">
      <Link href="/profile" className="side-me-card">
        <Avatar user={me} size={36} online={online} />
        <span className="side-me-names">
          <b dir="auto">{nameOf(me)}</b>
          <span dir="auto">{me.status || (online ? m.shell_online() : m.shell_offline())}</span>
        </span>
      </Link>
      <Menu label={m.shell_account()} icon={<Settings />} items={items} />
    </div>
  )
}

const firstLetter = (name: string) => [...name.trim()][0]?.toLocaleUpperCase() ?? '·'

/** What one can do about oneself and this page. */
function useAccountMenu(): readonly (MenuItem | null)[] {
  const role = useSelect(snapshot => snapshot.me.role)
  const show = useShow()
  const [, navigate] = useLocation()
  const to = (path: string) => () => navigate(path)
  return [
    { label: m.shell_profile(), icon: <UserRound />, act: to('/profile') },
    { label: m.shell_preferences(), icon: <SlidersHorizontal />, act: to('/preferences') },
    { label: m.shell_security(), icon: <ShieldCheck />, act: to('/security') },
    ...(role === 'member'
      ? []
      : [{ label: m.shell_administration(), icon: <Wrench />, act: to('/admin/people') }]),
    null,
    { label: m.shell_keys(), icon: <Keyboard />, act: () => show({ is: 'keys' }) },
    { label: m.shell_sign_out(), icon: <LogOut />, act: () => show({ is: 'sign-out' }) },
  ]
}
