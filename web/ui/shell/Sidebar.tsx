import { Compass, Plus, Search, Settings } from 'lucide-react'
import type { ReactNode } from 'react'
import { useId } from 'react'
import { Link, useLocation } from 'wouter'
import type { RoomId } from '../../../contract/ids.ts'
import { m } from '../../paraglide/messages.js'
import { useSelect, useSnapshot } from '../client.tsx'
import { useSignOut } from '../dialogs/useSignOut.tsx'
import { Avatar } from '../parts/Avatar.tsx'
import { IconButton } from '../parts/IconButton.tsx'
import { Menu } from '../parts/Menu.tsx'
import { nameOf } from '../people/names.ts'
import { useWatch } from '../people/useWatch.ts'
import { listedDirects, listedRooms } from '../rooms/order.ts'
import { othersIn } from '../rooms/title.ts'
import { useShow } from './dialogs.ts'
import { keysText } from './keys.ts'
import { RoomLink } from './RoomLink.tsx'
import { useAccountMenu } from './useAccountMenu.tsx'
import './Sidebar.css'

/** The first pane: where one is, where one can go, and oneself. `alone`: it is the whole page, as on a phone. */
export function Sidebar({ current, alone }: { current: RoomId | null; alone: boolean }) {
  const snapshot = useSnapshot()
  const show = useShow()
  const Name = alone ? 'h1' : 'span'
  const [, navigate] = useLocation()
  const directs = listedDirects(snapshot, current)
  useWatch(directs.flatMap(room => othersIn(room, snapshot.me.id)))
  return (
    <nav className="sidebar" aria-label={m.shell_rooms_and_people()}>
      <header className="side-workspace">
        <span className="side-mark" aria-hidden="true">
          {firstLetter(snapshot.workspace.name)}
        </span>
        <Name dir="auto">{snapshot.workspace.name}</Name>
      </header>
      <button
        type="button"
        className="side-search"
        aria-keyshortcuts="Control+K Meta+K"
        onClick={() => show({ is: 'switcher' })}
      >
        <Search />
        {m.shell_jump()}
        <kbd>{keysText('mod+K')}</kbd>
      </button>
      <div className="side-scroll">
        <Section
          title={m.shell_rooms()}
          action={
            <>
              <IconButton label={m.shell_browse()} icon={<Compass />} onClick={() => navigate('/browse')} />
              <IconButton
                label={m.shell_new_room()}
                icon={<Plus />}
                onClick={() => show({ is: 'new-room' })}
              />
            </>
          }
          empty={
            <Link href="/browse" className="side-row">
              <Compass />
              {m.shell_browse()}
            </Link>
          }
        >
          {listedRooms(snapshot, current).map(room => (
            <RoomLink key={room.id} room={room} current={room.id === current} />
          ))}
        </Section>
        <Section
          title={m.shell_directs()}
          action={
            <IconButton
              label={m.shell_new_direct()}
              icon={<Plus />}
              onClick={() => show({ is: 'new-direct' })}
            />
          }
          empty={
            <button type="button" className="side-row" onClick={() => show({ is: 'new-direct' })}>
              <Plus />
              {m.shell_new_direct()}
            </button>
          }
        >
          {directs.map(room => (
            <RoomLink key={room.id} room={room} current={room.id === current} />
          ))}
        </Section>
      </div>
      <Me />
    </nav>
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
  const online = useSelect(snapshot => snapshot.line.is === 'online')
  const signOut = useSignOut()
  const items = useAccountMenu(signOut.ask)
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
      {signOut.dialog}
    </div>
  )
}

const firstLetter = (name: string) => [...name.trim()][0]?.toLocaleUpperCase() ?? '·'
