import { m } from '../../paraglide/messages.js'
import type { TextFieldProps } from './TextField.tsx'
import { TextField } from './TextField.tsx'

/** A username, which no keyboard may capitalise or correct. */
export function UsernameField(props: Omit<TextFieldProps, 'label'>) {
  return (
    <TextField
      label={m.form_username()}
      autoComplete="username"
      autoCapitalize="none"
      autoCorrect="off"
      spellCheck={false}
      required
      {...props}
    />
  )
}
