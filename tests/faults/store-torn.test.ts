import assert from 'node:assert/strict'
import { copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import type { RoomId } from '../../contract/ids.ts'
import { roomTopic } from '../../contract/ids.ts'
import { systemClock } from '../../server/adapters/clock.ts'
import { openSqliteStore } from '../../server/adapters/store/sqlite/store.ts'
import { CannotOpen, Unavailable } from '../../server/core/ports/failures.ts'
import type { Store } from '../../server/core/ports/store.ts'
import { Cast, logOf } from '../support/store-cast.ts'
import { temporaryFolder } from '../support/store-sqlite.ts'

const files = ['confab.db', 'confab.db-wal']
const tries = 12

/** A directory as it was left in the middle of writing: much is in the write-ahead log alone. */
async function leftBehind(folder: string): Promise<{ room: RoomId; from: string }> {
  const from = join(folder, 'from')
  await mkdir(from)
  const store = await openSqliteStore({ directory: join(folder, 'data'), clock: systemClock })
  const cast = new Cast(() => store)
  const alice = await cast.user('alice')
  const room = await cast.room('Tea', [alice])
  for (let n = 0; n < 60; n++) await cast.post(room, alice, `${n} ${'x'.repeat(n * 20)}`)
  for (const file of files) await copyFile(join(folder, 'data', file), join(from, file))
  await store[Symbol.asyncDispose]()
  return { room, from }
}

/** Opens a damaged copy: it is refused with a sentence, or what is there is looked at. */
async function open(
  folder: string,
  from: string,
  damage: (bytes: Buffer) => Buffer,
  file: string,
  look: (store: Store) => Promise<void>,
) {
  const directory = join(folder, 'copy')
  await mkdir(directory)
  for (const one of files) await copyFile(join(from, one), join(directory, one))
  await writeFile(join(directory, file), damage(await readFile(join(directory, file))))
  try {
    await using store = await openSqliteStore({ directory, clock: systemClock })
    await look(store)
  } catch (error) {
    if (!(error instanceof CannotOpen || error instanceof Unavailable)) throw error
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}

test('[L1] [L2] a write-ahead log that is cut or has a wrong byte anywhere opens to what was committed before that place', {
  timeout: 60_000,
}, async () => {
  await using folder = await temporaryFolder()
  const { room, from } = await leftBehind(folder.path)
  const length = (await readFile(join(from, 'confab.db-wal'))).length
  const lengths: number[] = []
  for (let n = 1; n <= tries; n++) {
    const at = Math.floor((length * n) / (tries + 1))
    for (const damage of [cutAt(at), flipAt(at)]) {
      await open(folder.path, from, damage, 'confab.db-wal', async store => {
        const events = await logOf(store, roomTopic(room))
        lengths.push(events.length)
        const { head } = (await store.heads([roomTopic(room)])).get(roomTopic(room)) ?? { head: -1 }
        assert.equal(events.length, head, 'dense')
        const texts = events.flatMap(event =>
          event.e === 'message.posted' ? [Number(event.text.split(' ')[0])] : [],
        )
        assert.deepEqual(
          texts,
          texts.map((_, place) => place),
        )
        assert.equal((await store.history(room, { limit: 100 })).messages.length, texts.length)
      })
    }
  }
  assert.ok(lengths.length > tries && Math.max(...lengths) > Math.min(...lengths), `${lengths}`)
})

test('a wrong byte in the database is refused with a sentence, or costs what is at that place and not the process', {
  timeout: 60_000,
}, async () => {
  await using folder = await temporaryFolder()
  const { room, from } = await leftBehind(folder.path)
  const whole = (await readFile(join(from, 'confab.db'))).length
  for (let n = 0; n < tries; n++) {
    await open(folder.path, from, flipAt(Math.floor((whole * n) / tries)), 'confab.db', async store => {
      await store.workspace()
      await logOf(store, roomTopic(room))
      await store.history(room, { limit: 100 })
    })
  }
})

const cutAt = (at: number) => (bytes: Buffer) => bytes.subarray(0, at)
const flipAt = (at: number) => (bytes: Buffer) => {
  bytes.writeUInt8(bytes.readUInt8(at) ^ 0xff, at)
  return bytes
}
