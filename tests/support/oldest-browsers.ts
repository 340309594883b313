import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'

interface Statement {
  version_added?: string | boolean | null
  flags?: unknown
  prefix?: string
  alternative_name?: string
}
/** A feature of MDN's browser-compat-data, and those inside of it by their names. */
export interface Compat {
  __compat?: { support: Record<string, Statement | Statement[]> }
  [member: string]: unknown
}
export type Features = Record<string, Compat>

/** MDN's browser-compat-data. Read as a file, since its types are as large as its data. */
export const data = JSON.parse(
  readFileSync(createRequire(import.meta.url).resolve('@mdn/browser-compat-data'), 'utf8'),
) as {
  api: Features
  javascript: { builtins: Features }
  css: { properties: Features; 'at-rules': Features; selectors: Features; types: Features }
  html: { elements: Features; global_attributes: Features }
}

/** The oldest browsers that the page is built for, as vite.config.ts names them. */
export const targets = [
  ...readFileSync(join(import.meta.dirname, '../../vite.config.ts'), 'utf8').matchAll(
    /'(chrome|edge|firefox|safari)([\d.]+)'/g,
  ),
].map(([, browser = '', version = '']) => ({ browser, version: Number(version) }))

/** Which of the targets do not have a feature; none where nothing is known of it. `prefixed`: under a vendor's prefix it counts as there. */
export function lacking(compat: Compat | undefined, prefixed = false): string[] {
  if (!compat?.__compat) return []
  const { support } = compat.__compat
  const isThere = (one: Statement, version: number) =>
    (prefixed || (one.prefix === undefined && one.alternative_name === undefined)) && isAddedBy(one, version)
  return targets
    .filter(({ browser, version }) => ![support[browser] ?? []].flat().some(one => isThere(one, version)))
    .map(({ browser, version }) => `${browser} ${version}`)
}

function isAddedBy({ version_added: added, flags }: Statement, version: number): boolean {
  if (flags !== undefined || typeof added !== 'string') return false
  return added !== 'preview' && Number.parseFloat(added.replace('≤', '')) <= version
}
