import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Plugin } from 'vite'
import { limits } from '../contract/limits.ts'

/** Leaves out of contract/limits.ts the bounds that only the server reads. */
export function pageLimits(root: string): Plugin {
  const module = join(root, 'contract', 'limits.ts').replaceAll('\\', '/')
  return {
    name: 'page-limits',
    enforce: 'pre',
    load: id => (id === module ? `export const limits = ${JSON.stringify(limitsIn(root))}` : null),
  }
}

const importing = /^import \{[^}]*\blimits\b[^}]*\} from '[^']*\/limits\.ts'$/m
const notCode = /\/\*[\s\S]*?\*\/|\/\/.*$|^import [\s\S]*? from '.*'$/gm

/** Those that the page names, or what it imports. Fails where a file uses them in another way, since what it reads would be absent. */
function limitsIn(root: string): Partial<typeof limits> {
  const files = globSync('{web,contract}/**/*.{ts,tsx}', { cwd: root }).map(file => join(root, file))
  const texts = files
    .map(file => {
      const text = readFileSync(file, 'utf8')
      if (importing.test(text) && /\blimits\b(?!\.\w)/.test(text.replace(notCode, '')))
        throw new Error(`${file}: name each limit as limits.name, for scripts/limits-plugin.ts to find it.`)
      return text
    })
    .join('\n')
  const isNamed = ([name]: [string, unknown]) => new RegExp(`\\blimits\\.${name}\\b`).test(texts)
  return Object.fromEntries(Object.entries(limits).filter(isNamed))
}
