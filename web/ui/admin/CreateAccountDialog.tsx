import { useState } from 'react'
import type { Role, User } from '../../../contract/entities.ts'
import type { UserId } from '../../../contract/ids.ts'
import { newId } from '../../../contract/ids.ts'
import { m } from '../../paraglide/messages.js'
import { useClient, useSelect } from '../client.tsx'
import { autofocus } from '../forms/autofocus.ts'
import { DialogFoot } from '../forms/DialogFoot.tsx'
import { ObstacleNotice } from '../forms/ObstacleNotice.tsx'
import { TextField } from '../forms/TextField.tsx'
import { UsernameField } from '../forms/UsernameField.tsx'
import { useTyped } from '../forms/unsaved.ts'
import { filled, textOf, useForm } from '../forms/useForm.ts'
import { Dialog } from '../parts/Dialog.tsx'
import { nameOf } from '../people/names.ts'
import { HandOver } from './HandOver.tsx'
import { NewPasswordField } from './NewPasswordField.tsx'
import { RoleSelect } from './RoleSelect.tsx'
import { suggestPassword } from './suggest-password.ts'
import '../dialogs/dialogs.css'
import '../forms/FormFoot.css'

interface CreateAccountProps {
  onMade: (user: User) => void
  onClose: () => void
}

/** Makes an account for somebody, whose first password is to be handed over. */
export function CreateAccountDialog({ onMade, onClose }: CreateAccountProps) {
  const [password, setPassword] = useState(suggestPassword)
  const [made, setMade] = useState<User | null>(null)
  if (made) {
    return <HandOver name={nameOf(made)} username={made.username} password={password} onClose={onClose} />
  }
  return (
    <AccountDetails
      password={password}
      setPassword={setPassword}
      onMade={user => {
        onMade(user)
        setMade(user)
      }}
      onClose={onClose}
    />
  )
}

function AccountDetails({
  password,
  setPassword,
  onMade,
  onClose,
}: CreateAccountProps & { password: string; setPassword: (password: string) => void }) {
  const client = useClient()
  const isOwner = useSelect(snapshot => snapshot.me.role === 'owner')
  // One id for all tries: a call whose answer was lost makes no second account.
  const [id] = useState(() => newId<UserId>())
  const [role, setRole] = useState<Role>('member')
  const { form, field, busy, obstacle } = useForm({
    op: 'users.create',
    input: values => ({
      id,
      password,
      role,
      username: textOf(values, 'username'),
      displayName: filled(values, 'displayName'),
      email: filled(values, 'email'),
    }),
    send: input => client.call('users.create', input),
    done: ({ user }) => typed.discardAnd(() => onMade(user))(),
  })
  const typed = useTyped('new account', form)
  return (
    <Dialog title={m.admin_create_title()} onClose={onClose} locked={busy}>
      <form {...typed.form}>
        <ObstacleNotice obstacle={obstacle} />
        <NewNames field={field} />
        <NewPasswordField {...field('password')} value={password} onChange={setPassword} />
        {isOwner && <RoleSelect hint={m.admin_person_role_says()} value={role} onChoose={setRole} />}
        <DialogFoot busy={busy} submit={m.admin_create_submit()} onCancel={typed.discardAnd(onClose)} />
      </form>
    </Dialog>
  )
}

type NewName = 'username' | 'displayName' | 'email'

function NewNames({ field }: { field: (name: NewName) => { name: string; error: string | undefined } }) {
  return (
    <>
      <div className="form-row">
        <UsernameField {...field('username')} ref={autofocus} autoComplete="off" />
        <TextField {...field('displayName')} label={m.form_display_name()} autoComplete="off" optional />
      </div>
      <TextField {...field('email')} label={m.form_email()} type="email" autoComplete="off" optional />
    </>
  )
}
