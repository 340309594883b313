import type { Room } from '../../../contract/entities.ts'
import type { RoomId } from '../../../contract/ids.ts'
import { m } from '../../paraglide/messages.js'
import { useClient, useSelect } from '../client.tsx'
import { FormFoot } from '../forms/FormFoot.tsx'
import { LoadFailed } from '../forms/LoadFailed.tsx'
import { ObstacleNotice } from '../forms/ObstacleNotice.tsx'
import { useAnswer } from '../forms/useAnswer.ts'
import { useEdits } from '../forms/useEdits.ts'
import { useForm } from '../forms/useForm.ts'
import { Dialog } from '../parts/Dialog.tsx'
import { Skeleton } from '../parts/Skeleton.tsx'
import { RoomActs } from './RoomActs.tsx'
import { RoomNameFields } from './RoomNameFields.tsx'
import './dialogs.css'

export interface RoomSettingsDialogProps {
  room: RoomId
  onClose: () => void
  /** Something about the room was changed from here. */
  onChanged?: () => void
  /** It was deleted from here; `onClose` is not called then. */
  onGone?: () => void
}

/** Everything that who manages a room, or oversees it, can change about it. */
export function RoomSettingsDialog({
  room: id,
  onClose,
  onChanged,
  onGone = onClose,
}: RoomSettingsDialogProps) {
  const seen = useSelect(snapshot => snapshot.rooms.get(id))
  // An administrator sees private rooms that are not theirs here alone, and no events of them.
  const { answer, again } = useAnswer('rooms.get', { id })
  const room = seen ?? (answer && 'ok' in answer ? answer.ok.room : null)
  const changed = () => {
    again()
    onChanged?.()
  }
  return (
    <Dialog title={m.dialog_room_settings()} onClose={onClose}>
      {room && (
        <div className="dialog-stack">
          <NamesForm room={room} onChanged={changed} />
          <RoomActs room={room} onChanged={changed} onGone={onGone} />
        </div>
      )}
      {!room && answer && !('ok' in answer) && <LoadFailed answer={answer} again={again} />}
      {!room && !answer && <SettingsSkeleton />}
    </Dialog>
  )
}

function SettingsSkeleton() {
  return (
    <div className="dialog-stack" aria-busy="true">
      <Skeleton height={36} />
      <Skeleton height={36} />
      <Skeleton height={120} />
    </div>
  )
}

function NamesForm({ room, onChanged }: { room: Room; onChanged: () => void }) {
  const client = useClient()
  const { name, topic } = room
  const { changed, edited, accept, foot } = useEdits(`room ${room.id}`, { name, topic })
  const { form, field, busy, obstacle } = useForm({
    op: 'rooms.change',
    input: () => ({ id: room.id, ...changed }),
    send: input => client.call('rooms.change', input),
    done: ({ room: now }) => {
      accept(now)
      onChanged()
    },
  })
  return (
    <form {...form}>
      <ObstacleNotice obstacle={obstacle} />
      <RoomNameFields of={name => ({ ...field(name), ...edited(name) })} />
      <FormFoot busy={busy} {...foot} />
    </form>
  )
}
