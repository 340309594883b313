import { ArrowLeft, MessageSquareOff } from 'lucide-react'
import { useState } from 'react'
import { Link } from 'wouter'
import type { Message } from '../../../contract/entities.ts'
import type { RoomId } from '../../../contract/ids.ts'
import { m } from '../../paraglide/messages.js'
import { LoadFailed } from '../forms/LoadFailed.tsx'
import { RowSkeletons } from '../forms/RowSkeletons.tsx'
import { useAnswer } from '../forms/useAnswer.ts'
import { Button } from '../parts/Button.tsx'
import { EmptyState } from '../parts/EmptyState.tsx'
import { DeleteMessageDialog } from './AdminMessages.tsx'
import { AdminPage } from './AdminPage.tsx'
import { OverseenMessage } from './OverseenMessage.tsx'
import { useHistory } from './useHistory.ts'
import './admin.css'

/** `/admin/rooms/:id`: what is said in a room, newest first, to be looked at and deleted. */
export function AdminRoomMessages({ room }: { room: RoomId }) {
  const { answer } = useAnswer('rooms.get', { id: room })
  return (
    <AdminPage>
      <header className="overseen-head">
        <Link href="/admin/rooms">
          <ArrowLeft aria-hidden="true" />
          {m.admin_messages_back()}
        </Link>
        <h2 dir="auto">{answer && 'ok' in answer ? answer.ok.room.name : '\u00a0'}</h2>
        <p>{m.admin_messages_says()}</p>
      </header>
      <Messages room={room} />
    </AdminPage>
  )
}

function Messages({ room }: { room: RoomId }) {
  const { messages, older, busy, refusal, loadOlder, drop } = useHistory(room)
  const [deleting, setDeleting] = useState<Message | null>(null)
  if (refusal) return <LoadFailed answer={refusal} again={loadOlder} />
  if (messages === null) return <RowSkeletons rows={6} />
  if (messages.length === 0) {
    return <EmptyState icon={<MessageSquareOff />} title={m.admin_messages_none()} />
  }
  return (
    <>
      <ol className="overseen">
        {messages.map(message => (
          <OverseenMessage key={message.id} message={message} onDelete={() => setDeleting(message)} />
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
