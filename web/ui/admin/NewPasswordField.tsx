import { Dices } from 'lucide-react'
import { m } from '../../paraglide/messages.js'
import { TextField } from '../forms/TextField.tsx'
import { Button } from '../parts/Button.tsx'
import { suggestPassword } from './suggest-password.ts'

/** A password for somebody else. It is shown, since it has to be handed over. */
export function NewPasswordField({
  name,
  error,
  value,
  onChange,
}: {
  name: string
  error: string | undefined
  value: string
  onChange: (value: string) => void
}) {
  return (
    <div className="new-password">
      <TextField
        name={name}
        error={error}
        label={m.form_password()}
        hint={m.form_password_hint()}
        autoComplete="off"
        autoCapitalize="none"
        autoCorrect="off"
        spellCheck={false}
        required
        value={value}
        onChange={event => onChange(event.target.value)}
      />
      <Button icon={<Dices />} onClick={() => onChange(suggestPassword())}>
        {m.admin_password_suggest()}
      </Button>
    </div>
  )
}
