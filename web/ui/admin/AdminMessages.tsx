import { MessageSquareOff } from 'lucide-react'
import { useState } from 'react'
import { useLocation, useSearch } from 'wouter'
import type { Message, Room, User } from '../../../contract/entities.ts'
import type { RoomId, UserId } from '../../../contract/ids.ts'
import { uuidForm } from '../../../contract/ids.ts'
import { m } from '../../paraglide/messages.js'
import { useClient, useSelect } from '../client.tsx'
import { ConfirmDialog } from '../dialogs/ConfirmDialog.tsx'
import { byName } from '../dialogs/people.ts'
import { LoadFailed } from '../forms/LoadFailed.tsx'
import { RowSkeletons } from '../forms/RowSkeletons.tsx'
import { SelectField } from '../forms/SelectField.tsx'
import { useAnswer } from '../forms/useAnswer.ts'
import { Button } from '../parts/Button.tsx'
import { EmptyState } from '../parts/EmptyState.tsx'
import { nameOf } from '../people/names.ts'
import { AdminPage } from './AdminPage.tsx'
import { OverseenMessage } from './OverseenMessage.tsx'
import type { OverseenFilter } from './useOverseen.ts'
import { useOverseen } from './useOverseen.ts'
import './admin.css'

/** `/admin/messages`: what is said in all public and private rooms, newest first, of everybody or of one person. */
export function AdminMessages() {
  const [wanted, want] = useWanted()
  const { answer } = useAnswer('rooms.list', { which: 'all' })
  const rooms = answer && 'ok' in answer ? answer.ok.rooms.filter(room => room.kind !== 'direct') : []
  return (
    <AdminPage>
      <p className="admin-says">{m.admin_messages_says()}</p>
      <MessagesBar rooms={rooms} wanted={wanted} onWant={want} />
      <Messages key={`${wanted.room} ${wanted.author}`} wanted={wanted} rooms={rooms} />
    </AdminPage>
  )
}

/** What is wanted stands in the address, so that a person's page can lead here. */
function useWanted(): [OverseenFilter, (wanted: OverseenFilter) => void] {
  const search = new URLSearchParams(useSearch())
  const [, navigate] = useLocation()
  const room = idIn<RoomId>(search.get('room'))
  const author = idIn<UserId>(search.get('author'))
  const want = (now: OverseenFilter) => {
    const query = new URLSearchParams(Object.entries(now).filter(([, id]) => id !== undefined))
    navigate(`/admin/messages${query.size > 0 ? `?${query}` : ''}`, { replace: true })
  }
  return [{ ...(room && { room }), ...(author && { author }) }, want]
}

const idIn = <Id extends RoomId | UserId>(text: string | null): Id | undefined =>
  text !== null && uuidForm.test(text) ? (text as Id) : undefined

function MessagesBar({
  rooms,
  wanted: { room, author },
  onWant,
}: {
  rooms: readonly Room[]
  wanted: OverseenFilter
  onWant: (wanted: OverseenFilter) => void
}) {
  const users = useSelect(snapshot => snapshot.users)
  const people = [...users.values()].filter(user => user.state !== 'deleted').sort(byName)
  const all = (label: string) => ({ value: '' as const, label })
  return (
    <div className="admin-bar admin-bar-even">
      <SelectField<UserId | ''>
        label={m.admin_messages_person()}
        value={author ?? ''}
        choices={[all(m.admin_messages_everybody()), ...people.map(personChoice)]}
        onChoose={id => onWant({ ...(room && { room }), ...(id && { author: id }) })}
      />
      <SelectField<RoomId | ''>
        label={m.admin_messages_room()}
        value={room ?? ''}
        choices={[
          all(m.admin_messages_all_rooms()),
          ...rooms.map(({ id, name }) => ({ value: id, label: name })),
        ]}
        onChoose={id => onWant({ ...(id && { room: id }), ...(author && { author }) })}
      />
    </div>
  )
}

const personChoice = (user: User) => ({
  value: user.id,
  label:
    user.username === '' || nameOf(user) === user.username
      ? nameOf(user)
      : `${nameOf(user)} (@${user.username})`,
})

function Messages({ wanted, rooms }: { wanted: OverseenFilter; rooms: readonly Room[] }) {
  const { messages, older, busy, refusal, loadOlder, drop } = useOverseen(wanted)
  const [deleting, setDeleting] = useState<Message | null>(null)
  if (refusal) return <LoadFailed answer={refusal} again={loadOlder} />
  if (messages === null) return <RowSkeletons rows={6} />
  if (messages.length === 0) return <EmptyState icon={<MessageSquareOff />} title={m.admin_messages_none()} />
  return (
    <>
      <ol className="overseen">
        {messages.map(message => (
          <OverseenMessage
            key={message.id}
            message={message}
            room={rooms.find(({ id }) => id === message.room)}
            onDelete={() => setDeleting(message)}
          />
        ))}
      </ol>
      {older && (
        <Button busy={busy} onClick={loadOlder}>
          {m.admin_messages_older()}
        </Button>
      )}
      {deleting && (
        <DeleteMessageDialog
          message={deleting}
          onDone={() => {
            drop(deleting.id)
            setDeleting(null)
          }}
          onClose={() => setDeleting(null)}
        />
      )}
    </>
  )
}

/** Asks before somebody's message is deleted for everybody. */
export function DeleteMessageDialog({
  message,
  onDone,
  onClose,
}: {
  message: Message
  onDone: () => void
  onClose: () => void
}) {
  const client = useClient()
  return (
    <ConfirmDialog
      title={m.admin_message_delete_title()}
      confirm={m.admin_message_delete()}
      act={() => client.call('messages.remove', { id: message.id })}
      onDone={onDone}
      onClose={onClose}
    >
      <p>{m.admin_message_delete_says()}</p>
    </ConfirmDialog>
  )
}
