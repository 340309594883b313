import { Eye, EyeOff } from 'lucide-react'
import { useState } from 'react'
import { m } from '../../paraglide/messages.js'
import { IconButton } from '../parts/IconButton.tsx'
import { Field } from './Field.tsx'
import type { TextFieldProps } from './TextField.tsx'

/** A password, hidden until asked for. `autoComplete` tells password managers whether it is the current or a new one. */
export function PasswordField({
  label,
  hint,
  error,
  autoComplete,
  ...input
}: Omit<TextFieldProps, 'autoComplete' | 'optional' | 'bare' | 'type'> & {
  autoComplete: 'current-password' | 'new-password'
}) {
  const [shown, setShown] = useState(false)
  return (
    <Field label={label} hint={hint} error={error}>
      {control => (
        <span className="input-box">
          <input
            {...input}
            {...control}
            type={shown ? 'text' : 'password'}
            className="input"
            autoComplete={autoComplete}
            autoCapitalize="none"
            autoCorrect="off"
            spellCheck={false}
          />
          <IconButton
            label={shown ? m.form_password_hide() : m.form_password_show()}
            icon={shown ? <EyeOff /> : <Eye />}
            onClick={() => setShown(!shown)}
          />
        </span>
      )}
    </Field>
  )
}
