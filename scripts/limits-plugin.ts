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

/** Those that the page names, or what it imports. */
function limitsIn(root: string): Partial<typeof limits> {
  const files = globSync('{web,contract}/**/*.{ts,tsx}', { cwd: root }).map(file => join(root, file))
  const texts = files.map(file => readFileSync(file, 'utf8')).join('\n')
  const isNamed = ([name]: [string, unknown]) => new RegExp(`\\blimits\\.${name}\\b`).test(texts)
  return Object.fromEntries(Object.entries(limits).filter(isNamed))
}
