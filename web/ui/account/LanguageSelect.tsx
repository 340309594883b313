import { m } from '../../paraglide/messages.js'
import type { Locale } from '../../paraglide/runtime.js'
import { getLocale, locales } from '../../paraglide/runtime.js'
import { chooseLanguage } from '../choose-language.ts'
import { SelectField } from '../forms/SelectField.tsx'

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
