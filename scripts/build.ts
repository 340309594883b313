// Builds the page into dist/web. The new page replaces the old one in one step at the end, so that a build that fails or is
// interrupted leaves the old one whole.
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { build } from 'vite'
import { compileMessages } from './messages.ts'
import { hashFile, sourcesHash } from './page.ts'

const root = join(import.meta.dirname, '..')
const dist = join(root, 'dist')
const page = join(dist, 'web')
const fresh = join(dist, `web-${process.pid}`)
const old = join(dist, `old-${process.pid}`)

const hash = sourcesHash(root)
mkdirSync(dist, { recursive: true })
try {
  await compileMessages(root)
  await build({ configFile: join(root, 'vite.config.ts'), logLevel: 'warn', build: { outDir: fresh } })
  rmSync(hashFile(root), { force: true })
  if (existsSync(page)) renameSync(page, old)
  renameSync(fresh, page)
  writeFileSync(hashFile(root), hash)
} catch (error) {
  console.error(stripVTControlCharacters(error instanceof Error ? error.message : String(error)))
  process.exitCode = 1
} finally {
  rmSync(fresh, { recursive: true, force: true })
  rmSync(old, { recursive: true, force: true })
}
