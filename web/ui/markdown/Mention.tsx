import type { UserId } from '../../../contract/ids.ts'
import { useSelect } from '../client.tsx'
import { mentionText } from './mention-text.ts'

/** Somebody who is called, by the name of today. */
export function Mention({ user }: { user: UserId }) {
  const isKnown = useSelect(snapshot => snapshot.users.has(user))
  const written = useSelect(snapshot => mentionText(snapshot.users, user))
  return (
    <bdi className="mention" data-unknown={isKnown ? undefined : ''}>
      {written}
    </bdi>
  )
}
