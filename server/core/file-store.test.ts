import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { HandClock } from '../../tests/support/hand-clock.ts'
import { silent } from '../../tests/support/silent-log.ts'
import { FileStore } from './file-store.ts'
import type { Files } from './ports/files.ts'
import type { Store } from './ports/store.ts'

const picture = new TextEncoder().encode('a picture')
const hash = createHash('sha256').update(picture).digest('hex')

/** What two nodes have in common: files, and the rows that name them. `before` runs before each look at the rows. */
function shared() {
  const bytes = new Map<string, Uint8Array>()
  const named = new Set<string>()
  const marks = new Set<string>()
  const warned: string[] = []
  const log = { ...silent, warn: (_: object, sentence: string) => void warned.push(sentence) }
  const files = {
    put: async (of: Uint8Array) => {
      bytes.set(hash, of)
      return hash
    },
    get: async () => bytes.get(hash) ?? null,
    remove: async () => void bytes.delete(hash),
    list: async function* () {
      for (const one of bytes.keys()) yield { hash: one, at: 0 }
    },
    mark: async (mark: string) => void marks.add(mark),
    marks: async () => [...marks],
  } as unknown as Files
  const fileStore = (
    before: () => Promise<void> = async () => {},
    after: () => Promise<void> = async () => {},
  ) => {
    const store = {
      workspace: async () => ({ salt: 'salt' }),
      unusedFiles: async (hashes: string[]) => {
        await before()
        const unused = hashes.filter(one => !named.has(one))
        await after()
        return unused
      },
    } as unknown as Store
    return new FileStore({ files, store, clock: new HandClock(), log })
  }
  return { bytes, named, marks, warned, fileStore }
}

test('what another node takes away between being put and being named is there again when it is named', async () => {
  const { bytes, named, fileStore } = shared()
  await fileStore().put({ 48: picture }, async () => {
    await fileStore().collect([hash])
    assert.equal(bytes.size, 0)
    named.add(hash)
  })
  assert.deepEqual([...bytes.values()], [picture])
})

test('what is named while another node takes it away comes back', async () => {
  const { bytes, named, fileStore } = shared()
  let meanwhile = async () => {
    meanwhile = async () => {}
    await fileStore().put({ 48: picture }, async () => void named.add(hash))
  }
  await fileStore().put({ 48: picture }, async () => {})
  await fileStore(undefined, () => meanwhile()).collect([hash])
  assert.deepEqual([...bytes.values()], [picture])
  named.clear()
  await fileStore().collect([hash])
  assert.equal(bytes.size, 0)
})

test('what no row names is taken away where one workspace keeps its files, and left where another does too', async () => {
  const { bytes, marks, warned, fileStore } = shared()
  const ours = fileStore()
  await ours.put({ 48: picture }, async () => {})
  assert.equal(marks.size, 1)
  marks.add('another')
  await ours.sweep()
  await ours.collect([hash])
  assert.equal(bytes.size, 1)
  assert.match(warned.join(), /^Another workspace keeps its files where ours are/)
  marks.delete('another')
  await ours.sweep()
  assert.equal(bytes.size, 0)
})
