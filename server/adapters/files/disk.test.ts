import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { test } from 'node:test'
import { Unavailable } from '../../core/ports.ts'
import { openDiskFiles } from './disk.ts'

const bytes = new TextEncoder().encode('a picture')
const hash = createHash('sha256').update(bytes).digest('hex')

async function folder(t: TestContext): Promise<string> {
  const made = await mkdtemp(join(tmpdir(), 'confab-files-'))
  t.after(() => rm(made, { recursive: true, force: true }))
  return made
}

test('bytes are had again by their hash, until they are taken away', async t => {
  const files = await openDiskFiles(await folder(t))
  assert.equal(await files.get(hash), null)
  assert.equal(await files.put(bytes), hash)
  assert.equal(await files.put(bytes), hash)
  assert.deepEqual(new Uint8Array((await files.get(hash)) ?? []), bytes)
  assert.deepEqual(await Array.fromAsync(files.list()), [hash])
  await files.remove(hash)
  await files.remove(hash)
  assert.equal(await files.get(hash), null)
  assert.deepEqual(await Array.fromAsync(files.list()), [])
})

test('what was put is there after opening the folder anew; what was being put when it ended is not', async t => {
  const at = await folder(t)
  await (await openDiskFiles(at)).put(bytes)
  await writeFile(join(at, 'unfinished', 'half'), 'hal')
  const files = await openDiskFiles(at)
  assert.deepEqual(await Array.fromAsync(files.list()), [hash])
  assert.deepEqual(await readdir(join(at, 'unfinished')), [])
})

test('many put the same bytes at once, and there is one file', async t => {
  const files = await openDiskFiles(await folder(t))
  await Promise.all(Array.from({ length: 20 }, () => files.put(bytes)))
  assert.deepEqual(await Array.fromAsync(files.list()), [hash])
})

test('only its owner reads the folder and what is in it', async t => {
  const at = await folder(t)
  await (await openDiskFiles(at)).put(bytes)
  const modeOf = async (...path: string[]) => (await stat(join(at, ...path))).mode & 0o777
  assert.equal(await modeOf(hash.slice(0, 2)), 0o700)
  assert.equal(await modeOf('unfinished'), 0o700)
  assert.equal(await modeOf(hash.slice(0, 2), hash), 0o600)
})

test('mallory names no file outside of the folder', async t => {
  const files = await openDiskFiles(await folder(t))
  for (const name of ['../../etc/passwd', '', hash.toUpperCase(), `${hash}/..`, `${hash}\0`]) {
    await assert.rejects(files.get(name), TypeError)
    await assert.rejects(files.remove(name), TypeError)
  }
})

test('a folder that cannot be written to is told as a store that cannot', async t => {
  const at = await folder(t)
  const files = await openDiskFiles(at)
  await rm(join(at, 'unfinished'), { recursive: true })
  await writeFile(join(at, 'unfinished'), '')
  await assert.rejects(files.put(bytes), Unavailable)
})
