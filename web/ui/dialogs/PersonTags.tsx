import type { Role, UserState } from '../../../contract/entities.ts'
import { m } from '../../paraglide/messages.js'
import { Tag } from '../forms/Tag.tsx'

/** What a role is called. */
export function roleText(role: Role): string {
  switch (role) {
    case 'owner':
      return m.dialog_role_owner()
    case 'administrator':
      return m.dialog_role_administrator()
    case 'member':
      return m.dialog_role_member()
  }
}

/** What a state is called. */
export function stateText(state: UserState): string {
  switch (state) {
    case 'active':
      return m.dialog_state_active()
    case 'deactivated':
      return m.dialog_state_deactivated()
    case 'deleted':
      return m.dialog_state_deleted()
    case 'placeholder':
      return m.dialog_state_placeholder()
  }
}

/** A role that is more than a member's. */
export function RoleTag({ role }: { role: Role }) {
  if (role === 'member') return null
  return <Tag look="accent">{roleText(role)}</Tag>
}

/** Somebody with an account whom an import brought without a password that can be used. */
export const PasswordlessTag = () => <Tag look="warning">{m.dialog_state_passwordless()}</Tag>

/** A state that is not the usual one. */
export function StateTag({ state }: { state: UserState }) {
  if (state === 'active') return null
  return <Tag {...(state === 'deactivated' && { look: 'warning' })}>{stateText(state)}</Tag>
}
