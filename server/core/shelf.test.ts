import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { HandClock } from '../../tests/support/hand-clock.ts'
import type { Files, Store } from './ports.ts'
import { Shelf } from './shelf.ts'

const picture = new TextEncoder().encode('a picture')
const hash = createHash('sha256').update(picture).digest('hex')

/** What two nodes have in common: files, and the rows that name them. `before` runs before each look at the rows. */
function shared() {
  const bytes = new Map<string, Uint8Array>()
  const named = new Set<string>()
  const files = {
    put: async (of: Uint8Array) => {
      bytes.set(hash, of)
      return hash
    },
    get: async () => bytes.get(hash) ?? null,
    remove: async () => void bytes.delete(hash),
  } as unknown as Files
  const shelf = (
    before: () => Promise<void> = async () => {},
    after: () => Promise<void> = async () => {},
  ) => {
    const store = {
      unusedFiles: async (hashes: string[]) => {
        await before()
        const unused = hashes.filter(one => !named.has(one))
        await after()
        return unused
      },
    } as unknown as Store
    return new Shelf({ files, store, clock: new HandClock() })
  }
  return { bytes, named, shelf }
}

test('what another node takes away between being put and being named is there again when it is named', async () => {
  const { bytes, named, shelf } = shared()
  await shelf().put({ 48: picture }, async () => {
    await shelf().collect([hash])
    assert.equal(bytes.size, 0)
    named.add(hash)
  })
  assert.deepEqual([...bytes.values()], [picture])
})

test('what is named while another node takes it away comes back', async () => {
  const { bytes, named, shelf } = shared()
  let meanwhile = async () => {
    meanwhile = async () => {}
    await shelf().put({ 48: picture }, async () => void named.add(hash))
  }
  await shelf().put({ 48: picture }, async () => {})
  await shelf(undefined, () => meanwhile()).collect([hash])
  assert.deepEqual([...bytes.values()], [picture])
  named.clear()
  await shelf().collect([hash])
  assert.equal(bytes.size, 0)
})
