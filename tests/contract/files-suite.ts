import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { describe, test } from 'node:test'
import { Unavailable } from '../../server/core/ports/failures.ts'
import type { Files } from '../../server/core/ports/files.ts'

/** Files of one's own, and ways to reach behind them. Disposing of it takes them away. */
export interface OpenedFiles extends AsyncDisposable {
  readonly files: Files
  /** The same files, opened once more: another node, or the same one after a restart. */
  again(): Promise<Files>
  /** Lays other bytes in the place of a file, as a failing disk would. */
  damage(hash: string, bytes: Uint8Array): Promise<void>
  /** Lets the file be so old. */
  age(hash: string, ms: number): Promise<void>
  /** From now on nothing can be read or written. */
  fail(): Promise<void>
}

const bytes = new TextEncoder().encode('a picture')
const hashOf = (of: Uint8Array) => createHash('sha256').update(of).digest('hex')
const hash = hashOf(bytes)

const listed = async (files: Files) => (await Array.fromAsync(files.list(), one => one.hash)).sort()
const got = async (files: Files, name: string) => {
  const found = await files.get(name)
  return found && new Uint8Array(found)
}

/** What all Files promise. Each adapter calls it from its own test file. */
export function filesContract(name: string, open: () => Promise<OpenedFiles>): void {
  describe(name, () => {
    test('bytes are had again by their hash, until they are taken away', async () => {
      await using opened = await open()
      const { files } = opened
      assert.equal(await files.get(hash), null)
      assert.equal(await files.put(bytes), hash)
      assert.equal(await files.put(bytes), hash)
      assert.deepEqual(await got(files, hash), bytes)
      assert.deepEqual(await listed(files), [hash])
      await files.remove(hash)
      await files.remove(hash)
      assert.equal(await files.get(hash), null)
      assert.deepEqual(await listed(files), [])
    })

    test('bytes of any value and of any length are had as they were put', async () => {
      await using opened = await open()
      const large = Uint8Array.from({ length: 300_000 }, (_, n) => (n * 7919) % 256)
      for (const put of [new Uint8Array(), new Uint8Array([0]), large])
        assert.deepEqual(await got(opened.files, await opened.files.put(put)), put)
    })

    test('another node, or the next start, has what was put', async () => {
      await using opened = await open()
      await opened.files.put(bytes)
      const again = await opened.again()
      assert.deepEqual(await got(again, hash), bytes)
      assert.deepEqual(await listed(again), [hash])
    })

    test('many put the same bytes at once, and there is one file', async () => {
      await using opened = await open()
      await Promise.all(Array.from({ length: 20 }, () => opened.files.put(bytes)))
      assert.deepEqual(await listed(opened.files), [hash])
    })

    test('each file is listed once, however many there are', async () => {
      await using opened = await open()
      const put: string[] = []
      for (let n = 0; n < 25; n++) put.push(await opened.files.put(new TextEncoder().encode(`picture ${n}`)))
      assert.deepEqual(await listed(opened.files), put.sort())
    })

    test('a file tells when it was put, and is fresh again when it is put again', async () => {
      await using opened = await open()
      const atOf = async () => (await Array.fromAsync(opened.files.list()))[0]?.at ?? Number.NaN
      const before = Date.now()
      await opened.files.put(bytes)
      // Services tell whole seconds.
      assert.ok((await atOf()) >= before - 1_000 && (await atOf()) <= Date.now() + 1_000)
      await opened.age(hash, 3 * 3600_000)
      assert.ok((await atOf()) < before - 2 * 3600_000)
      await opened.files.put(bytes)
      assert.ok((await atOf()) >= before - 1_000)
    })

    test('bytes that were damaged are never given, whatever their length', async () => {
      await using opened = await open()
      await opened.files.put(bytes)
      for (const wrong of [new TextEncoder().encode('a pictur'), new TextEncoder().encode('A picture')]) {
        await opened.damage(hash, wrong)
        await assert.rejects(opened.files.get(hash), (error: Error) => {
          assert.ok(error instanceof Unavailable && error.damaged && !error.full)
          assert.match(String(error.cause), /damaged/)
          return true
        })
      }
    })

    test('the marks of all who keep files here are told once each, and are no files', async () => {
      await using opened = await open()
      const [ours, theirs] = ['o'.repeat(43), `-_${'T'.repeat(41)}`]
      assert.deepEqual(await opened.files.marks(), [])
      await opened.files.mark(ours)
      await opened.files.mark(ours)
      assert.deepEqual(await (await opened.again()).marks(), [ours])
      await (await opened.again()).mark(theirs)
      await opened.files.put(bytes)
      assert.deepEqual((await opened.files.marks()).toSorted(), [theirs, ours])
      assert.deepEqual(await listed(opened.files), [hash])
    })

    test('mallory names no other thing than a file', async () => {
      await using opened = await open()
      for (const name of [
        '../../etc/passwd',
        '',
        hash.toUpperCase(),
        `${hash}/..`,
        `${hash}\0`,
        `${hash}?x`,
      ]) {
        await assert.rejects(opened.files.get(name), TypeError)
        await assert.rejects(opened.files.remove(name), TypeError)
      }
    })

    test('what cannot be read or written is told as a store that cannot', async () => {
      await using opened = await open()
      await opened.files.put(bytes)
      await opened.fail()
      await assert.rejects(opened.files.put(new TextEncoder().encode('another')), Unavailable)
      await assert.rejects(opened.files.get(hash), Unavailable)
      await assert.rejects(listed(opened.files), Unavailable)
      await assert.rejects(opened.files.mark('o'.repeat(43)), Unavailable)
      await assert.rejects(opened.files.marks(), Unavailable)
    })
  })
}
