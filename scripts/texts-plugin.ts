import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Plugin } from 'vite'

/** How a page of Paraglide's would find its language by itself, in addresses and cookies: web/ui/language.ts has taken the place of that before any text is read. */
const ownSearch = /(?<=export let getLocale = \(\) => )\{.*?\n\}(?=;)/s

/** A compiled text: one function a language, and one that chooses between them. */
const compiled =
  /^const en_(?<name>\w+) = (?<english>.*?\n\});?\n\nconst de_\k<name> = (?<german>.*?\n\});?\n.*^export const (?<exported>\w+) =/ms

/** Gives the page the English texts, and puts the German ones in a file of their own, which is loaded where they are wanted. */
export function textsByLanguage(web: string): Plugin {
  const path = (...parts: string[]) => join(web, ...parts).replaceAll('\\', '/')
  const folder = path('paraglide', 'messages')
  const imports = `import * as registry from '${path('paraglide', 'registry.js')}'\n`
  return {
    name: 'texts-by-language',
    enforce: 'pre',
    load(id) {
      if (id !== path('ui', 'texts-de.ts')) return null
      const names = readdirSync(folder).filter(name => /^(?!_index).*\.js$/.test(name))
      const texts = names.map(name => {
        const { exported, german } = textOf(readFileSync(join(folder, name), 'utf8'), name)
        return `${exported}: ${german},\n`
      })
      return `const registry = { plural: (language, count) => new Intl.PluralRules(language).select(Number(count)) }\nexport const texts = {\n${texts.join('')}}\n`
    },
    transform(code, id) {
      if (id === path('paraglide', 'runtime.js')) return code.replace(ownSearch, 'baseLocale')
      if (!id.startsWith(`${folder}/`) || id.endsWith('/_index.js')) return null
      const { exported, english } = textOf(code, id)
      const inLanguage = `import { inLanguage } from '${path('ui', 'texts.ts')}'\n`
      return `${imports}${inLanguage}export const ${exported} = /*#__PURE__*/ inLanguage('${exported}', ${english})\n`
    },
  }
}

function textOf(code: string, file: string): { exported: string; english: string; german: string } {
  const { exported, english, german } = compiled.exec(code)?.groups ?? {}
  if (!exported || !english || !german)
    throw new Error(`${file} has another form than scripts/texts-plugin.ts knows.`)
  return { exported, english, german }
}
