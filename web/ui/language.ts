import type { Locale } from '../paraglide/runtime.js'
import { baseLocale, isLocale, overwriteGetLocale } from '../paraglide/runtime.js'
import { deviceStorage } from '../sync/storage/device.ts'

/** Under what a device keeps it. */
export const languageKey = 'confab-language'

/** The language of the page: as the address asks, as it was chosen on this device, as the browser is set, or English. */
export const language: Locale =
  [
    new URLSearchParams(location.search).get('language'),
    deviceStorage.get(languageKey),
    ...navigator.languages.map(one => one.replace(/-.*/, '')),
  ].find(one => isLocale(one)) ?? baseLocale

// Before any text is read: this module is the first that main.tsx imports.
overwriteGetLocale(() => language)
