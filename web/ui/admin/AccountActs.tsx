import { useState } from 'react'
import type { Role, User } from '../../../contract/entities.ts'
import { role as roles } from '../../../contract/entities.ts'
import type { Input } from '../../../contract/operations.ts'
import { m } from '../../paraglide/messages.js'
import { useClient, useSelect } from '../client.tsx'
import { Act } from '../dialogs/Act.tsx'
import { ConfirmDialog } from '../dialogs/ConfirmDialog.tsx'
import { roleText } from '../dialogs/PersonTags.tsx'
import { DangerButton } from '../forms/DangerButton.tsx'
import { ObstacleNotice } from '../forms/ObstacleNotice.tsx'
import { SelectField } from '../forms/SelectField.tsx'
import type { Obstacle } from '../forms/use-form.ts'
import { obstacleOf } from '../forms/use-form.ts'
import { Button } from '../parts/Button.tsx'
import { nameOf } from '../people/names.ts'
import { DeletePersonDialog } from './DeletePersonDialog.tsx'
import { ResetPasswordDialog } from './ResetPasswordDialog.tsx'

interface ActsProps {
  user: User
  onChanged: (user: User) => void
}

/** Role, password, deactivation and the end of somebody's account. One's own password and end are on one's own pages. */
export function AccountActs({
  user,
  isMe,
  onChanged,
  onGone,
}: ActsProps & { isMe: boolean; onGone: () => void }) {
  const isOwner = useSelect(snapshot => snapshot.me.role === 'owner')
  const [asking, setAsking] = useState<'password' | 'deactivate' | 'delete' | null>(null)
  const { change, busy, obstacle } = useChange(user, onChanged)
  const rest = () => setAsking(null)
  const hasAccount = user.state === 'active' || user.state === 'deactivated'
  return (
    <ul className="acts">
      {obstacle && (
        <li>
          <ObstacleNotice obstacle={obstacle} />
        </li>
      )}
      {isOwner && hasAccount && (
        <Act title={m.admin_person_role()} says={m.admin_person_role_says()}>
          <SelectField
            label={m.admin_person_role()}
            bare
            value={user.role}
            disabled={busy}
            choices={roles.options.map((value: Role) => ({ value, label: roleText(value) }))}
            onChoose={role => void change({ role })}
          />
        </Act>
      )}
      {!isMe && hasAccount && (
        <Act title={m.admin_password()} says={m.admin_password_says()}>
          <Button size="small" onClick={() => setAsking('password')}>
            {m.admin_password_reset()}
          </Button>
        </Act>
      )}
      {!isMe && user.state === 'active' && (
        <Act title={m.admin_deactivate_act()} says={m.admin_deactivate_says()}>
          <Button size="small" onClick={() => setAsking('deactivate')}>
            {m.admin_deactivate()}
          </Button>
        </Act>
      )}
      {!isMe && user.state === 'deactivated' && (
        <Act title={m.admin_deactivate_act()} says={m.admin_reactivate_says()}>
          <Button size="small" busy={busy} onClick={() => void change({ state: 'active' })}>
            {m.admin_reactivate()}
          </Button>
        </Act>
      )}
      {!isMe && (
        <Act title={m.admin_delete()} says={m.admin_delete_says()}>
          <DangerButton size="small" onClick={() => setAsking('delete')}>
            {m.admin_delete()}
          </DangerButton>
        </Act>
      )}
      {asking === 'password' && <ResetPasswordDialog user={user} onClose={rest} />}
      {asking === 'deactivate' && <DeactivateDialog user={user} onChanged={onChanged} onClose={rest} />}
      {asking === 'delete' && <DeletePersonDialog user={user} onDone={onGone} onClose={rest} />}
    </ul>
  )
}

function DeactivateDialog({ user, onChanged, onClose }: ActsProps & { onClose: () => void }) {
  const client = useClient()
  return (
    <ConfirmDialog
      title={m.admin_deactivate_title({ name: nameOf(user) })}
      confirm={m.admin_deactivate()}
      act={async () => {
        const answer = await client.call('users.change', { id: user.id, state: 'deactivated' })
        if ('ok' in answer) onChanged(answer.ok.user)
        return answer
      }}
      onDone={onClose}
      onClose={onClose}
    >
      <p>{m.admin_deactivate_lost()}</p>
    </ConfirmDialog>
  )
}

/** Changes that ask no question. */
function useChange(user: User, onChanged: (user: User) => void) {
  const client = useClient()
  const [busy, setBusy] = useState(false)
  const [obstacle, setObstacle] = useState<Obstacle | null>(null)

  async function change(fields: Omit<Input<'users.change'>, 'id'>) {
    setBusy(true)
    const answer = await client.call('users.change', { id: user.id, ...fields })
    setBusy(false)
    setObstacle('ok' in answer ? null : obstacleOf(answer))
    if ('ok' in answer) onChanged(answer.ok.user)
  }
  return { change, busy, obstacle }
}
