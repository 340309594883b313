import { Crown } from 'lucide-react'
import type { Member, Room } from '../../../contract/entities.ts'
import { m } from '../../paraglide/messages.js'
import { useSelect } from '../client.tsx'
import { Avatar } from '../parts/Avatar.tsx'
import { Button } from '../parts/Button.tsx'
import { Skeleton } from '../parts/Skeleton.tsx'
import { nameOf } from '../people/names.ts'
import { useWatch } from '../people/useWatch.ts'
import { useShow } from '../shell/dialogs.ts'
import type { Members } from './useMembers.ts'

/** The people of a room, who is here first. */
export function MemberList({ room, members }: { room: Room; members: Members }) {
  const users = useSelect(snapshot => snapshot.users)
  const online = useSelect(snapshot => snapshot.online)
  const list = members.list ?? []
  useWatch(list.map(({ user }) => user))
  if (members.list === null) return <MembersSkeleton />
  const sorted = [...list].sort(
    (a, b) =>
      Number(online.has(b.user)) - Number(online.has(a.user)) ||
      nameOf(users.get(a.user)).localeCompare(nameOf(users.get(b.user))),
  )
  return (
    <>
      <ul className="members">
        {sorted.map(member => (
          <li key={member.user}>
            <MemberRow room={room} member={member} />
          </li>
        ))}
      </ul>
      {members.more && (
        <Button look="quiet" size="small" wide onClick={members.loadMore}>
          {m.chat_more_members()}
        </Button>
      )}
    </>
  )
}

function MemberRow({ room, member: { user: id, role } }: { room: Room; member: Member }) {
  const user = useSelect(snapshot => snapshot.users.get(id))
  const here = useSelect(snapshot => snapshot.online.has(id))
  const show = useShow()
  return (
    <button type="button" className="member" onClick={() => show({ is: 'person', user: id, room: room.id })}>
      <Avatar user={user} size={28} online={here} />
      <span className="member-names">
        <b dir="auto">{nameOf(user)}</b>
        {user?.status && <span dir="auto">{user.status}</span>}
      </span>
      {here && <span className="unseen">{m.shell_online()}</span>}
      {role === 'manager' && (
        <span className="member-role" data-tip={m.chat_manager()}>
          <Crown />
          <span className="unseen">{m.chat_manager()}</span>
        </span>
      )}
    </button>
  )
}

function MembersSkeleton() {
  return [0.5, 0.7, 0.4, 0.6].map(width => (
    <div key={width} className="member">
      <Skeleton round height={28} />
      <Skeleton width={width} />
    </div>
  ))
}
