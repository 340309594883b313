import { Pencil } from 'lucide-react'
import { Link } from 'wouter'
import type { Room } from '../../../contract/entities.ts'
import { m } from '../../paraglide/messages.js'
import { useSelect } from '../client.tsx'
import { Avatar } from '../parts/Avatar.tsx'
import { Count } from '../parts/Count.tsx'
import { roomPath } from '../rooms/address.ts'
import { othersIn, roomTitle } from '../rooms/title.ts'
import { RoomIcon } from './RoomIcon.tsx'

/** A room in the side bar: its sign, its title, whether something is begun in it, and how much in it is unread. */
export function RoomLink({ room, current }: { room: Room; current: boolean }) {
  const users = useSelect(snapshot => snapshot.users)
  const me = useSelect(snapshot => snapshot.me.id)
  const draft = useSelect(snapshot => snapshot.drafts.has(room.id))
  const unread = useSelect(snapshot => snapshot.unread.get(room.id) ?? 0)
  return (
    <li>
      <Link
        href={roomPath(room)}
        className="side-row"
        aria-current={current ? 'page' : undefined}
        data-unread={unread > 0 ? '' : undefined}
      >
        {room.kind === 'direct' ? <Faces room={room} /> : <RoomIcon room={room} />}
        <span className="side-row-title" dir="auto">
          {roomTitle(room, users, me)}
        </span>
        {draft && !current && (
          <>
            <Pencil className="side-row-draft" />
            <span className="unseen">{m.shell_draft()}</span>
          </>
        )}
        {unread > 0 && <Count of={unread} label={m.shell_unread({ count: unread })} />}
      </Link>
    </li>
  )
}

function Faces({ room }: { room: Room }) {
  const users = useSelect(snapshot => snapshot.users)
  const me = useSelect(snapshot => snapshot.me.id)
  const others = othersIn(room, me)
  const first = others[0]
  const here = useSelect(snapshot => first !== undefined && snapshot.online.has(first))
  if (others.length > 1) {
    return (
      <span className="avatar" data-size="20" aria-hidden="true">
        {others.length}
      </span>
    )
  }
  return (
    <>
      <Avatar user={first && users.get(first)} size={20} online={here} />
      {here && <span className="unseen">{m.shell_online()}</span>}
    </>
  )
}
