import { getLocale } from '../../paraglide/runtime.js'

/** How dates and numbers are written: as the browser is set where it speaks the page's language ("en-GB": 17:02), else as the language has it. */
export function formatLocale(): string {
  const language = getLocale()
  return navigator.languages.find(one => one === language || one.startsWith(`${language}-`)) ?? language
}
