import { useState } from 'react'
import type { Room } from '../../../contract/entities.ts'
import type { RoomId } from '../../../contract/ids.ts'
import { m } from '../../paraglide/messages.js'
import { useClient, useSelect } from '../client.tsx'
import { FormFoot } from '../forms/FormFoot.tsx'
import { LoadFailed } from '../forms/LoadFailed.tsx'
import { ObstacleNotice } from '../forms/ObstacleNotice.tsx'
import { startHere } from '../forms/start-here.ts'
import { TextField } from '../forms/TextField.tsx'
import { useAnswer } from '../forms/use-answer.ts'
import { useForm } from '../forms/use-form.ts'
import { Dialog } from '../parts/Dialog.tsx'
import { Skeleton } from '../parts/Skeleton.tsx'
import { RoomActs } from './RoomActs.tsx'
import './dialogs.css'

/** Everything that who manages a room, or oversees it, can change about it. `onGone`: it was deleted from here. */
export function RoomSettingsDialog({
  room: id,
  onClose,
  onChanged = () => {},
  onGone = onClose,
}: {
  room: RoomId
  onClose: () => void
  onChanged?: () => void
  onGone?: () => void
}) {
  const seen = useSelect(snapshot => snapshot.rooms.get(id))
  // An administrator sees private rooms that are not theirs here alone, and no events of them.
  const { answer, again } = useAnswer('rooms.get', { id })
  const room = seen ?? (answer && 'ok' in answer ? answer.ok.room : null)
  const changed = () => {
    again()
    onChanged()
  }
  return (
    <Dialog title={m.dialog_room_settings()} onClose={onClose}>
      {room ? (
        <div className="dialog-stack">
          <NamesForm room={room} onChanged={changed} />
          <RoomActs room={room} onChanged={changed} onGone={onGone} />
        </div>
      ) : answer && !('ok' in answer) ? (
        <LoadFailed answer={answer} again={again} />
      ) : (
        <div className="dialog-stack" aria-busy="true">
          <Skeleton height={36} />
          <Skeleton height={36} />
        </div>
      )}
    </Dialog>
  )
}

function NamesForm({ room, onChanged }: { room: Room; onChanged: () => void }) {
  const client = useClient()
  const [name, setName] = useState(room.name)
  const [topic, setTopic] = useState(room.topic)
  const [kept, setKept] = useState({ name: room.name, topic: room.topic })
  const [saved, setSaved] = useState(false)
  const dirty = name !== kept.name || topic !== kept.topic
  const { form, field, busy, obstacle } = useForm({
    op: 'rooms.change',
    input: () => ({
      id: room.id,
      ...(name !== kept.name && { name }),
      ...(topic !== kept.topic && { topic }),
    }),
    send: input => client.call('rooms.change', input),
    done: ({ room: now }) => {
      setName(now.name)
      setTopic(now.topic)
      setKept(now)
      setSaved(true)
      onChanged()
    },
  })
  return (
    <form {...form}>
      <ObstacleNotice obstacle={obstacle} />
      <TextField
        {...field('name')}
        ref={startHere}
        label={m.dialog_room_name()}
        autoComplete="off"
        required
        value={name}
        onChange={event => setName(event.target.value)}
      />
      <TextField
        {...field('topic')}
        label={m.dialog_room_topic()}
        hint={m.dialog_room_topic_hint()}
        autoComplete="off"
        optional
        value={topic}
        onChange={event => setTopic(event.target.value)}
      />
      <FormFoot
        busy={busy}
        dirty={dirty}
        saved={saved}
        onDiscard={() => {
          setName(kept.name)
          setTopic(kept.topic)
        }}
      />
    </form>
  )
}
