import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { MOST, SHELL, shellWeight, weigh } from './weight.ts'

test('the shell of the page weighs no more than it may', () => {
  const { scripts, styles } = shellWeight(weigh(join(import.meta.dirname, '..', 'dist', 'web')))
  assert(scripts > 0)
  assert(scripts <= MOST.scripts, `its scripts are ${scripts} bytes, and ${MOST.scripts} are allowed`)
  assert(styles <= MOST.styles, `its styles are ${styles} bytes, and ${MOST.styles} are allowed`)
})

test('the main screen counts with what it needs, what is opened later does not', async t => {
  const page = await mkdtemp(join(tmpdir(), 'confab-weight-'))
  t.after(() => rm(page, { recursive: true, force: true }))
  const [entry, main] = SHELL
  assert(entry && main)
  const manifest = {
    [entry]: {
      file: 'index.js',
      imports: ['_shared.js'],
      dynamicImports: [main, 'admin'],
      css: ['index.css'],
    },
    [main]: { file: 'main.js', imports: ['_shared.js'], css: ['main.css'] },
    '_shared.js': { file: 'shared.js' },
    admin: { file: 'admin.js', imports: ['_shared.js', '_table.js'], css: ['admin.css'] },
    '_table.js': { file: 'table.js' },
    'font.woff2': { file: 'font.woff2' },
  }
  await mkdir(join(page, '.vite'))
  await writeFile(join(page, '.vite', 'manifest.json'), JSON.stringify(manifest))
  const inShell = ['index.css', 'index.js', 'main.css', 'main.js', 'shared.js']
  for (const name of [...inShell, 'admin.js', 'admin.css', 'table.js']) {
    await writeFile(join(page, name), name.repeat(20))
  }

  const assets = weigh(page)
  const shell = assets.filter(asset => asset.shell).map(asset => asset.file)
  assert.deepEqual(shell.sort(), inShell)
  assert.equal(assets.length, 8)
  const sum = (...files: string[]) =>
    assets.reduce((total, { file, weight }) => total + (files.includes(file) ? weight : 0), 0)
  assert.deepEqual(shellWeight(assets), {
    scripts: sum('index.js', 'main.js', 'shared.js'),
    styles: sum('index.css', 'main.css'),
  })
})

test('a main screen that has moved does not go unweighed', async t => {
  const page = await mkdtemp(join(tmpdir(), 'confab-weight-'))
  t.after(() => rm(page, { recursive: true, force: true }))
  await mkdir(join(page, '.vite'))
  const manifest = { 'index.html': { file: 'index.js' } }
  await writeFile(join(page, '.vite', 'manifest.json'), JSON.stringify(manifest))
  assert.throws(() => weigh(page), /no .*Shell/)
})
