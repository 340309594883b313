import type { Room } from '../../../contract/entities.ts'
import { m } from '../../paraglide/messages.js'
import { useSelect } from '../client.tsx'
import { Avatar } from '../parts/Avatar.tsx'
import { othersIn, roomTitle } from '../rooms/title.ts'
import { RoomIcon } from '../shell/RoomIcon.tsx'
import { longDate } from '../time/format.ts'
import { formatLocale } from '../time/locale.ts'

/** Above the first message of a room: what room it is, and since when. In an empty room it invites to begin whoever may. */
export function Beginning({ room, empty }: { room: Room; empty: boolean }) {
  const users = useSelect(snapshot => snapshot.users)
  const me = useSelect(snapshot => snapshot.me.id)
  const isMember = useSelect(snapshot => snapshot.memberships.has(room.id))
  const title = roomTitle(room, users, me)
  return (
    <article className="beginning" aria-label={title}>
      {room.kind === 'direct' ? (
        <div className="beginning-faces">
          {othersIn(room, me)
            .slice(0, 4)
            .map(id => (
              <Avatar key={id} user={users.get(id)} size={48} />
            ))}
        </div>
      ) : (
        <span className="empty-state-icon">
          <RoomIcon room={room} />
        </span>
      )}
      <h2 dir="auto">{title}</h2>
      <p>{text(room, title)}</p>
      {empty && !room.archived && <p>{isMember ? m.chat_empty() : m.chat_empty_to_visitor()}</p>}
    </article>
  )
}

function text(room: Room, title: string): string {
  const date = longDate(room.createdAt, formatLocale())
  if (room.kind === 'direct') return m.chat_beginning_direct({ names: title })
  return room.kind === 'private'
    ? m.chat_beginning_private({ room: title, date })
    : m.chat_beginning_public({ room: title, date })
}
