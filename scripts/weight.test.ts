import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { MOST, shellWeight, weigh } from './weight.ts'

test('the shell of the page weighs no more than it may', () => {
  const { scripts, styles } = shellWeight(weigh(join(import.meta.dirname, '..', 'dist', 'web')))
  assert(scripts > 0)
  assert(scripts <= MOST.scripts, `its scripts are ${scripts} bytes, and ${MOST.scripts} are allowed`)
  assert(styles <= MOST.styles, `its styles are ${styles} bytes, and ${MOST.styles} are allowed`)
})

test('what is loaded at once counts, what is loaded when needed does not', async t => {
  const page = await mkdtemp(join(tmpdir(), 'confab-weight-'))
  t.after(() => rm(page, { recursive: true, force: true }))
  await mkdir(join(page, '.vite'))
  const manifest = {
    'index.html': {
      file: 'main.js',
      isEntry: true,
      imports: ['_shared.js'],
      dynamicImports: ['admin'],
      css: ['main.css'],
    },
    '_shared.js': { file: 'shared.js', css: ['shared.css'] },
    admin: {
      file: 'admin.js',
      isDynamicEntry: true,
      imports: ['_shared.js', '_table.js'],
      css: ['admin.css'],
    },
    '_table.js': { file: 'table.js' },
    'font.woff2': { file: 'font.woff2' },
  }
  await writeFile(join(page, '.vite', 'manifest.json'), JSON.stringify(manifest))
  for (const name of [
    'main.js',
    'shared.js',
    'admin.js',
    'table.js',
    'main.css',
    'shared.css',
    'admin.css',
  ]) {
    await writeFile(join(page, name), name.repeat(20))
  }
  const assets = weigh(page)
  const shell = assets.filter(asset => asset.shell).map(asset => asset.file)
  assert.deepEqual(shell.sort(), ['main.css', 'main.js', 'shared.css', 'shared.js'])
  assert.equal(assets.length, 7)
  const weight = (file: string) => assets.find(asset => asset.file === file)?.weight ?? 0
  assert.deepEqual(shellWeight(assets), {
    scripts: weight('main.js') + weight('shared.js'),
    styles: weight('main.css') + weight('shared.css'),
  })
})
