import type { Texts } from './texts.ts'

/** The German texts. scripts/texts-plugin.ts puts those of the catalogue here when the page is built. */
export const texts: Texts = {}
