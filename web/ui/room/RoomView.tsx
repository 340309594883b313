import { MessageCircleOff, RotateCw } from 'lucide-react'
import { Suspense, useMemo, useRef, useState } from 'react'
import type { Room } from '../../../contract/entities.ts'
import type { WireError } from '../../../contract/frames.ts'
import type { MessageId } from '../../../contract/ids.ts'
import { m } from '../../paraglide/messages.js'
import type { ListRow, OpenRoom } from '../../sync/model.ts'
import { useConversation, useOpenRoom, useSelect } from '../client.tsx'
import { Boundary, Broken } from '../parts/Boundary.tsx'
import { Button } from '../parts/Button.tsx'
import { EmptyState } from '../parts/EmptyState.tsx'
import { ErrorText } from '../parts/ErrorText.tsx'
import { lazyPart } from '../parts/lazy-part.ts'
import { useWatch } from '../people/useWatch.ts'
import { Composer } from './Composer.tsx'
import { JoinBar } from './JoinBar.tsx'
import { ListSkeleton } from './ListSkeleton.tsx'
import { MessageList } from './MessageList.tsx'
import { RoomHeader } from './RoomHeader.tsx'
import { TypingLine } from './TypingLine.tsx'
import { useWriting } from './useWriting.ts'
import './RoomView.css'

const RoomPanel = lazyPart(async () => (await import('./RoomPanel.tsx')).RoomPanel)

export interface RoomViewProps {
  room: Room
  /** The message that the address names. */
  at?: MessageId | undefined
  panel: boolean
  setPanel: (open: boolean) => void
}

/** A room: its header, its conversation, the box to write in, and its panel when asked for. */
export function RoomView({ room, at, panel, setPanel }: RoomViewProps) {
  const [attempt, setAttempt] = useState(0)
  return (
    <div className="room" data-panel={panel ? '' : undefined}>
      <section className="room-talk" aria-label={m.chat_conversation()}>
        <RoomHeader room={room} panel={panel} setPanel={setPanel} />
        <Boundary>
          <Talk key={attempt} room={room} at={at} again={() => setAttempt(n => n + 1)} />
        </Boundary>
      </section>
      {panel && (
        <Boundary instead={(error, again) => <Broken {...{ error, again }} close={() => setPanel(false)} />}>
          <Suspense>
            <RoomPanel key={room.id} room={room} onClose={() => setPanel(false)} />
          </Suspense>
        </Boundary>
      )}
    </div>
  )
}

function Talk({ room, at, again }: { room: Room; at: MessageId | undefined; again: () => void }) {
  const open = useOpenRoom(room.id, at)
  return open ? <OpenTalk open={open} room={room} at={at} again={again} /> : <ListSkeleton />
}

interface OpenTalkProps {
  open: OpenRoom
  room: Room
  at: MessageId | undefined
  again: () => void
}

function OpenTalk({ open, room, at, again }: OpenTalkProps) {
  const conversation = useConversation(open)
  const { status, rows, typing } = conversation
  const member = useSelect(snapshot => snapshot.memberships.has(room.id))
  const box = useRef<HTMLTextAreaElement>(null)
  const doers = useWriting(open, box)
  useWatch(useAuthors(rows))
  if (status === 'gone') return <Gone />
  if (status === 'failed') return <Failed error={conversation.error} again={again} />
  return (
    <>
      {status === 'loading' && rows.length === 0 ? (
        <ListSkeleton />
      ) : (
        <MessageList {...{ open, room, conversation, at }} {...doers} />
      )}
      <TypingLine typing={typing} />
      {member && !room.archived ? (
        <Composer {...{ open, room, rows, box }} onEdit={doers.onEdit} />
      ) : (
        <JoinBar room={room} />
      )}
    </>
  )
}

/** The authors of what is loaded: their presence is shown on their cards. */
function useAuthors(rows: readonly ListRow[]) {
  return useMemo(
    () => [...new Set(rows.flatMap(row => (row.is === 'message' ? [row.message.author] : [])))].slice(-100),
    [rows],
  )
}

function Gone() {
  return (
    <EmptyState icon={<MessageCircleOff />} title={m.chat_gone_title()}>
      {m.chat_gone_text()}
    </EmptyState>
  )
}

function Failed({ error, again }: { error: WireError | null; again: () => void }) {
  return (
    <EmptyState
      icon={<RotateCw />}
      title={m.chat_failed_title()}
      action={<Button onClick={again}>{m.shell_try_again()}</Button>}
    >
      {error && error.code !== 'unavailable' ? <ErrorText error={error} /> : m.chat_failed_text()}
    </EmptyState>
  )
}
