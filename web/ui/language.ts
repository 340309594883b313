import type { Locale } from '../paraglide/runtime.js'
import { baseLocale, isLocale, overwriteGetLocale } from '../paraglide/runtime.js'
import { deviceStorage } from '../sync/device.ts'

const key = 'confab-language'

/** The language of the page: as the address asks, as it was chosen on this device, as the browser is set, or English. */
const language: Locale =
  [
    new URLSearchParams(location.search).get('language'),
    deviceStorage.get(key),
    ...navigator.languages.map(one => one.replace(/-.*/, '')),
  ].find(one => isLocale(one)) ?? baseLocale

// Before any text is read: this module is the first that main.tsx imports.
overwriteGetLocale(() => language)

/** Keeps the language for this device and loads the page in it. A device that keeps nothing has it from the address. */
export function chooseLanguage(chosen: Locale): void {
  if (chosen === language) return
  const address = new URL(location.href)
  if (deviceStorage.set(key, chosen)) address.searchParams.delete('language')
  else address.searchParams.set('language', chosen)
  if (address.href === location.href) location.reload()
  else location.replace(address)
}
