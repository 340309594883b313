import './dialogs.css'
import { Globe, Lock } from 'lucide-react'
import { useState } from 'react'
import { useLocation } from 'wouter'
import type { Room } from '../../../contract/entities.ts'
import type { RoomId } from '../../../contract/ids.ts'
import { newId } from '../../../contract/ids.ts'
import { limits } from '../../../contract/limits.ts'
import { m } from '../../paraglide/messages.js'
import { useClient } from '../client.tsx'
import { Choice } from '../forms/Choice.tsx'
import { DialogFoot } from '../forms/DialogFoot.tsx'
import { ObstacleNotice } from '../forms/ObstacleNotice.tsx'
import { useTyped } from '../forms/unsaved.ts'
import { textOf, useForm } from '../forms/useForm.ts'
import { Dialog } from '../parts/Dialog.tsx'
import { roomPath } from '../rooms/address.ts'
import { RoomNameFields } from './RoomNameFields.tsx'
import { untilRoom } from './until-room.ts'

/** Makes a room and goes there. `name` is what it is called to begin with. */
export function CreateRoomDialog({ name = '', onClose }: { name?: string; onClose: () => void }) {
  const client = useClient()
  const [, navigate] = useLocation()
  // One id for all tries: a call whose answer was lost makes no second room.
  const [id] = useState(() => newId<RoomId>())
  const [kind, setKind] = useState<'public' | 'private'>('public')
  const [going, setGoing] = useState(false)
  async function goTo(room: Room) {
    setGoing(true)
    await untilRoom(client, room.id)
    navigate(roomPath(room))
    onClose()
  }
  const { form, field, busy, obstacle } = useForm({
    op: 'rooms.create',
    input: values => ({ id, kind, name: textOf(values, 'name'), topic: textOf(values, 'topic') }),
    send: input => client.call('rooms.create', input),
    done: ({ room }) => {
      typed.discard()
      void goTo(room)
    },
  })
  const typed = useTyped(`new room ${name}`, form)
  return (
    <Dialog title={m.dialog_create_room()} onClose={onClose} locked={busy || going}>
      <form {...typed.form}>
        <ObstacleNotice obstacle={obstacle} />
        <RoomNameFields of={field} called={name.slice(0, limits.nameCharacters)} />
        <RoomKindChoice kind={kind} onChoose={setKind} />
        <DialogFoot
          busy={busy || going}
          submit={m.dialog_create_room_submit()}
          onCancel={typed.discardAnd(onClose)}
        />
      </form>
    </Dialog>
  )
}

/** Who is to see a room, with what that means. */
function RoomKindChoice({
  kind,
  onChoose,
}: {
  kind: 'public' | 'private'
  onChoose: (kind: 'public' | 'private') => void
}) {
  return (
    <Choice
      label={m.dialog_room_kind()}
      name="kind"
      value={kind}
      onChoose={onChoose}
      choices={[
        {
          value: 'public',
          label: m.dialog_room_public(),
          says: m.dialog_room_public_says(),
          icon: <Globe />,
        },
        {
          value: 'private',
          label: m.dialog_room_private(),
          says: m.dialog_room_private_says(),
          icon: <Lock />,
        },
      ]}
    />
  )
}
