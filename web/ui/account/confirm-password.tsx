import { createRoot } from 'react-dom/client'
import { m } from '../../paraglide/messages.js'
import type { Client } from '../../sync/model.ts'
import { ClientProvider, useClient } from '../client.tsx'
import { autofocus } from '../forms/autofocus.ts'
import { DialogFoot } from '../forms/DialogFoot.tsx'
import { ObstacleNotice } from '../forms/ObstacleNotice.tsx'
import { PasswordField } from '../forms/PasswordField.tsx'
import { textOf, useForm } from '../forms/useForm.ts'
import { Dialog } from '../parts/Dialog.tsx'
import '../dialogs/dialogs.css'

/** Asks for one's password over whatever is open. Resolves to whether it was given right; to `false` where the session ends meanwhile. */
export function confirmPassword(client: Client): Promise<boolean> {
  const place = document.body.appendChild(document.createElement('div'))
  const root = createRoot(place)
  return new Promise(resolve => {
    const end = (confirmed: boolean) => {
      stopListening()
      root.unmount()
      place.remove()
      resolve(confirmed)
    }
    const stopListening = client.onEnd(() => end(false))
    root.render(
      <ClientProvider client={client}>
        <ConfirmPasswordDialog onEnd={end} />
      </ClientProvider>,
    )
  })
}

function ConfirmPasswordDialog({ onEnd }: { onEnd: (confirmed: boolean) => void }) {
  const client = useClient()
  const { form, field, busy, obstacle } = useForm({
    op: 'me.confirm',
    input: values => ({ password: textOf(values, 'password') }),
    send: input => client.call('me.confirm', input),
    done: () => onEnd(true),
  })
  const cancel = () => onEnd(false)
  return (
    <Dialog title={m.account_confirm_title()} onClose={cancel} size="small" locked={busy}>
      <form {...form}>
        <ObstacleNotice obstacle={obstacle} />
        <PasswordField
          {...field('password')}
          ref={autofocus}
          label={m.account_password_yours()}
          hint={m.account_confirm_says()}
          autoComplete="current-password"
          required
        />
        <DialogFoot busy={busy} submit={m.account_confirm()} onCancel={cancel} />
      </form>
    </Dialog>
  )
}
