import { useState } from 'react'
import type { Room } from '../../../contract/entities.ts'
import { m } from '../../paraglide/messages.js'
import { useClient, useSelect } from '../client.tsx'
import { DangerButton } from '../forms/DangerButton.tsx'
import { Button } from '../parts/Button.tsx'
import { ActionRow } from './ActionRow.tsx'
import { ConfirmDialog } from './ConfirmDialog.tsx'

/** Who sees a room, whether it is written in, and its end. */
export function RoomActs({
  room,
  onChanged,
  onGone,
}: {
  room: Room
  onChanged: () => void
  onGone: () => void
}) {
  const administers = useSelect(snapshot => snapshot.me.role !== 'member')
  return (
    <ul className="acts">
      <KindAct room={room} onChanged={onChanged} />
      <ArchiveAct room={room} onChanged={onChanged} />
      {administers && <DeleteAct room={room} onGone={onGone} />}
    </ul>
  )
}

interface ActProps {
  room: Room
  onChanged: () => void
}

function KindAct({ room, onChanged }: ActProps) {
  const [asking, setAsking] = useState<Room | null>(null)
  const isPrivate = room.kind === 'private'
  return (
    <>
      <ActionRow
        title={isPrivate ? m.dialog_room_private() : m.dialog_room_public()}
        says={isPrivate ? m.dialog_room_private_says() : m.dialog_room_public_says()}
      >
        <Button size="small" onClick={() => setAsking(room)}>
          {isPrivate ? m.dialog_room_make_public() : m.dialog_room_make_private()}
        </Button>
      </ActionRow>
      {asking && (
        <KindDialog
          room={asking}
          onDone={() => {
            setAsking(null)
            onChanged()
          }}
          onClose={() => setAsking(null)}
        />
      )}
    </>
  )
}

function KindDialog({ room, onDone, onClose }: { room: Room; onDone: () => void; onClose: () => void }) {
  const client = useClient()
  const opens = room.kind === 'private'
  const title = opens ? m.dialog_room_make_public_title : m.dialog_room_make_private_title
  return (
    <ConfirmDialog
      title={title({ room: room.name })}
      confirm={opens ? m.dialog_room_make_public() : m.dialog_room_make_private()}
      act={() => client.call('rooms.change', { id: room.id, kind: opens ? 'public' : 'private' })}
      onDone={onDone}
      onClose={onClose}
    >
      <p>{opens ? m.dialog_room_make_public_says() : m.dialog_room_make_private_says()}</p>
    </ConfirmDialog>
  )
}

function ArchiveAct({ room, onChanged }: ActProps) {
  const [asking, setAsking] = useState<Room | null>(null)
  return (
    <>
      <ActionRow
        title={m.dialog_room_archive_title()}
        says={room.archived ? m.dialog_room_restore_says() : m.dialog_room_archive_says()}
      >
        <Button size="small" onClick={() => setAsking(room)}>
          {room.archived ? m.dialog_room_restore() : m.dialog_room_archive()}
        </Button>
      </ActionRow>
      {asking && (
        <ArchiveDialog
          room={asking}
          onDone={() => {
            setAsking(null)
            onChanged()
          }}
          onClose={() => setAsking(null)}
        />
      )}
    </>
  )
}

function ArchiveDialog({ room, onDone, onClose }: { room: Room; onDone: () => void; onClose: () => void }) {
  const client = useClient()
  const title = room.archived ? m.dialog_room_restore_ask : m.dialog_room_archive_ask
  return (
    <ConfirmDialog
      title={title({ room: room.name })}
      confirm={room.archived ? m.dialog_room_restore() : m.dialog_room_archive()}
      act={() => client.call('rooms.change', { id: room.id, archived: !room.archived })}
      onDone={onDone}
      onClose={onClose}
    >
      <p>{room.archived ? m.dialog_room_restore_asks() : m.dialog_room_archive_says()}</p>
    </ConfirmDialog>
  )
}

function DeleteAct({ room, onGone }: { room: Room; onGone: () => void }) {
  const client = useClient()
  const [asking, setAsking] = useState<Room | null>(null)
  return (
    <>
      <ActionRow title={m.dialog_room_delete()} says={m.dialog_room_delete_says()}>
        <DangerButton size="small" onClick={() => setAsking(room)}>
          {m.dialog_room_delete()}
        </DangerButton>
      </ActionRow>
      {asking && (
        <ConfirmDialog
          title={m.dialog_room_delete_title({ room: asking.name })}
          confirm={m.dialog_room_delete()}
          act={() => client.call('rooms.remove', { id: asking.id })}
          onDone={onGone}
          onClose={() => setAsking(null)}
          typed={asking.name}
        >
          <p>{m.dialog_room_delete_says()}</p>
        </ConfirmDialog>
      )}
    </>
  )
}
