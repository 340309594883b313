import { Globe, Lock } from 'lucide-react'
import { useState } from 'react'
import { useLocation } from 'wouter'
import type { RoomId } from '../../../contract/ids.ts'
import { newId } from '../../../contract/ids.ts'
import { m } from '../../paraglide/messages.js'
import { useClient } from '../client.tsx'
import { Choice } from '../forms/Choice.tsx'
import { ObstacleNotice } from '../forms/ObstacleNotice.tsx'
import { startHere } from '../forms/start-here.ts'
import { TextField } from '../forms/TextField.tsx'
import { textOf, useForm } from '../forms/use-form.ts'
import { Button } from '../parts/Button.tsx'
import { Dialog } from '../parts/Dialog.tsx'
import { roomPath } from '../rooms/address.ts'
import { untilRoom } from './until-room.ts'
import './dialogs.css'

/** Makes a room and goes there. */
export function CreateRoomDialog({ onClose }: { onClose: () => void }) {
  const client = useClient()
  const [, navigate] = useLocation()
  const [id] = useState(() => newId<RoomId>())
  const [kind, setKind] = useState<'public' | 'private'>('public')
  const [going, setGoing] = useState(false)
  const { form, field, busy, obstacle } = useForm({
    op: 'rooms.create',
    input: values => ({ id, kind, name: textOf(values, 'name'), topic: textOf(values, 'topic') }),
    send: input => client.call('rooms.create', input),
    done: ({ room }) => {
      setGoing(true)
      void untilRoom(client, room.id).then(() => {
        navigate(roomPath(room, client.snapshot().rooms))
        onClose()
      })
    },
  })
  return (
    <Dialog title={m.dialog_create_room()} onClose={onClose} locked={busy || going}>
      <form {...form}>
        <ObstacleNotice obstacle={obstacle} />
        <TextField
          {...field('name')}
          ref={startHere}
          label={m.dialog_room_name()}
          autoComplete="off"
          required
        />
        <TextField
          {...field('topic')}
          label={m.dialog_room_topic()}
          hint={m.dialog_room_topic_hint()}
          autoComplete="off"
          optional
        />
        <Choice
          label={m.dialog_room_kind()}
          name="kind"
          value={kind}
          onChoose={setKind}
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
        <footer className="dialog-actions">
          <Button onClick={onClose} disabled={busy || going}>
            {m.form_cancel()}
          </Button>
          <Button type="submit" look="primary" busy={busy || going}>
            {m.dialog_create_room_submit()}
          </Button>
        </footer>
      </form>
    </Dialog>
  )
}
