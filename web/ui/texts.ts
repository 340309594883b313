import type { Locale } from '../paraglide/runtime.js'

/** The texts of a language by their names in the catalogue. */
export type Texts = Readonly<Record<string, (inputs: object) => string>>

let chosen: Texts = {}

/** Loads the texts of the page's language, where that is another than English, whose texts are there. Where they do not come it stays English. */
export async function loadTexts(language: Locale): Promise<void> {
  if (language === 'de') chosen = await import('./texts-de.ts').then(({ texts }) => texts).catch(() => ({}))
}

/**
 * A text in the language of the page. Each text of the built page is made of this, by scripts/texts-plugin.ts. It is looked for when it is read.
 *
 * @public
 */
export const inLanguage =
  (name: string, english: (inputs: object) => string) =>
  (inputs: object = {}): string =>
    (chosen[name] ?? english)(inputs)
