import './admin.css'
import { ArrowLeft, MessageSquareOff } from 'lucide-react'
import { useEffect, useState } from 'react'
import { Link } from 'wouter'
import type { Message } from '../../../contract/entities.ts'
import type { MessageId, RoomId } from '../../../contract/ids.ts'
import { m } from '../../paraglide/messages.js'
import { useClient } from '../client.tsx'
import { LoadFailed } from '../forms/LoadFailed.tsx'
import { RowSkeletons } from '../forms/RowSkeletons.tsx'
import { useAnswer } from '../forms/useAnswer.ts'
import type { FormRefusal } from '../forms/useForm.ts'
import { Button } from '../parts/Button.tsx'
import { EmptyState } from '../parts/EmptyState.tsx'
import { DeleteMessageDialog } from './AdminMessages.tsx'
import { AdminPage } from './AdminPage.tsx'
import { OverseenMessage } from './OverseenMessage.tsx'

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

const aPage = 50

interface History {
  messages: readonly Message[]
  older: boolean
}

/** A room's messages, newest first, a page at a time; `null` until the first has come. `drop` takes a deleted one out. */
function useHistory(room: RoomId) {
  const client = useClient()
  const [history, setHistory] = useState<History | null>(null)
  const [refusal, setRefusal] = useState<FormRefusal | null>(null)
  const [busy, setBusy] = useState(false)

  const before = history?.messages.at(-1)?.seq
  async function load(isWanted: () => boolean) {
    setBusy(true)
    const answer = await client.call('messages.list', { room, before, limit: aPage })
    if (!isWanted()) return
    setBusy(false)
    if (!('ok' in answer)) return setRefusal(answer)
    setRefusal(null)
    const page = answer.ok.messages.toReversed()
    setHistory({ messages: [...(history?.messages ?? []), ...page], older: answer.ok.before })
  }
  // biome-ignore lint/correctness/useExhaustiveDependencies: only the first page is asked for unasked.
  useEffect(() => {
    let current = true
    void load(() => current)
    return () => {
      current = false
    }
  }, [client, room])

  const drop = (id: MessageId) =>
    setHistory(history && { ...history, messages: history.messages.filter(message => message.id !== id) })
  return {
    messages: history?.messages ?? null,
    older: history?.older ?? false,
    busy,
    refusal,
    loadOlder: () => void load(() => true),
    drop,
  }
}
