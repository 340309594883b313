import type { UserId } from '../../../contract/ids.ts'
import { m } from '../../paraglide/messages.js'
import { useSelect } from '../client.tsx'
import { nameOf } from '../people/names.ts'

/** Somebody who is called, by the name of today. */
export function Mention({ user }: { user: UserId }) {
  const person = useSelect(snapshot => snapshot.users.get(user))
  return (
    <bdi className="mention" data-unknown={person ? undefined : ''}>
      @{person ? nameOf(person) : m.chat_mention_unknown()}
    </bdi>
  )
}
