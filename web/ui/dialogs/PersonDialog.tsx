import { MessageCircle, Pencil } from 'lucide-react'
import { useLocation } from 'wouter'
import type { User } from '../../../contract/entities.ts'
import type { RoomId, UserId } from '../../../contract/ids.ts'
import { m } from '../../paraglide/messages.js'
import { useSelect } from '../client.tsx'
import { autofocus } from '../forms/autofocus.ts'
import { ObstacleNotice } from '../forms/ObstacleNotice.tsx'
import { Avatar } from '../parts/Avatar.tsx'
import { Button } from '../parts/Button.tsx'
import { Dialog } from '../parts/Dialog.tsx'
import { nameOf } from '../people/names.ts'
import { useWatch } from '../people/useWatch.ts'
import { longDate } from '../time/format.ts'
import { formatLocale } from '../time/locale.ts'
import { MemberActs } from './MemberActs.tsx'
import { RoleTag, StateTag } from './PersonTags.tsx'
import { canTalk } from './people.ts'
import { useOpenDirect } from './useOpenDirect.ts'
import './PersonDialog.css'
import { Tag } from '../forms/Tag.tsx'

/** Somebody's profile card. `room`: where they were met; who manages it finds there what can be done about them. */
export function PersonDialog({
  user: id,
  room,
  onClose,
}: {
  user: UserId
  room?: RoomId
  onClose: () => void
}) {
  const user = useSelect(snapshot => snapshot.users.get(id))
  const isMe = useSelect(snapshot => snapshot.me.id === id)
  const { open, busy, obstacle } = useOpenDirect(onClose)
  return (
    <Dialog title={m.dialog_person()} onClose={onClose} size="small" locked={busy}>
      <div className="person">
        <PersonHead user={user} id={id} />
        <ObstacleNotice obstacle={obstacle} />
        {user && user.state !== 'deleted' ? (
          <PersonFacts user={user} />
        ) : (
          <p className="dialog-says">{m.dialog_person_deleted()}</p>
        )}
        {isMe ? (
          <EditButton onEdit={onClose} />
        ) : (
          user && canTalk(user) && <MessageButton busy={busy} onPress={() => open([id])} />
        )}
        {room && !isMe && <MemberActs room={room} user={id} onGone={onClose} />}
      </div>
    </Dialog>
  )
}

function EditButton({ onEdit }: { onEdit: () => void }) {
  const [, navigate] = useLocation()
  const edit = () => {
    onEdit()
    navigate('/profile')
  }
  return (
    <Button ref={autofocus} wide icon={<Pencil />} onClick={edit}>
      {m.dialog_person_edit()}
    </Button>
  )
}

function MessageButton({ busy, onPress }: { busy: boolean; onPress: () => void }) {
  return (
    <Button ref={autofocus} look="primary" wide icon={<MessageCircle />} busy={busy} onClick={onPress}>
      {m.dialog_person_message()}
    </Button>
  )
}

function PersonHead({ user, id }: { user: User | undefined; id: UserId }) {
  const online = useSelect(snapshot => snapshot.online.has(id))
  useWatch([id])
  return (
    <header className="person-head">
      <Avatar user={user?.state === 'deleted' ? undefined : user} size={64} online={online} />
      <div>
        <p className="person-name" dir="auto">
          {nameOf(user)}
        </p>
        <p className="person-tags">
          {online && <Tag look="good">{m.dialog_person_online()}</Tag>}
          {user && <RoleTag role={user.role} />}
          {user && <StateTag state={user.state} />}
        </p>
      </div>
    </header>
  )
}

function PersonFacts({ user }: { user: User }) {
  const name = `${user.firstName} ${user.lastName}`.trim()
  return (
    <dl className="person-facts">
      {user.status && (
        <>
          <dt>{m.account_status()}</dt>
          <dd dir="auto">{user.status}</dd>
        </>
      )}
      <dt>{m.dialog_person_username()}</dt>
      <dd>
        <bdi>@{user.username}</bdi>
      </dd>
      {name && name !== user.displayName && (
        <>
          <dt>{m.dialog_person_name()}</dt>
          <dd dir="auto">{name}</dd>
        </>
      )}
      {user.email && (
        <>
          <dt>{m.dialog_person_email()}</dt>
          <dd>
            <a href={`mailto:${encodeURIComponent(user.email).replace('%40', '@')}`}>{user.email}</a>
          </dd>
        </>
      )}
      <dt>{m.dialog_person_since()}</dt>
      <dd>{longDate(user.createdAt, formatLocale())}</dd>
    </dl>
  )
}
