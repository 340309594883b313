import { m } from '../../paraglide/messages.js'
import { toast } from '../parts/toast.ts'

/** Puts a text on the clipboard and says so, or that the browser refused. */
export async function copyText(text: string, said: string): Promise<void> {
  if (await copy(text)) toast(said)
  else toast(m.shell_copy_refused(), true)
}

/** Puts a text on the clipboard. Pages without TLS have no Clipboard API (W3C, section 6: secure contexts alone), and copy what is marked. */
export async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    return copyMarked(text)
  }
}

/** Copies through a field that nobody sees. It stands in the dialog that is open, since nothing outside of it can be marked. */
function copyMarked(text: string): boolean {
  const before = document.activeElement
  const field = document.createElement('textarea')
  field.value = text
  field.readOnly = true
  field.className = 'unseen'
  const place = before?.closest('dialog') ?? document.body
  place.append(field)
  field.select()
  const isCopied = document.execCommand('copy')
  field.remove()
  if (before instanceof HTMLElement) before.focus()
  return isCopied
}
