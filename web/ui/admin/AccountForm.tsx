import type { User } from '../../../contract/entities.ts'
import { m } from '../../paraglide/messages.js'
import { useClient } from '../client.tsx'
import { FormFoot } from '../forms/FormFoot.tsx'
import { NameFields } from '../forms/NameFields.tsx'
import { ObstacleNotice } from '../forms/ObstacleNotice.tsx'
import { TextField } from '../forms/TextField.tsx'
import { useEdits } from '../forms/useEdits.ts'
import { useForm } from '../forms/useForm.ts'

/** The names and the e-mail address of somebody's account. Only what was changed is sent. */
export function AccountForm({ user, onChanged }: { user: User; onChanged: (user: User) => void }) {
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
