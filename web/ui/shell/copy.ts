import { m } from '../../paraglide/messages.js'
import { toast } from '../parts/toast.ts'

/** Puts a text on the clipboard and says so; browsers refuse it on pages without TLS, which is said as well. */
export function copyText(text: string, said: string): void {
  if (!navigator.clipboard) {
    toast(m.shell_copy_refused(), true)
    return
  }
  navigator.clipboard.writeText(text).then(
    () => toast(said),
    () => toast(m.shell_copy_refused(), true),
  )
}
