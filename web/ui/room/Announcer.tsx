import { useEffect, useRef, useState } from 'react'
import { m } from '../../paraglide/messages.js'
import type { ConversationSnapshot } from '../../sync/model.ts'
import { useSelect } from '../client.tsx'
import { plainTextOf } from '../markdown/formatting.ts'
import { nameOf } from '../people/names.ts'

/**
 * Tells screen readers of new messages, politely. The list itself cannot: lines come and go in it by scrolling, and all of them would be
 * read out. `after`: the newest are not loaded, so nothing that appears is new.
 */
export function Announcer({ rows, after }: Pick<ConversationSnapshot, 'rows' | 'after'>) {
  const users = useSelect(snapshot => snapshot.users)
  const me = useSelect(snapshot => snapshot.me.id)
  const announced = useRef<number | null>(null)
  const [said, setSaid] = useState<readonly { id: string; text: string }[]>([])
  useEffect(() => {
    const messages = rows.flatMap(row => (row.is === 'message' ? [row.message] : []))
    const head = messages.at(-1)?.seq ?? 0
    const since = announced.current
    if (after) return
    announced.current = Math.max(since ?? 0, head)
    if (since === null) return
    const fresh = messages
      .filter(({ seq, author }) => seq > since && author !== me)
      .slice(-3)
      .map(({ id, author, text, plain }) => ({
        id,
        text: m.chat_says({
          name: nameOf(users.get(author)),
          text: plainTextOf({ text, ...(plain && { plain }) }, users),
        }),
      }))
    if (fresh.length > 0) setSaid(before => [...before, ...fresh].slice(-5))
  }, [rows, after, me, users])
  return (
    <div className="unseen" role="log" aria-live="polite" aria-label={m.chat_new_messages()}>
      {said.map(({ id, text }) => (
        <p key={id}>{text}</p>
      ))}
    </div>
  )
}
