import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'

/** The most that the shell may weigh, in bytes after gzip. */
export const MOST = { scripts: 150_000, styles: 25_000 }

/**
 * What the shell is made of: all that loads before somebody who is signed in sees a message. The main screen is loaded by
 * itself, and counts, since only the signed-out never need it.
 */
export const SHELL = ['index.html', 'ui/shell/Shell.tsx']

export interface Asset {
  file: string
  /** Bytes after gzip. */
  weight: number
  /** Part of the shell, not loaded when something else is first opened. */
  shell: boolean
}

interface Chunk {
  file: string
  imports?: string[]
  css?: string[]
}

/**
 * Weighs the scripts and styles of a built page, by the manifest that Vite wrote into it.
 *
 * @param page the folder of the build, dist/web
 */
export function weigh(page: string): Asset[] {
  const path = join(page, '.vite', 'manifest.json')
  if (!existsSync(path)) throw new Error(`There is no built page in ${page}. Run \`npm run build\` first.`)
  const manifest = JSON.parse(readFileSync(path, 'utf8')) as Record<string, Chunk>
  const shell = new Set<string>()
  for (const name of SHELL) {
    if (!manifest[name])
      throw new Error(`The page has no ${name} of its own; name in SHELL what took its place.`)
    collect(manifest, name, shell)
  }
  const files = new Set(Object.values(manifest).flatMap(chunk => [chunk.file, ...(chunk.css ?? [])]))
  return [...files]
    .filter(file => /\.(js|css)$/.test(file))
    .map(file => ({ file, weight: gzipSync(readFileSync(join(page, file))).length, shell: shell.has(file) }))
    .sort((a, b) => b.weight - a.weight)
}

/** The bytes of the shell. */
export function shellWeight(assets: Asset[]): { scripts: number; styles: number } {
  const sum = (ending: string) =>
    assets
      .filter(({ shell, file }) => shell && file.endsWith(ending))
      .reduce((total, { weight }) => total + weight, 0)
  return { scripts: sum('.js'), styles: sum('.css') }
}

function collect(
  manifest: Record<string, Chunk>,
  name: string,
  into: Set<string>,
  seen = new Set<string>(),
): void {
  const chunk = manifest[name]
  if (!chunk || seen.has(name)) return
  seen.add(name)
  for (const file of [chunk.file, ...(chunk.css ?? [])]) into.add(file)
  for (const imported of chunk.imports ?? []) collect(manifest, imported, into, seen)
}
