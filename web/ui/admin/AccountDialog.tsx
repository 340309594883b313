import '../dialogs/dialogs.css'
import '../dialogs/PersonDialog.css'
import type { User } from '../../../contract/entities.ts'
import { m } from '../../paraglide/messages.js'
import { useClient, useSelect } from '../client.tsx'
import { PasswordlessTag, RoleTag, StateTag } from '../dialogs/PersonTags.tsx'
import { FormFoot } from '../forms/FormFoot.tsx'
import { NameFields } from '../forms/NameFields.tsx'
import { Notice } from '../forms/Notice.tsx'
import { ObstacleNotice } from '../forms/ObstacleNotice.tsx'
import { TextField } from '../forms/TextField.tsx'
import { useEdits } from '../forms/useEdits.ts'
import { useForm } from '../forms/useForm.ts'
import { Avatar } from '../parts/Avatar.tsx'
import { Dialog } from '../parts/Dialog.tsx'
import { nameOf } from '../people/names.ts'
import { AccountActs } from './AccountActs.tsx'

/** Somebody's account, for who administers it. `onChanged` gets the person as they then are. */
export function AccountDialog({
  user,
  passwordless,
  onChanged,
  onPassword,
  onClose,
}: {
  user: User
  passwordless: boolean
  onChanged: (user: User) => void
  /** They have a new password. */
  onPassword: () => void
  onClose: () => void
}) {
  const me = useSelect(snapshot => snapshot.me)
  const isMe = user.id === me.id
  const touchable = isMe || me.role === 'owner' || user.role === 'member'
  return (
    <Dialog title={m.admin_person_title()} onClose={onClose}>
      <div className="dialog-stack">
        <PersonHead user={user} passwordless={passwordless} />
        {isMe && <Notice look="info">{m.admin_person_yourself()}</Notice>}
        {touchable ? (
          <>
            <AccountForm user={user} onChanged={onChanged} />
            <AccountActs
              user={user}
              isMe={isMe}
              onChanged={onChanged}
              onPassword={onPassword}
              onGone={onClose}
            />
          </>
        ) : (
          <Notice look="info">{m.admin_person_untouchable()}</Notice>
        )}
      </div>
    </Dialog>
  )
}

function PersonHead({ user, passwordless }: { user: User; passwordless: boolean }) {
  return (
    <header className="person-head">
      <Avatar user={user} size={48} />
      <div>
        <p className="person-name" dir="auto">
          {nameOf(user)}
        </p>
        <p className="person-tags">
          <RoleTag role={user.role} />
          <StateTag state={user.state} />
          {passwordless && <PasswordlessTag />}
        </p>
      </div>
    </header>
  )
}

/** The names and the e-mail address of somebody's account. Only what was changed is sent. */
function AccountForm({ user, onChanged }: { user: User; onChanged: (user: User) => void }) {
  const client = useClient()
  const { displayName, username, firstName, lastName, email = '' } = user
  const { changed, edited, accept, foot } = useEdits(`user ${user.id}`, {
    displayName,
    username,
    firstName,
    lastName,
    email,
  })
  const { form, field, busy, obstacle } = useForm({
    op: 'users.change',
    input: () => ({ id: user.id, ...changed }),
    send: input => client.call('users.change', input),
    done: ({ user: now }) => {
      accept({ ...now, email: now.email ?? '' })
      onChanged(now)
    },
  })
  const of = (name: keyof typeof changed) => ({ ...field(name), ...edited(name) })
  return (
    <form {...form}>
      <ObstacleNotice obstacle={obstacle} />
      <NameFields of={of} />
      <TextField {...of('email')} label={m.form_email()} type="email" autoComplete="off" optional />
      <FormFoot busy={busy} {...foot} />
    </form>
  )
}
