import type { Role } from '../../../contract/entities.ts'
import { role as roles } from '../../../contract/entities.ts'
import { m } from '../../paraglide/messages.js'
import { roleText } from '../dialogs/PersonTags.tsx'
import type { SelectFieldProps } from '../forms/SelectField.tsx'
import { SelectField } from '../forms/SelectField.tsx'

/** What somebody is in the workspace. */
export function RoleSelect(props: Omit<SelectFieldProps<Role>, 'label' | 'choices'>) {
  return (
    <SelectField
      label={m.admin_person_role()}
      choices={roles.options.map((value: Role) => ({ value, label: roleText(value) }))}
      {...props}
    />
  )
}
