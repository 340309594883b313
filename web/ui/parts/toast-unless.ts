import { m } from '../../paraglide/messages.js'
import type { CallResult } from '../../sync/model.ts'
import { toast } from './toast.ts'

/** Whether it was done; if not, it is said why. The words for refusals are loaded with the first one. */
export async function toastUnless(answer: CallResult<unknown>): Promise<boolean> {
  if ('ok' in answer) return true
  if ('unreachable' in answer) toast(m.shell_unreachable(), true)
  else toast((await import('../forms/error-text.ts')).errorText(answer.error), true)
  return false
}
