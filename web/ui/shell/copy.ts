import { m } from '../../paraglide/messages.js'
import { toast } from '../parts/toast.ts'

/** Puts a text on the clipboard and says so, or that the browser refused. */
export async function copyText(text: string, said: string): Promise<void> {
  if (await copyOrTell(text)) toast(said)
}

/** Puts a text on the clipboard, for who shows by themselves that it is there. Says so where the browser refuses, and answers `false`. */
export async function copyOrTell(text: string): Promise<boolean> {
  const isCopied = await copy(text)
  if (!isCopied) toast(m.shell_copy_refused(), true)
  return isCopied
}

/** Pages without TLS have no Clipboard API (W3C, section 6: secure contexts alone), and copy what is marked. */
async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    return copyMarked(text)
  }
}

/** Copies through a field that nobody sees. It stands in the dialog that is on top, since nothing outside of it can be marked. */
function copyMarked(text: string): boolean {
  const before = document.activeElement
  const field = document.createElement('textarea')
  field.value = text
  field.readOnly = true
  field.className = 'unseen'
  const place = [...document.querySelectorAll(':modal')].at(-1) ?? document.body
  place.append(field)
  field.select()
  const isCopied = document.execCommand('copy')
  field.remove()
  if (before instanceof HTMLElement) before.focus({ preventScroll: true })
  return isCopied
}
