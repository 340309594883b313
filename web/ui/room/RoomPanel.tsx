import { UserPlus, X } from 'lucide-react'
import { useEffect } from 'react'
import type { Room } from '../../../contract/entities.ts'
import { m } from '../../paraglide/messages.js'
import { useSelect } from '../client.tsx'
import { IconButton } from '../parts/IconButton.tsx'
import { canManage } from '../rooms/may.ts'
import { useShow } from '../shell/dialogs.ts'
import { longDate } from '../time/format.ts'
import { formatLocale } from '../time/locale.ts'
import { MemberList } from './MemberList.tsx'
import type { Members } from './useMembers.ts'
import { useMembers } from './useMembers.ts'
import './RoomPanel.css'

/** The side panel: what the room is for, and who is in it. */
export function RoomPanel({ room, onClose }: { room: Room; onClose: () => void }) {
  const members = useMembers(room)
  const direct = room.kind === 'direct'
  useFocusBack()
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
        <MembersTitle room={room} members={members} />
        <MemberList room={room} members={members} />
      </div>
    </aside>
  )
}

/** When it closes with the focus in it, the button that opened it gets the focus. */
function useFocusBack(): void {
  useEffect(() => {
    const opener = document.activeElement
    return () => {
      if (opener instanceof HTMLButtonElement && document.activeElement === document.body) opener.focus()
    }
  }, [])
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

function MembersTitle({ room, members: { list, more } }: { room: Room; members: Members }) {
  const membership = useSelect(snapshot => snapshot.memberships.get(room.id))
  const role = useSelect(snapshot => snapshot.me.role)
  const show = useShow()
  const adds = room.kind !== 'direct' && membership !== undefined && canManage(membership, role)
  const count = list && `${new Intl.NumberFormat(formatLocale()).format(list.length)}${more ? '+' : ''}`
  return (
    <div className="room-panel-title">
      <h3>
        {m.chat_members()}
        {count && <span>{count}</span>}
      </h3>
      {adds && !room.archived && (
        <IconButton
          label={m.chat_add_people()}
          icon={<UserPlus />}
          onClick={() => show({ is: 'add-people', room: room.id })}
        />
      )}
    </div>
  )
}
