import { m } from '../../paraglide/messages.js'
import { CopyButton } from '../forms/CopyButton.tsx'
import { Button } from '../parts/Button.tsx'
import { Dialog } from '../parts/Dialog.tsx'
import '../dialogs/PersonDialog.css'
import '../dialogs/dialogs.css'

/** What somebody needs to sign in, to be passed on. */
export function HandOver({
  name,
  username,
  password,
  onClose,
}: {
  name: string
  username: string
  password: string
  onClose: () => void
}) {
  return (
    <Dialog
      title={m.admin_password_hand_title()}
      onClose={onClose}
      actions={
        <Button look="primary" onClick={onClose}>
          {m.admin_done()}
        </Button>
      }
    >
      <div className="dialog-stack">
        <p className="dialog-says">{m.admin_password_hand({ name })}</p>
        <dl className="person-facts">
          <dt>{m.form_username()}</dt>
          <dd>
            <code>{username}</code>
          </dd>
          <dt>{m.form_password()}</dt>
          <dd>
            <code>{password}</code>
          </dd>
        </dl>
        <div>
          <CopyButton text={`${username}\n${password}`} />
        </div>
      </div>
    </Dialog>
  )
}
