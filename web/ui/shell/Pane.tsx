import { MapPinOff } from 'lucide-react'
import { Suspense, useEffect, useState } from 'react'
import { Link, Redirect, Route, Switch, useLocation } from 'wouter'
import type { Room } from '../../../contract/entities.ts'
import type { MessageId, RoomId } from '../../../contract/ids.ts'
import { uuidForm } from '../../../contract/ids.ts'
import { m } from '../../paraglide/messages.js'
import { Boundary } from '../parts/Boundary.tsx'
import { EmptyState } from '../parts/EmptyState.tsx'
import { lazyPart } from '../parts/lazy-part.ts'
import { RoomView } from '../room/RoomView.tsx'
import { useShow } from './dialogs.ts'
import { keep, kept } from './keep.ts'
import { useNarrow } from './media.ts'
import { PageSkeleton } from './PageSkeleton.tsx'

const NoRoom = lazyPart(async () => (await import('../rooms/NoRoom.tsx')).NoRoom)
const Browse = lazyPart(async () => (await import('../browse/Browse.tsx')).Browse)
const AdminPeople = lazyPart(async () => (await import('../admin/AdminPeople.tsx')).AdminPeople)
const AdminRooms = lazyPart(async () => (await import('../admin/AdminRooms.tsx')).AdminRooms)
const AdminRoomMessages = lazyPart(
  async () => (await import('../admin/AdminRoomMessages.tsx')).AdminRoomMessages,
)
const AdminMessages = lazyPart(async () => (await import('../admin/AdminMessages.tsx')).AdminMessages)
const AdminWorkspace = lazyPart(async () => (await import('../admin/AdminWorkspace.tsx')).AdminWorkspace)
const Profile = lazyPart(async () => (await import('../account/Profile.tsx')).Profile)
const Security = lazyPart(async () => (await import('../account/Security.tsx')).Security)
const Preferences = lazyPart(async () => (await import('../account/Preferences.tsx')).Preferences)

const administration = [
  <Route key="root" path="/admin">
    <Redirect to="/admin/people" replace />
  </Route>,
  <Route key="people" path="/admin/people">
    <AdminPeople />
  </Route>,
  <Route key="rooms" path="/admin/rooms">
    <AdminRooms />
  </Route>,
  <Route key="room" path="/admin/rooms/:room">
    {({ room: id }) => <Overseen id={id} />}
  </Route>,
  <Route key="messages" path="/admin/messages">
    <AdminMessages />
  </Route>,
  <Route key="workspace" path="/admin/workspace">
    <AdminWorkspace />
  </Route>,
]

/** What stands beside the side bar: a room, or one of the pages. */
export function Pane(shown: { room: Room | null; message: string | undefined }) {
  const [path] = useLocation()
  return (
    <Boundary whole at={path}>
      <Places {...shown} />
    </Boundary>
  )
}

function Places({ room, message }: { room: Room | null; message: string | undefined }) {
  return (
    <Suspense fallback={<PageSkeleton />}>
      <Switch>
        <Route path="/">{null}</Route>
        <Route path="/rooms/:named/:message?">
          {({ named }) =>
            room ? (
              <RoomPane key={room.id} room={room} at={idOf(message)} />
            ) : (
              <NoRoom key={named} named={named} />
            )
          }
        </Route>
        <Route path="/browse">
          <Browse />
        </Route>
        <Route path="/profile">
          <Profile />
        </Route>
        <Route path="/security">
          <Security />
        </Route>
        <Route path="/preferences">
          <Preferences />
        </Route>
        <Route path="/settings">
          <Redirect to="/preferences" replace />
        </Route>
        <Route path="/direct/new">
          <NewDirect />
        </Route>
        {administration}
        <Route>
          <Nowhere />
        </Route>
      </Switch>
    </Suspense>
  )
}

const idOf = <Id extends MessageId | RoomId>(text: string | undefined): Id | undefined =>
  text !== undefined && uuidForm.test(text) ? (text as Id) : undefined

function RoomPane({ room, at }: { room: Room; at: MessageId | undefined }) {
  const narrow = useNarrow()
  const [panel, setPanel] = useState(() => !narrow && kept('panel') === 'open')
  const set = (open: boolean) => {
    setPanel(open)
    // What slides over the conversation is opened for a moment, not for good.
    if (!narrow) keep('panel', open ? 'open' : 'closed')
  }
  return <RoomView room={room} at={at} panel={panel} setPanel={set} />
}

function Overseen({ id }: { id: string }) {
  const room = idOf<RoomId>(id)
  return room ? <AdminRoomMessages key={room} room={room} /> : <Nowhere />
}

function NewDirect() {
  const show = useShow()
  const [, navigate] = useLocation()
  useEffect(() => {
    show({ is: 'new-direct' })
    navigate('/', { replace: true })
  }, [show, navigate])
  return null
}

function Nowhere() {
  return (
    <EmptyState
      whole
      icon={<MapPinOff />}
      title={m.shell_nowhere_title()}
      action={
        <Link href="/" className="button" data-look="plain">
          {m.shell_back_to_rooms()}
        </Link>
      }
    >
      {m.shell_nowhere_text()}
    </EmptyState>
  )
}
