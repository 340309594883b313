import { useCallback, useEffect, useState } from 'react'
import { useLocation, useRoute } from 'wouter'
import type { Room } from '../../../contract/entities.ts'
import { m } from '../../paraglide/messages.js'
import { useSelect } from '../client.tsx'
import { Boundary } from '../parts/Boundary.tsx'
import { DialogBoundary } from '../parts/DialogBoundary.tsx'
import { lazyPart } from '../parts/lazy-part.ts'
import { findRoom, roomPath } from '../rooms/address.ts'
import { listedDirects, listedRooms } from '../rooms/order.ts'
import { ConnectionBanner } from './ConnectionBanner.tsx'
import type { Shown } from './dialogs.ts'
import { IsShownProvider, ShowProvider } from './dialogs.ts'
import { keep, kept } from './keep.ts'
import { usePhone } from './media.ts'
import { PageTitle } from './PageTitle.tsx'
import { Pane } from './Pane.tsx'
import { Sidebar } from './Sidebar.tsx'
import { useShellKeys } from './useShellKeys.ts'
import './Shell.css'

const Dialogs = lazyPart(async () => (await import('./Dialogs.tsx')).Dialogs)

/** The panes of who is signed in: where one can go, and where one is. */
export function Shell() {
  const [path] = useLocation()
  const [, params] = useRoute('/rooms/:named/:message?')
  const rooms = useSelect(snapshot => snapshot.rooms)
  const [dialog, setDialog] = useState<Shown | null>(null)
  const show = useCallback((shown: Shown | null) => setDialog(shown), [])
  const room = params?.named === undefined ? null : findRoom(params.named, rooms)

  useOwnAddress(room, params?.named, params?.message)
  useLeaveList(path === '/')
  useShellKeys({ show, current: room?.id ?? null, open: dialog !== null })

  return (
    <ShowProvider value={show}>
      <a className="shell-skip" href="#main">
        {m.shell_skip()}
      </a>
      <PageTitle room={room} />
      <div className="shell" data-at={path === '/' ? 'list' : 'pane'}>
        <div className="shell-side" role={path === '/' ? 'main' : undefined}>
          <Boundary>
            <Sidebar current={room?.id ?? null} alone={path === '/'} />
          </Boundary>
        </div>
        <main id="main" className="shell-pane" tabIndex={-1}>
          <ConnectionBanner />
          <IsShownProvider value={dialog !== null}>
            <Pane room={room} message={params?.message} />
          </IsShownProvider>
        </main>
      </div>
      {dialog && (
        <DialogBoundary at={dialog.is} onClose={() => show(null)}>
          <Dialogs dialog={dialog} show={show} />
        </DialogBoundary>
      )}
    </ShowProvider>
  )
}

/** Keeps where one is, and the address true: one that was typed, or holds a name from before, is replaced by the room's own. */
function useOwnAddress(room: Room | null, named?: string, message?: string): void {
  const [, navigate] = useLocation()
  const own = room && roomPath(room)
  useEffect(() => void (room && keep('room', room.id)), [room])
  useEffect(() => {
    if (own === null || named === undefined || own === `/rooms/${encodeURIComponent(named)}`) return
    navigate(message === undefined ? own : `${own}/${message}`, { replace: true })
  }, [own, named, message, navigate])
}

/** Where panes stand side by side there is no page that only lists rooms: one is taken to a room. */
function useLeaveList(listed: boolean): void {
  const [, navigate] = useLocation()
  const home = useHome()
  const phone = usePhone()
  const leaves = listed && !phone
  useEffect(() => {
    if (leaves) navigate(home, { replace: true })
  }, [leaves, home, navigate])
}

/** Where one is taken who asks for nothing: the room one was in last, else the first of one's own, else where rooms are found. */
function useHome(): string {
  return useSelect(snapshot => {
    const last = findRoom(kept('room') ?? '', snapshot.rooms)
    const room =
      (last && snapshot.memberships.has(last.id) ? last : undefined) ??
      listedRooms(snapshot, null)[0] ??
      listedDirects(snapshot, null)[0]
    return room ? roomPath(room) : '/browse'
  })
}
