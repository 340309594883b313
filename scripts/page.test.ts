import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, test } from 'node:test'
import { bringPageUpToDate, hashFile, sourcesHash } from './page.ts'

let root: string

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'confab-page-'))
  await put('package.json', '{"type":"module"}')
  await put('web/index.html', '<title>Confab</title>')
})
afterEach(() => rm(root, { recursive: true, force: true }))

async function put(path: string, text: string): Promise<void> {
  await mkdir(dirname(join(root, path)), { recursive: true })
  await writeFile(join(root, path), text)
}

/** Stands in for the build: it counts how often it ran, and leaves what the real one leaves. */
async function putBuild(last: string): Promise<void> {
  await put('node_modules/vite/package.json', '{}')
  await put(
    'scripts/build.ts',
    `import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs'
     import { hashFile, sourcesHash } from ${JSON.stringify(join(import.meta.dirname, 'page.ts'))}
     const root = ${JSON.stringify(root)}
     appendFileSync(root + '/built', '.')
     mkdirSync(root + '/dist/web', { recursive: true })
     writeFileSync(root + '/dist/web/index.html', 'built')
     writeFileSync(hashFile(root), sourcesHash(root))
     ${last}`,
  )
}

test('the page is built at the first start, again when a source changed, and not otherwise', async () => {
  await putBuild('')
  assert.equal(bringPageUpToDate(root), undefined)
  assert.equal(bringPageUpToDate(root), undefined)
  assert.equal(await readFile(join(root, 'built'), 'utf8'), '.')

  await put('web/index.html', '<title>Changed</title>')
  assert.equal(bringPageUpToDate(root), undefined)
  assert.equal(await readFile(join(root, 'built'), 'utf8'), '..')
})

test('a page that somebody deleted is built again', async () => {
  await putBuild('')
  bringPageUpToDate(root)
  await rm(join(root, 'dist', 'web'), { recursive: true })
  assert.equal(bringPageUpToDate(root), undefined)
  assert(existsSync(join(root, 'dist', 'web', 'index.html')))
})

test('tests and compiled messages are no sources of the page, everything else is', async () => {
  const before = sourcesHash(root)
  await put('web/sync/log.test.ts', 'test')
  await put('web/paraglide/messages.js', 'compiled')
  assert.equal(sourcesHash(root), before)

  await put('contract/ids.ts', 'a')
  const withIds = sourcesHash(root)
  assert.notEqual(withIds, before)
  await put('contract/ids.ts', 'b')
  assert.notEqual(sourcesHash(root), withIds)
})

test('without Vite alice reads what left it out and how to get it', () => {
  assert.match(bringPageUpToDate(root) ?? '', /npm ci --include=dev/)
})

test('without Vite a page that is up to date is enough', async () => {
  await put('dist/web/index.html', 'built')
  await writeFile(hashFile(root), sourcesHash(root))
  assert.equal(bringPageUpToDate(root), undefined)
})

test('a build that fails is told, and not taken for a page', async () => {
  await putBuild(`import('node:fs').then(fs => fs.rmSync(hashFile(root))).then(() => process.exit(1))`)
  assert.match(bringPageUpToDate(root) ?? '', /could not be built/)
  assert.match(bringPageUpToDate(root) ?? '', /could not be built/)
})
