import { useState } from 'react'
import { Link } from 'wouter'
import type { User } from '../../../contract/entities.ts'
import { m } from '../../paraglide/messages.js'
import { useClient, useSelect } from '../client.tsx'
import { ActionRow } from '../dialogs/ActionRow.tsx'
import { ConfirmDialog } from '../dialogs/ConfirmDialog.tsx'
import { DangerButton } from '../forms/DangerButton.tsx'
import { ObstacleNotice } from '../forms/ObstacleNotice.tsx'
import { useAct } from '../forms/useAct.ts'
import { Button } from '../parts/Button.tsx'
import { nameOf } from '../people/names.ts'
import { DeletePersonDialog } from './DeletePersonDialog.tsx'
import { ResetPasswordDialog } from './ResetPasswordDialog.tsx'
import { RoleSelect } from './RoleSelect.tsx'

interface ActProps {
  user: User
  onChanged: (user: User) => void
}

/** Role, password, deactivation and the end of somebody's account. One's own password and end are on one's own pages. */
export function AccountActs({
  user,
  isMe,
  onChanged,
  onPassword,
  onGone,
}: ActProps & { isMe: boolean; onPassword: () => void; onGone: () => void }) {
  const isOwner = useSelect(snapshot => snapshot.me.role === 'owner')
  const hasAccount = user.state === 'active' || user.state === 'deactivated'
  return (
    <ul className="acts">
      {isOwner && hasAccount && <RoleAct user={user} onChanged={onChanged} />}
      <MessagesAct user={user} />
      {!isMe && user.avatar !== null && <PictureAct user={user} onChanged={onChanged} />}
      {!isMe && hasAccount && <PasswordAct user={user} onDone={onPassword} />}
      {!isMe && user.state === 'active' && <DeactivateAct user={user} onChanged={onChanged} />}
      {!isMe && user.state === 'deactivated' && <ReactivateAct user={user} onChanged={onChanged} />}
      {!isMe && <DeleteAct user={user} onGone={onGone} />}
    </ul>
  )
}

function RoleAct({ user, onChanged }: ActProps) {
  const client = useClient()
  const { run, busy, obstacle } = useAct(
    (role: User['role']) => client.call('users.change', { id: user.id, role }),
    ({ user: now }) => onChanged(now),
  )
  return (
    <>
      {obstacle && (
        <li>
          <ObstacleNotice obstacle={obstacle} />
        </li>
      )}
      <ActionRow title={m.admin_person_role()} says={m.admin_person_role_says()}>
        <RoleSelect bare value={user.role} disabled={busy} onChoose={run} />
      </ActionRow>
    </>
  )
}

function MessagesAct({ user }: { user: User }) {
  return (
    <ActionRow title={m.admin_messages()} says={m.admin_person_messages_says()}>
      <Link href={`/admin/messages?author=${user.id}`} className="button" data-look="plain" data-size="small">
        {m.admin_person_messages()}
      </Link>
    </ActionRow>
  )
}

function PictureAct({ user, onChanged }: ActProps) {
  const client = useClient()
  const [asking, setAsking] = useState(false)
  async function remove() {
    const answer = await client.call('users.removeAvatar', { id: user.id })
    if ('ok' in answer) onChanged(answer.ok.user)
    return answer
  }
  return (
    <>
      <ActionRow title={m.account_picture()} says={m.admin_picture_says()}>
        <Button size="small" onClick={() => setAsking(true)}>
          {m.admin_picture_remove()}
        </Button>
      </ActionRow>
      {asking && (
        <ConfirmDialog
          title={m.admin_picture_title({ name: nameOf(user) })}
          confirm={m.admin_picture_remove()}
          act={remove}
          onDone={() => setAsking(false)}
          onClose={() => setAsking(false)}
        >
          <p>{m.admin_picture_lost()}</p>
        </ConfirmDialog>
      )}
    </>
  )
}

function PasswordAct({ user, onDone }: { user: User; onDone: () => void }) {
  const [asking, setAsking] = useState(false)
  return (
    <>
      <ActionRow title={m.admin_password()} says={m.admin_password_says()}>
        <Button size="small" onClick={() => setAsking(true)}>
          {m.admin_password_reset()}
        </Button>
      </ActionRow>
      {asking && <ResetPasswordDialog user={user} onDone={onDone} onClose={() => setAsking(false)} />}
    </>
  )
}

function DeactivateAct({ user, onChanged }: ActProps) {
  const client = useClient()
  const [asking, setAsking] = useState(false)
  async function deactivate() {
    const answer = await client.call('users.change', { id: user.id, state: 'deactivated' })
    if ('ok' in answer) onChanged(answer.ok.user)
    return answer
  }
  return (
    <>
      <ActionRow title={m.admin_deactivate_act()} says={m.admin_deactivate_says()}>
        <Button size="small" onClick={() => setAsking(true)}>
          {m.admin_deactivate()}
        </Button>
      </ActionRow>
      {asking && (
        <ConfirmDialog
          title={m.admin_deactivate_title({ name: nameOf(user) })}
          confirm={m.admin_deactivate()}
          act={deactivate}
          onDone={() => setAsking(false)}
          onClose={() => setAsking(false)}
        >
          <p>{m.admin_deactivate_lost()}</p>
        </ConfirmDialog>
      )}
    </>
  )
}

function ReactivateAct({ user, onChanged }: ActProps) {
  const client = useClient()
  const { run, busy, obstacle } = useAct(
    () => client.call('users.change', { id: user.id, state: 'active' }),
    ({ user: now }) => onChanged(now),
  )
  return (
    <>
      <ActionRow title={m.admin_deactivate_act()} says={m.admin_reactivate_says()}>
        <Button size="small" busy={busy} onClick={run}>
          {m.admin_reactivate()}
        </Button>
      </ActionRow>
      {obstacle && (
        <li>
          <ObstacleNotice obstacle={obstacle} />
        </li>
      )}
    </>
  )
}

function DeleteAct({ user, onGone }: { user: User; onGone: () => void }) {
  const [asking, setAsking] = useState(false)
  return (
    <>
      <ActionRow title={m.admin_delete()} says={m.admin_delete_says()}>
        <DangerButton size="small" onClick={() => setAsking(true)}>
          {m.admin_delete()}
        </DangerButton>
      </ActionRow>
      {asking && <DeletePersonDialog user={user} onDone={onGone} onClose={() => setAsking(false)} />}
    </>
  )
}
