import { useState } from 'react'
import type { User } from '../../../contract/entities.ts'
import { m } from '../../paraglide/messages.js'
import { useClient } from '../client.tsx'
import { DialogFoot } from '../forms/DialogFoot.tsx'
import { ObstacleNotice } from '../forms/ObstacleNotice.tsx'
import { useForm } from '../forms/useForm.ts'
import { Dialog } from '../parts/Dialog.tsx'
import { nameOf } from '../people/names.ts'
import { HandOver } from './HandOver.tsx'
import { NewPasswordField } from './NewPasswordField.tsx'
import { suggestPassword } from './suggest-password.ts'
import '../dialogs/dialogs.css'

/** Gives somebody a new password, to be handed over. */
export function ResetPasswordDialog({
  user,
  onDone,
  onClose,
}: {
  user: User
  onDone: () => void
  onClose: () => void
}) {
  const client = useClient()
  const [password, setPassword] = useState(suggestPassword)
  const [done, setDone] = useState(false)
  const { form, field, busy, obstacle } = useForm({
    op: 'users.change',
    input: () => ({ id: user.id, password }),
    send: input => client.call('users.change', input),
    done: () => {
      setDone(true)
      onDone()
    },
  })
  if (done) {
    return <HandOver name={nameOf(user)} username={user.username} password={password} onClose={onClose} />
  }
  return (
    <Dialog title={m.admin_password_reset_of({ name: nameOf(user) })} onClose={onClose} locked={busy}>
      <form {...form}>
        <ObstacleNotice obstacle={obstacle} />
        <p className="dialog-says">{m.admin_password_says()}</p>
        <NewPasswordField {...field('password')} value={password} onChange={setPassword} />
        <DialogFoot busy={busy} submit={m.admin_password_set()} onCancel={onClose} />
      </form>
    </Dialog>
  )
}
