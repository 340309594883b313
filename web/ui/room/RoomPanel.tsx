import { Crown, UserPlus, X } from 'lucide-react'
import { useEffect, useState } from 'react'
import type { Member, Room } from '../../../contract/entities.ts'
import type { UserId } from '../../../contract/ids.ts'
import { m } from '../../paraglide/messages.js'
import type { Client } from '../../sync/model.ts'
import { useClient, useSelect } from '../client.tsx'
import { Avatar } from '../parts/Avatar.tsx'
import { Button } from '../parts/Button.tsx'
import { IconButton } from '../parts/IconButton.tsx'
import { Skeleton } from '../parts/Skeleton.tsx'
import { nameOf } from '../people/names.ts'
import { useWatch } from '../people/useWatch.ts'
import { mayManage } from '../rooms/may.ts'
import { useIsShown, useShow } from '../shell/dialogs.ts'
import { longDate } from '../time/format.ts'
import { formatLocale } from '../time/locale.ts'
import './RoomPanel.css'

/** The side panel: what the room is for, and who is in it. */
export function RoomPanel({ room, onClose }: { room: Room; onClose: () => void }) {
  const members = useMembers(room)
  const membership = useSelect(snapshot => snapshot.memberships.get(room.id))
  const role = useSelect(snapshot => snapshot.me.role)
  const show = useShow()
  const direct = room.kind === 'direct'
  return (
    <aside
      className="room-panel"
      aria-label={m.chat_details()}
      onKeyDown={event => {
        if (event.key === 'Escape') onClose()
      }}
    >
      <header className="room-header">
        <h2>{direct ? m.chat_people() : m.chat_details()}</h2>
        <div className="room-tools">
          <IconButton label={m.shell_close()} icon={<X />} onClick={onClose} />
        </div>
      </header>
      <div className="room-panel-scroll">
        {!direct && <About room={room} />}
        <div className="room-panel-title">
          <h3>
            {m.chat_members()}
            {members.list && (
              <span>
                {new Intl.NumberFormat(formatLocale()).format(members.list.length)}
                {members.more && '+'}
              </span>
            )}
          </h3>
          {!direct && membership && mayManage(membership, role) && !room.archived && (
            <IconButton
              label={m.chat_add_people()}
              icon={<UserPlus />}
              onClick={() => show({ is: 'add-people', room: room.id })}
            />
          )}
        </div>
        <Members room={room} members={members} />
      </div>
    </aside>
  )
}

function About({ room }: { room: Room }) {
  return (
    <dl className="room-about">
      <dt>{m.chat_topic()}</dt>
      <dd dir="auto">{room.topic || <span className="none">{m.chat_no_topic()}</span>}</dd>
      <dt>{m.chat_kind()}</dt>
      <dd>{room.kind === 'private' ? m.chat_kind_private() : m.chat_kind_public()}</dd>
      <dt>{m.chat_since()}</dt>
      <dd>{longDate(room.createdAt, formatLocale())}</dd>
    </dl>
  )
}

interface Members {
  list: readonly Member[] | null
  more: boolean
  loadMore: () => void
}

function Members({ room, members }: { room: Room; members: Members }) {
  const users = useSelect(snapshot => snapshot.users)
  const online = useSelect(snapshot => snapshot.online)
  const show = useShow()
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
        {sorted.map(({ user: id, role }) => {
          const user = users.get(id)
          const here = online.has(id)
          return (
            <li key={id}>
              <button
                type="button"
                className="member"
                onClick={() => show({ is: 'person', user: id, room: room.id })}
              >
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
            </li>
          )
        })}
      </ul>
      {members.more && (
        <Button look="quiet" size="small" wide onClick={members.loadMore}>
          {m.chat_more_members()}
        </Button>
      )}
    </>
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

/** How often a list that stands open is asked for again, in ms. */
const refreshMs = 20_000

/** The members, a page at a time. They are asked for again when the room changes, when the page comes back to the front, and now and then. */
function useMembers(room: Room): Members {
  const client = useClient()
  const [pages, setPages] = useState(1)
  const [round, setRound] = useState(0)
  const [found, setFound] = useState<{ list: readonly Member[]; more: boolean } | null>(null)
  const online = useSelect(snapshot => snapshot.line.is === 'online')
  // Somebody may have been added or removed in a dialog that closes.
  const dialog = useIsShown()
  // biome-ignore lint/correctness/useExhaustiveDependencies: `round`, `online` and `dialog` ask again.
  useEffect(() => {
    let gone = false
    void fetchMembers(client, room, pages).then(answer => {
      if (!gone && answer) setFound(answer)
    })
    return () => {
      gone = true
    }
  }, [client, room, pages, round, online, dialog])
  useEffect(() => {
    const again = () => setRound(n => n + 1)
    addEventListener('focus', again)
    const timer = setInterval(() => document.visibilityState === 'visible' && again(), refreshMs)
    return () => {
      removeEventListener('focus', again)
      clearInterval(timer)
    }
  }, [])
  return { list: found?.list ?? null, more: found?.more ?? false, loadMore: () => setPages(n => n + 1) }
}

async function fetchMembers(client: Client, room: Room, pages: number) {
  if (room.people) {
    const list = room.people.map((user): Member => ({ user, role: 'member', since: 0 }))
    return { list, more: false }
  }
  const list: Member[] = []
  let more = true
  for (let page = 0; more && page < pages; page++) {
    const after: UserId | undefined = list.at(-1)?.user
    const answer = await client.call('members.list', { id: room.id, ...(after && { after }) })
    if (!('ok' in answer)) return null
    list.push(...answer.ok.members)
    more = answer.ok.more
  }
  return { list, more }
}
