import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mkdtemp, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { test } from 'node:test'
import { openDiskFiles } from './disk.ts'

const bytes = new TextEncoder().encode('a picture')
const hash = createHash('sha256').update(bytes).digest('hex')

async function folder(t: TestContext): Promise<string> {
  const made = await mkdtemp(join(tmpdir(), 'confab-files-'))
  t.after(() => rm(made, { recursive: true, force: true }))
  return made
}

test('what was being put when it ended is taken away at a later start, and what another node is putting is not', async t => {
  const at = await folder(t)
  await (await openDiskFiles(at)).put(bytes)
  await writeFile(join(at, 'unfinished', 'left'), 'hal')
  const longAgo = new Date(Date.now() - 2 * 3600_000)
  await utimes(join(at, 'unfinished', 'left'), longAgo, longAgo)
  await writeFile(join(at, 'unfinished', 'going on'), 'hal')
  const files = await openDiskFiles(at)
  assert.deepEqual(await Array.fromAsync(files.list(), one => one.hash), [hash])
  assert.deepEqual(await readdir(join(at, 'unfinished')), ['going on'])
})

test('only its owner reads the folder and what is in it', async t => {
  const at = await folder(t)
  await (await openDiskFiles(at)).put(bytes)
  const modeOf = async (...path: string[]) => (await stat(join(at, ...path))).mode & 0o777
  assert.equal(await modeOf(hash.slice(0, 2)), 0o700)
  assert.equal(await modeOf('unfinished'), 0o700)
  assert.equal(await modeOf(hash.slice(0, 2), hash), 0o600)
})
