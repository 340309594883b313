import { useState } from 'react'
import { Link, useLocation } from 'wouter'
import type { Room } from '../../../contract/entities.ts'
import { m } from '../../paraglide/messages.js'
import { getLocale } from '../../paraglide/runtime.js'
import { useClient, useSelect } from '../client.tsx'
import { LeaveDialog } from '../dialogs/LeaveDialog.tsx'
import { untilRoom } from '../dialogs/until-room.ts'
import { errorText } from '../forms/error-text.ts'
import { Tag } from '../forms/Tag.tsx'
import { Button } from '../parts/Button.tsx'
import { toast } from '../parts/toast.ts'
import { roomPath } from '../rooms/address.ts'
import { RoomIcon } from '../shell/RoomIcon.tsx'

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
  const rooms = useSelect(snapshot => snapshot.rooms)
  const joined = useSelect(snapshot => snapshot.memberships.has(room.id))
  const shown = members === undefined ? null : new Intl.NumberFormat(getLocale()).format(members)
  return (
    <li className="browse-room">
      <span className="browse-sign">
        <RoomIcon room={room} />
      </span>
      <div className="browse-words">
        <p className="browse-name">
          <Link href={roomPath(room, rooms)}>
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
  const client = useClient()
  const [, navigate] = useLocation()
  const [busy, setBusy] = useState(false)
  const [leaving, setLeaving] = useState(false)
  const open = () => navigate(roomPath(room, client.snapshot().rooms))

  async function join() {
    setBusy(true)
    const answer = await client.call('rooms.join', { id: room.id })
    if ('ok' in answer) await untilRoom(client, room.id)
    setBusy(false)
    if ('ok' in answer) onMoved()
    else toast('error' in answer ? errorText(answer.error) : m.form_error_unreachable(), true)
  }
  return (
    <div className="browse-acts">
      {joined && (
        <Button
          look="quiet"
          size="small"
          aria-label={m.browse_leave_of({ room: room.name })}
          onClick={() => setLeaving(true)}
        >
          {m.browse_leave()}
        </Button>
      )}
      {joined || room.archived ? (
        <Button size="small" aria-label={m.browse_open_of({ room: room.name })} onClick={open}>
          {m.browse_open()}
        </Button>
      ) : (
        <Button
          size="small"
          busy={busy}
          aria-label={m.browse_join_of({ room: room.name })}
          onClick={() => void join()}
        >
          {m.browse_join()}
        </Button>
      )}
      {leaving && (
        <LeaveDialog
          room={room.id}
          onLeft={() => {
            setLeaving(false)
            onMoved()
          }}
          onClose={() => setLeaving(false)}
        />
      )}
    </div>
  )
}
