import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, relative } from 'node:path'

const SOURCES = [
  'contract',
  'web',
  'project.inlang/settings.json',
  'scripts/build.ts',
  'scripts/lean-plugin.ts',
  'scripts/limits-plugin.ts',
  'scripts/routes-plugin.ts',
  'scripts/service-worker-plugin.ts',
  'scripts/texts-plugin.ts',
  'vite.config.ts',
  'package-lock.json',
]

/**
 * Builds the page unless the one in dist/web was built from the sources as they are now. The build runs in a process of
 * its own, so that its memory is not the server's.
 *
 * @returns a sentence for people when the page could not be built; nothing when it is up to date
 */
export function bringPageUpToDate(root: string): string | undefined {
  if (builtFrom(root) === sourcesHash(root)) return undefined
  if (!canBuild(root)) {
    return (
      'The page has to be built, but what builds it (Vite) is not installed: NODE_ENV=production or --omit=dev ' +
      'left it out. Run `npm ci --include=dev` and start again.'
    )
  }
  console.error('Building the page (about 20 s, once) ...')
  const build = spawnSync(process.execPath, [join(root, 'scripts', 'build.ts')], {
    cwd: root,
    stdio: ['ignore', 2, 2],
  })
  return build.status === 0 ? undefined : 'The page could not be built; the lines above tell why.'
}

/** A SHA-256 over the names and bytes of everything that the page is built from, tests left out. */
export function sourcesHash(root: string): string {
  const hash = createHash('sha256')
  for (const source of SOURCES) {
    for (const file of filesIn(join(root, source))) {
      hash
        .update(`${relative(root, file)}\0`)
        .update(readFileSync(file))
        .update('\0')
    }
  }
  return hash.digest('hex')
}

/** Where the hash of the sources stands that dist/web was built from. */
export function hashFile(root: string): string {
  return join(root, 'dist', 'web.sources')
}

function builtFrom(root: string): string | undefined {
  const complete = existsSync(hashFile(root)) && existsSync(join(root, 'dist', 'web', 'index.html'))
  return complete ? readFileSync(hashFile(root), 'utf8') : undefined
}

function canBuild(root: string): boolean {
  try {
    createRequire(join(root, 'package.json')).resolve('vite/package.json')
    return true
  } catch {
    return false
  }
}

function filesIn(path: string): string[] {
  if (!existsSync(path)) return []
  if (statSync(path).isFile()) return [path]
  if (path.endsWith(join('web', 'paraglide'))) return []
  return readdirSync(path)
    .sort()
    .filter(name => !/\.test\.tsx?$/.test(name))
    .flatMap(name => filesIn(join(path, name)))
}
