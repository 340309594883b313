import type { Locale } from '../paraglide/runtime.js'
import { deviceStorage } from '../sync/storage/device.ts'
import { language, languageKey } from './language.ts'

/** Keeps the language for this device and loads the page in it. A device that keeps nothing has it from the address. */
export function chooseLanguage(chosen: Locale): void {
  if (chosen === language) return
  const address = new URL(location.href)
  if (deviceStorage.set(languageKey, chosen)) address.searchParams.delete('language')
  else address.searchParams.set('language', chosen)
  if (address.href === location.href) location.reload()
  else location.replace(address)
}
