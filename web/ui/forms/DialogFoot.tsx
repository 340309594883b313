import { m } from '../../paraglide/messages.js'
import type { ButtonProps } from '../parts/Button.tsx'
import { Button } from '../parts/Button.tsx'

/** The foot of a form in a dialog: leaving it, and sending it. */
export function DialogFoot({
  busy,
  submit,
  look = 'primary',
  onCancel,
}: {
  busy: boolean
  /** The button that sends it, named after what it does. */
  submit: string
  look?: ButtonProps['look']
  onCancel: () => void
}) {
  return (
    <footer className="dialog-actions">
      <Button onClick={onCancel} disabled={busy}>
        {m.form_cancel()}
      </Button>
      <Button type="submit" look={look} busy={busy}>
        {submit}
      </Button>
    </footer>
  )
}
