import { useState } from 'react'
import type { Room } from '../../../contract/entities.ts'
import { m } from '../../paraglide/messages.js'
import { useClient, useSelect } from '../client.tsx'
import { Button } from '../parts/Button.tsx'
import { toastUnless } from '../parts/toast-unless.ts'

/** Stands in the place of the box where one cannot write: in a room one only reads, or that is archived. */
export function JoinBar({ room }: { room: Room }) {
  const client = useClient()
  const member = useSelect(snapshot => snapshot.memberships.has(room.id))
  const [busy, setBusy] = useState(false)
  if (member || room.archived) return <div className="join-bar">{m.chat_archived()}</div>
  const join = async () => {
    setBusy(true)
    const answer = await client.call('rooms.join', { id: room.id })
    setBusy(false)
    void toastUnless(answer)
  }
  return (
    <div className="join-bar">
      <p>{m.chat_read_only({ room: room.name })}</p>
      <Button look="primary" busy={busy} onClick={() => void join()}>
        {m.chat_join()}
      </Button>
    </div>
  )
}
