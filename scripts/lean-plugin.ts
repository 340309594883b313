import type { Plugin } from 'vite'

/** What of a module the page does not need, by the module's path. */
const needless: readonly { readonly of: RegExp; readonly what: RegExp }[] = [
  // The page decides by codes; what they mean is for the API's document.
  { of: /\/contract\/codes\.ts$/, what: /,\s*means:\s*'[^']*'/g },
  // Keys of the parts of an icon, which never change places: random letters, that no compression makes smaller.
  { of: /\/lucide-react\/dist\/esm\/icons\/[\w-]+\.mjs$/, what: /,\s*key: "[^"]*"/g },
]

/** Leaves out of the page's modules what the page does not need; a module in which nothing of it is found fails the build. */
export function leanModules(): Plugin {
  return {
    name: 'lean-modules',
    enforce: 'pre',
    transform(code, id) {
      const path = id.replaceAll('\\', '/')
      const lean = needless.find(({ of }) => of.test(path))
      // A file that only passes an icon on under another name has nothing to leave out.
      if (!lean || /^export \{[^}]*\} from/m.test(code)) return null
      const result = code.replace(lean.what, '')
      if (result === code) this.error(`${path} has another form than scripts/lean-plugin.ts knows.`)
      return result
    },
  }
}
