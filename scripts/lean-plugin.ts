import type { Plugin } from 'vite'

/** What of a module the page does not need, by the module's path. */
const needless: readonly { readonly of: RegExp; readonly what: RegExp; readonly instead: string }[] = [
  // The page decides by codes; what they mean is for the API's document.
  { of: /\/contract\/codes\.ts$/, what: /,\s*means:\s*'[^']*'/g, instead: '' },
  // Keys of the parts of an icon, which never change places: random letters, that no compression makes smaller.
  { of: /\/lucide-react\/dist\/esm\/icons\/[\w-]+\.mjs$/, what: /,\s*key: "[^"]*"/g, instead: '' },
  // How each text finds the language of the page stands in one place, and not in each text.
  {
    of: /\/web\/paraglide\/messages\/(?!_index)\w+\.js$/,
    what: /(?<==) \/\*\* @type \{\(\(inputs(?:(?!\*\/).)*\*\/ \(\(inputs(?: = \{\})?, options = \{\}\) => \{\s*const locale = [^\n]*\s*if \(locale === "de"\) return (\w+)\(inputs\)\s*return (\w+)\(inputs\)\s*\}\)/gs,
    instead: ' /*#__PURE__*/ inLanguage({ de: $1, en: $2 })',
  },
]

/** How a page of Paraglide's would find its language by itself, in addresses and cookies: web/ui/language.ts has taken the place of that before any text is read. */
const ownSearch = /(?<=export let getLocale = \(\) => )\{.*?\n\}(?=;)/s

/** Looked for when the text is read: chunks may run before web/ui/language.ts has set the language. */
const inLanguage =
  'export const inLanguage = texts => inputs => (texts[getLocale()] ?? texts[baseLocale])(inputs)'

/** Leaves out of the page's modules what the page does not need; a module in which nothing of it is found fails the build. */
export function leanModules(): Plugin {
  return {
    name: 'lean-modules',
    enforce: 'pre',
    transform(code, id) {
      const path = id.replaceAll('\\', '/')
      const without = (what: RegExp, instead: string): string => {
        const result = code.replace(what, instead)
        if (result === code) this.error(`${path} has another form than scripts/lean-plugin.ts knows.`)
        return result
      }
      if (path.endsWith('/web/paraglide/runtime.js'))
        return `${without(ownSearch, 'baseLocale')}\n${inLanguage}\n`
      const lean = needless.find(({ of }) => of.test(path))
      // A file that only passes an icon on under another name has nothing to leave out.
      if (!lean || /^export \{[^}]*\} from/m.test(code)) return null
      const result = without(lean.what, lean.instead)
      return result.replace('import { getLocale, experimentalStaticLocale }', 'import { inLanguage }')
    },
  }
}
