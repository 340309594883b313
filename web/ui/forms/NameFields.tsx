import { m } from '../../paraglide/messages.js'
import { autofocus } from './autofocus.ts'
import type { TextFieldProps } from './TextField.tsx'
import { TextField } from './TextField.tsx'
import { UsernameField } from './UsernameField.tsx'
import './FormFoot.css'

type NameField = 'displayName' | 'username' | 'firstName' | 'lastName'

/** What somebody is called. `own`: they are one's own names, which the browser may fill in; somebody else's stand in a dialog, which starts here. */
export function NameFields({
  of,
  own = false,
}: {
  of: (name: NameField) => Pick<TextFieldProps, 'error' | 'value' | 'onChange'> & { name: string }
  own?: boolean
}) {
  const filledBy = (who: string) => (own ? who : 'off')
  return (
    <div className="form-row">
      <TextField
        {...of('displayName')}
        {...(!own && { ref: autofocus })}
        label={m.form_display_name()}
        autoComplete={filledBy('name')}
        required
      />
      <UsernameField {...of('username')} autoComplete={filledBy('username')} />
      <TextField
        {...of('firstName')}
        label={m.form_first_name()}
        autoComplete={filledBy('given-name')}
        optional
      />
      <TextField
        {...of('lastName')}
        label={m.form_last_name()}
        autoComplete={filledBy('family-name')}
        optional
      />
    </div>
  )
}
