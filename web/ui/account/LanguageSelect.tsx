import { m } from '../../paraglide/messages.js'
import type { Locale } from '../../paraglide/runtime.js'
import { getLocale, locales } from '../../paraglide/runtime.js'
import { deviceStorage } from '../../sync/storage/device.ts'
import { SelectField } from '../forms/SelectField.tsx'
import { language, languageKey } from '../language.ts'

/** A language is called by its own name, so that who reads no other finds it. */
const names: Record<Locale, string> = { en: 'English', de: 'Deutsch' }

/** The page's language, kept on this device. Choosing another loads the page anew. */
export function LanguageSelect({ bare }: { bare?: boolean }) {
  return (
    <SelectField
      label={m.account_language()}
      {...(bare && { bare })}
      value={getLocale()}
      choices={locales.map(locale => ({ value: locale, label: names[locale] }))}
      onChoose={chooseLanguage}
    />
  )
}

/** Keeps the language for this device and loads the page in it. A device that keeps nothing has it from the address. */
function chooseLanguage(chosen: Locale): void {
  if (chosen === language) return
  const address = new URL(location.href)
  if (deviceStorage.set(languageKey, chosen)) address.searchParams.delete('language')
  else address.searchParams.set('language', chosen)
  if (address.href === location.href) location.reload()
  else location.replace(address)
}
