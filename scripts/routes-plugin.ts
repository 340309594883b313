import { join } from 'node:path'
import type { Plugin } from 'vite'
import { routes } from '../contract/routes.ts'

/** Replaces contract/routes.ts by its plain values, which leaves the schemas of the operations out of what imports it. */
export function plainRoutes(root: string): Plugin {
  const module = join(root, 'contract', 'routes.ts').replaceAll('\\', '/')
  const plain = Object.fromEntries(
    Object.entries(routes).map(([name, { method, path, transport, bytes }]) => [
      name,
      { method, path, transport, bytes },
    ]),
  )
  return {
    name: 'plain-routes',
    enforce: 'pre',
    load: id => (id === module ? `export const routes = ${JSON.stringify(plain)}` : null),
  }
}
