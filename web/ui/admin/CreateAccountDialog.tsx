import { useState } from 'react'
import type { Role, User } from '../../../contract/entities.ts'
import { role as roles } from '../../../contract/entities.ts'
import type { UserId } from '../../../contract/ids.ts'
import { newId } from '../../../contract/ids.ts'
import { m } from '../../paraglide/messages.js'
import { useClient, useSelect } from '../client.tsx'
import { roleText } from '../dialogs/PersonTags.tsx'
import { ObstacleNotice } from '../forms/ObstacleNotice.tsx'
import { SelectField } from '../forms/SelectField.tsx'
import { startHere } from '../forms/start-here.ts'
import { TextField } from '../forms/TextField.tsx'
import { filled, textOf, useForm } from '../forms/use-form.ts'
import { Button } from '../parts/Button.tsx'
import { Dialog } from '../parts/Dialog.tsx'
import { nameOf } from '../people/names.ts'
import { HandOver } from './HandOver.tsx'
import { NewPasswordField } from './NewPasswordField.tsx'
import { suggestPassword } from './suggest-password.ts'
import '../dialogs/dialogs.css'
import '../forms/FormFoot.css'

/** Makes an account for somebody, whose first password is to be handed over. */
export function CreateAccountDialog({
  onMade,
  onClose,
}: {
  onMade: (user: User) => void
  onClose: () => void
}) {
  const client = useClient()
  const isOwner = useSelect(snapshot => snapshot.me.role === 'owner')
  // One id for all tries: a call whose answer was lost makes no second account.
  const [id] = useState(() => newId<UserId>())
  const [role, setRole] = useState<Role>('member')
  const [password, setPassword] = useState(suggestPassword)
  const [made, setMade] = useState<User | null>(null)
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
    done: ({ user }) => {
      onMade(user)
      setMade(user)
    },
  })
  if (made) {
    return <HandOver name={nameOf(made)} username={made.username} password={password} onClose={onClose} />
  }
  return (
    <Dialog title={m.admin_create_title()} onClose={onClose} locked={busy}>
      <form {...form}>
        <ObstacleNotice obstacle={obstacle} />
        <div className="form-row">
          <TextField
            {...field('username')}
            ref={startHere}
            label={m.form_username()}
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            required
          />
          <TextField {...field('displayName')} label={m.form_display_name()} autoComplete="off" optional />
        </div>
        <TextField {...field('email')} label={m.form_email()} type="email" autoComplete="off" optional />
        <NewPasswordField {...field('password')} value={password} onChange={setPassword} />
        {isOwner && (
          <SelectField
            label={m.admin_person_role()}
            hint={m.admin_person_role_says()}
            value={role}
            choices={roles.options.map((value: Role) => ({ value, label: roleText(value) }))}
            onChoose={setRole}
          />
        )}
        <footer className="dialog-actions">
          <Button onClick={onClose} disabled={busy}>
            {m.form_cancel()}
          </Button>
          <Button type="submit" look="primary" busy={busy}>
            {m.admin_create_submit()}
          </Button>
        </footer>
      </form>
    </Dialog>
  )
}
