import type { WireError } from '../../../contract/frames.ts'
import { limits } from '../../../contract/limits.ts'
import { m } from '../../paraglide/messages.js'
import { getLocale } from '../../paraglide/runtime.js'

/** A refusal in the reader's language, for where it stands at no field. */
export function errorText(error: WireError): string {
  switch (error.code) {
    case 'wrong_credentials':
      return m.form_credentials_wrong()
    case 'wrong_password':
      return m.form_password_wrong()
    case 'wrong_code':
      return m.form_code_wrong()
    case 'denied':
      return m.form_error_denied()
    case 'not_found':
    case 'method_not_allowed':
      return m.form_error_not_found()
    case 'signed_out':
      return m.form_error_signed_out()
    case 'session_needed':
      return m.form_error_session_needed()
    case 'confirm_needed':
      return m.form_error_confirm_needed()
    case 'wrong_origin':
    case 'misdirected':
      return m.form_error_wrong_origin()
    case 'setup_needed':
      return m.form_error_setup_needed()
    case 'setup_done':
      return m.form_error_setup_done()
    case 'taken':
    case 'id_taken':
      return m.form_error_taken()
    case 'changed':
      return m.form_error_changed()
    case 'archived':
      return m.form_error_archived()
    case 'last_owner':
      return m.form_error_last_owner()
    case 'too_many':
      return m.form_error_too_many()
    case 'too_large':
      return m.form_error_too_large()
    case 'unsupported':
      return m.form_error_unsupported()
    case 'full':
      return m.form_error_full()
    case 'rate_limited':
      return m.form_rate_limited({ wait: waitText(error.retryAfter ?? 1) })
    case 'unavailable':
    case 'internal':
      return m.form_error_server()
    case 'invalid':
    case 'http_only':
      return m.form_invalid()
  }
}

/** Most characters a field takes, by its name in the operations' inputs. */
const longest: Readonly<Record<string, number>> = {
  username: limits.usernameCharacters,
  displayName: limits.displayNameCharacters,
  firstName: limits.displayNameCharacters,
  lastName: limits.displayNameCharacters,
  name: limits.nameCharacters,
  workspace: limits.nameCharacters,
  topic: limits.topicCharacters,
  status: limits.statusCharacters,
  email: limits.emailCharacters,
}

/** What is wrong with what stands in a field, in the reader's language. `field` is its name in the operation's input. */
export function fieldText(field: string, value: string, error: WireError): string {
  if (error.code === 'taken') {
    if (field === 'username') return m.form_username_taken()
    if (field === 'name') return m.form_name_taken()
  }
  return error.code === 'invalid' ? formText(field, value) : errorText(error)
}

function formText(field: string, value: string): string {
  const max = Object.hasOwn(longest, field) ? longest[field] : undefined
  if (value.trim() === '') return m.form_needed()
  if (field === 'password') return passwordText(value)
  if (max !== undefined && [...value.trim()].length > max) return m.form_too_long({ max })
  if (field === 'username') return m.form_username_form()
  if (field === 'email') return m.form_email_form()
  return max === undefined ? m.form_invalid() : m.form_characters()
}

/** Lengths are told here; what else a password is refused for is that it is easy to guess. */
function passwordText(value: string): string {
  if (value.length < limits.passwordMin) return m.form_password_short({ min: limits.passwordMin })
  if (value.length > limits.passwordMax) return m.form_password_long({ max: limits.passwordMax })
  return m.form_password_common()
}

/** A wait in words: "45 seconds", "3 minutes". */
export function waitText(seconds: number): string {
  const [value, unit] = seconds < 90 ? [Math.ceil(seconds), 'second'] : [Math.ceil(seconds / 60), 'minute']
  return new Intl.NumberFormat(getLocale(), {
    style: 'unit',
    unit,
    unitDisplay: 'long',
  }).format(value)
}
