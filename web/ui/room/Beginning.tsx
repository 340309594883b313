import type { Room } from '../../../contract/entities.ts'
import { m } from '../../paraglide/messages.js'
import { useSelect } from '../client.tsx'
import { Avatar } from '../parts/Avatar.tsx'
import { Button } from '../parts/Button.tsx'
import { canManage } from '../rooms/may.ts'
import { othersIn, roomTitle } from '../rooms/title.ts'
import { useShow } from '../shell/dialogs.ts'
import { RoomIcon } from '../shell/RoomIcon.tsx'
import { longDate } from '../time/format.ts'
import { formatLocale } from '../time/locale.ts'

/** Above the first message of a room: what room it is, and since when. In an empty room it invites to begin whoever may. */
export function Beginning({ room, empty }: { room: Room; empty: boolean }) {
  const users = useSelect(snapshot => snapshot.users)
  const me = useSelect(snapshot => snapshot.me.id)
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
      {empty && !room.archived && <Invitation room={room} />}
    </article>
  )
}

/** To begin, and to bring others in: who made a private room is alone in it, and who set the workspace up in that. */
function Invitation({ room }: { room: Room }) {
  const membership = useSelect(snapshot => snapshot.memberships.get(room.id))
  const role = useSelect(snapshot => snapshot.me.role)
  const isAlone = useSelect(snapshot => snapshot.users.size === 1)
  const show = useShow()
  if (!membership) return <p>{m.chat_empty_to_visitor()}</p>
  return (
    <>
      <p>{m.chat_empty()}</p>
      {isAlone && <p>{m.chat_others_join()}</p>}
      {!isAlone && room.kind === 'private' && canManage(membership, role) && (
        <Button onClick={() => show({ is: 'add-people', room: room.id })}>{m.chat_add_people()}</Button>
      )}
    </>
  )
}

function text(room: Room, title: string): string {
  const date = longDate(room.createdAt, formatLocale())
  if (room.kind === 'direct') return m.chat_beginning_direct({ names: title })
  return room.kind === 'private'
    ? m.chat_beginning_private({ room: title, date })
    : m.chat_beginning_public({ room: title, date })
}
