import { CornerUpLeft } from 'lucide-react'
import type { Message } from '../../../contract/entities.ts'
import type { MessageId } from '../../../contract/ids.ts'
import { m } from '../../paraglide/messages.js'
import type { OpenRoom } from '../../sync/model.ts'
import { useSelect } from '../client.tsx'
import { plainTextOf, useFormatting } from '../markdown/formatting.ts'
import { Avatar } from '../parts/Avatar.tsx'
import { useTabStop } from '../parts/tab-stops.ts'
import { nameOf } from '../people/names.ts'
import { useQuoted } from './useQuoted.ts'
import './Quoted.css'

/** A message in short: who said it, and its first words. */
export function Quoted({ message }: { message: Message }) {
  const users = useSelect(snapshot => snapshot.users)
  const author = users.get(message.author)
  // Without its marks as soon as they can be read.
  useFormatting()
  return (
    <span className="quoted">
      <Avatar user={author} size={20} />
      <b dir="auto">{nameOf(author)}</b>
      <span dir="auto">{plainTextOf(message, users)}</span>
    </span>
  )
}

/** What a message answers to, above it; pressing it goes there. A quote of a message that is gone says so. */
export function QuoteLine({
  open,
  id,
  onJump,
}: {
  open: OpenRoom
  id: MessageId
  onJump: (message: MessageId) => void
}) {
  const quoted = useQuoted(open, id)
  const stop = useTabStop()
  if (quoted === undefined) return <div className="quote-line" />
  if (quoted === null) {
    return (
      <div className="quote-line">
        <CornerUpLeft />
        <i>{m.chat_quote_deleted()}</i>
      </div>
    )
  }
  return (
    <button type="button" {...stop} className="quote-line" onClick={() => onJump(id)}>
      <span className="unseen">{m.chat_go_to_quoted()}</span>
      <CornerUpLeft />
      <Quoted message={quoted} />
    </button>
  )
}
