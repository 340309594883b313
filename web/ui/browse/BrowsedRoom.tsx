import { useState } from 'react'
import { Link, useLocation } from 'wouter'
import type { Room } from '../../../contract/entities.ts'
import { m } from '../../paraglide/messages.js'
import { useClient, useSelect } from '../client.tsx'
import { LeaveDialog } from '../dialogs/LeaveDialog.tsx'
import { untilRoom } from '../dialogs/until-room.ts'
import { errorText } from '../forms/error-text.ts'
import { Tag } from '../forms/Tag.tsx'
import { Button } from '../parts/Button.tsx'
import { toast } from '../parts/toast.ts'
import { roomPath } from '../rooms/address.ts'
import { RoomIcon } from '../shell/RoomIcon.tsx'
import { formatLocale } from '../time/locale.ts'

/** One room of the list: what it is for, how many are in it, and coming and going. `onMoved`: one came or went. */
export function BrowsedRoom({
  room,
  members,
  onMoved,
}: {
  room: Room
  members: number | undefined
  onMoved: () => void
}) {
  const joined = useSelect(snapshot => snapshot.memberships.has(room.id))
  const shown = members === undefined ? null : new Intl.NumberFormat(formatLocale()).format(members)
  return (
    <li className="browse-room">
      <span className="browse-sign">
        <RoomIcon room={room} />
      </span>
      <div className="browse-words">
        <p className="browse-name">
          <Link href={roomPath(room)}>
            <bdi>{room.name}</bdi>
          </Link>
          {joined && <Tag look="good">{m.browse_joined()}</Tag>}
          {room.archived && <Tag>{m.browse_archived()}</Tag>}
        </p>
        <p className="browse-facts">
          {members !== undefined && shown !== null && m.browse_members({ count: members, shown })}
          {room.topic && (
            <>
              {shown !== null && ' · '}
              <bdi>{room.topic}</bdi>
            </>
          )}
        </p>
      </div>
      <RoomButtons room={room} joined={joined} onMoved={onMoved} />
    </li>
  )
}

function RoomButtons({ room, joined, onMoved }: { room: Room; joined: boolean; onMoved: () => void }) {
  return (
    <div className="browse-acts">
      {joined && <LeaveButton room={room} onLeft={onMoved} />}
      {joined || room.archived ? <OpenButton room={room} /> : <JoinButton room={room} onJoined={onMoved} />}
    </div>
  )
}

function OpenButton({ room }: { room: Room }) {
  const [, navigate] = useLocation()
  return (
    <Button
      size="small"
      aria-label={m.browse_open_of({ room: room.name })}
      onClick={() => navigate(roomPath(room))}
    >
      {m.browse_open()}
    </Button>
  )
}

function JoinButton({ room, onJoined }: { room: Room; onJoined: () => void }) {
  const client = useClient()
  const [busy, setBusy] = useState(false)
  async function join() {
    setBusy(true)
    const answer = await client.call('rooms.join', { id: room.id })
    if ('ok' in answer) await untilRoom(client, room.id)
    setBusy(false)
    if ('ok' in answer) onJoined()
    else toast('error' in answer ? errorText(answer.error) : m.form_error_unreachable(), true)
  }
  return (
    <Button
      size="small"
      busy={busy}
      aria-label={m.browse_join_of({ room: room.name })}
      onClick={() => void join()}
    >
      {m.browse_join()}
    </Button>
  )
}

function LeaveButton({ room, onLeft }: { room: Room; onLeft: () => void }) {
  const [asking, setAsking] = useState(false)
  return (
    <>
      <Button
        look="quiet"
        size="small"
        aria-label={m.browse_leave_of({ room: room.name })}
        onClick={() => setAsking(true)}
      >
        {m.browse_leave()}
      </Button>
      {asking && (
        <LeaveDialog
          room={room.id}
          onLeft={() => {
            setAsking(false)
            onLeft()
          }}
          onClose={() => setAsking(false)}
        />
      )}
    </>
  )
}
