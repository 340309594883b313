import { useState } from 'react'
import type { Room } from '../../../contract/entities.ts'
import { m } from '../../paraglide/messages.js'
import { useClient, useSelect } from '../client.tsx'
import { DangerButton } from '../forms/DangerButton.tsx'
import { ObstacleNotice } from '../forms/ObstacleNotice.tsx'
import type { Obstacle } from '../forms/use-form.ts'
import { obstacleOf } from '../forms/use-form.ts'
import { Button } from '../parts/Button.tsx'
import { Act } from './Act.tsx'
import { ConfirmDialog } from './ConfirmDialog.tsx'

interface ActsProps {
  room: Room
  onChanged: () => void
  onGone: () => void
}

/** Who sees a room, whether it is written in, and its end. */
export function RoomActs({ room, onChanged, onGone }: ActsProps) {
  const administers = useSelect(snapshot => snapshot.me.role !== 'member')
  const [asking, setAsking] = useState<'kind' | 'delete' | null>(null)
  return (
    <>
      <ul className="acts">
        <Act
          title={room.kind === 'private' ? m.dialog_room_private() : m.dialog_room_public()}
          says={room.kind === 'private' ? m.dialog_room_private_says() : m.dialog_room_public_says()}
        >
          <Button size="small" onClick={() => setAsking('kind')}>
            {room.kind === 'private' ? m.dialog_room_make_public() : m.dialog_room_make_private()}
          </Button>
        </Act>
        <ArchiveAct room={room} onChanged={onChanged} />
        {administers && (
          <Act title={m.dialog_room_delete()} says={m.dialog_room_delete_says()}>
            <DangerButton size="small" onClick={() => setAsking('delete')}>
              {m.dialog_room_delete()}
            </DangerButton>
          </Act>
        )}
      </ul>
      {asking === 'kind' && (
        <KindDialog
          room={room}
          onDone={() => {
            setAsking(null)
            onChanged()
          }}
          onClose={() => setAsking(null)}
        />
      )}
      {asking === 'delete' && (
        <DeleteRoomDialog room={room} onDone={onGone} onClose={() => setAsking(null)} />
      )}
    </>
  )
}

function ArchiveAct({ room, onChanged }: { room: Room; onChanged: () => void }) {
  const client = useClient()
  const [busy, setBusy] = useState(false)
  const [obstacle, setObstacle] = useState<Obstacle | null>(null)
  async function turn() {
    setBusy(true)
    const answer = await client.call('rooms.change', { id: room.id, archived: !room.archived })
    setBusy(false)
    setObstacle('ok' in answer ? null : obstacleOf(answer))
    if ('ok' in answer) onChanged()
  }
  return (
    <>
      <Act
        title={m.dialog_room_archive_title()}
        says={room.archived ? m.dialog_room_restore_says() : m.dialog_room_archive_says()}
      >
        <Button size="small" busy={busy} onClick={() => void turn()}>
          {room.archived ? m.dialog_room_restore() : m.dialog_room_archive()}
        </Button>
      </Act>
      {obstacle && (
        <li>
          <ObstacleNotice obstacle={obstacle} />
        </li>
      )}
    </>
  )
}

function KindDialog({ room, onDone, onClose }: { room: Room; onDone: () => void; onClose: () => void }) {
  const client = useClient()
  const opens = room.kind === 'private'
  return (
    <ConfirmDialog
      title={
        opens
          ? m.dialog_room_make_public_title({ room: room.name })
          : m.dialog_room_make_private_title({ room: room.name })
      }
      confirm={opens ? m.dialog_room_make_public() : m.dialog_room_make_private()}
      act={() => client.call('rooms.change', { id: room.id, kind: opens ? 'public' : 'private' })}
      onDone={onDone}
      onClose={onClose}
    >
      <p>{opens ? m.dialog_room_make_public_says() : m.dialog_room_make_private_says()}</p>
    </ConfirmDialog>
  )
}

/** Deletes a room with everything in it, after its name was typed. */
export function DeleteRoomDialog({
  room,
  onDone,
  onClose,
}: {
  room: Pick<Room, 'id' | 'name'>
  onDone: () => void
  onClose: () => void
}) {
  const client = useClient()
  return (
    <ConfirmDialog
      title={m.dialog_room_delete_title({ room: room.name })}
      confirm={m.dialog_room_delete()}
      act={() => client.call('rooms.remove', { id: room.id })}
      onDone={onDone}
      onClose={onClose}
      typed={room.name}
    >
      <p>{m.dialog_room_delete_says()}</p>
    </ConfirmDialog>
  )
}
