import type { UserId } from '../../../contract/ids.ts'
import { m } from '../../paraglide/messages.js'
import { useSelect } from '../client.tsx'
import { nameOf } from '../people/names.ts'

/** Who is writing just now. The line keeps its height when nobody is, so that nothing moves. */
export function TypingLine({ typing }: { typing: readonly UserId[] }) {
  const users = useSelect(snapshot => snapshot.users)
  const [first, second, third] = typing.map(id => nameOf(users.get(id)))
  return (
    <div className="typing" dir="auto">
      {first !== undefined && (
        <>
          <span className="typing-dots" aria-hidden="true">
            <i />
            <i />
            <i />
          </span>
          {second === undefined
            ? m.chat_typing_one({ name: first })
            : third === undefined
              ? m.chat_typing_two({ first, second })
              : m.chat_typing_many()}
        </>
      )}
    </div>
  )
}
