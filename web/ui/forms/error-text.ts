import type { ErrorCode } from '../../../contract/codes.ts'
import { mixesAlphabets } from '../../../contract/deceptive.ts'
import type { WireError } from '../../../contract/frames.ts'
import { limits } from '../../../contract/limits.ts'
import { m } from '../../paraglide/messages.js'
import { formatLocale } from '../time/locale.ts'

/** Every code's words; `rate_limited` has its own, with the wait. */
const texts: Record<Exclude<ErrorCode, 'rate_limited'>, () => string> = {
  invalid: m.form_invalid,
  http_only: m.form_invalid,
  signed_out: m.form_error_signed_out,
  wrong_credentials: m.form_credentials_wrong,
  denied: m.form_error_denied,
  wrong_origin: m.form_error_wrong_origin,
  session_needed: m.form_error_session_needed,
  confirm_needed: m.form_error_confirm_needed,
  wrong_password: m.form_password_wrong,
  wrong_code: m.form_code_wrong,
  not_found: m.form_error_not_found,
  method_not_allowed: m.form_error_not_found,
  timed_out: m.form_error_server,
  setup_needed: m.form_error_setup_needed,
  setup_done: m.form_error_setup_done,
  id_taken: m.form_error_taken,
  taken: m.form_error_taken,
  changed: m.form_error_changed,
  archived: m.form_error_archived,
  last_owner: m.form_error_last_owner,
  too_many: m.form_error_too_many,
  too_large: m.form_error_too_large,
  unsupported: m.form_error_unsupported,
  misdirected: m.form_error_wrong_origin,
  internal: m.form_error_server,
  unavailable: m.form_error_server,
  full: m.form_error_full,
}

/** A refusal in the reader's language, for where it stands at no field. */
export const errorText = (error: WireError): string =>
  error.code === 'rate_limited'
    ? m.form_rate_limited({ wait: waitText(error.retryAfter ?? 1) })
    : error.code === 'not_found' && error.field === 'around'
      ? m.chat_message_gone()
      : texts[error.code]()

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
  if (field === 'username' && error.code === 'not_found') return m.form_username_not_imported()
  if (field === 'username' && error.code === 'denied') return m.form_username_no_owner()
  return error.code === 'invalid' ? formText(field, value) : errorText(error)
}

function formText(field: string, value: string): string {
  const max = Object.hasOwn(longest, field) ? longest[field] : undefined
  if (value.trim() === '') return m.form_needed()
  if (field === 'password') return passwordText(value)
  if (max !== undefined && [...value.trim()].length > max) return m.form_too_long({ max })
  if (field === 'username') return mixesAlphabets(value) ? m.form_username_mixed() : m.form_username_form()
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
  return new Intl.NumberFormat(formatLocale(), { style: 'unit', unit, unitDisplay: 'long' }).format(value)
}
