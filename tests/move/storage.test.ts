import assert from 'node:assert/strict'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { systemClock } from '../../server/adapters/clock.ts'
import { openSqliteStore } from '../../server/adapters/store/sqlite/store.ts'
import { backUp } from '../../server/copies/backup.ts'
import { move } from '../../server/copies/move.ts'
import type { Place } from '../../server/copies/places.ts'
import { filesOf, onStorage } from '../../server/copies/places.ts'
import { restore } from '../../server/copies/restore.ts'
import { fill, sqliteAt, unwatched } from '../support/copies.ts'
import { S3Server } from '../support/s3-server.ts'
import { temporaryFolder } from '../support/store-sqlite.ts'

let now = 1_900_000_000_000
const listed = async (place: Place): Promise<string[]> =>
  (await Array.fromAsync((await filesOf(place).open()).list(), one => one.hash)).sort()

/** Names places whose files are on this storage; in `data`, under `here/`, a workspace with two pictures. */
async function stored(folder: string, server: S3Server): Promise<(data: string, prefix: string) => Place> {
  const at = (data: string, s3Prefix: string): Place => ({
    ...sqliteAt(join(folder, data)),
    files: onStorage(server.place({ s3Prefix })),
  })
  await mkdir(join(folder, 'data'))
  await using store = await openSqliteStore({ directory: join(folder, 'data'), clock: systemClock })
  await fill(store, await filesOf(at('data', 'here/')).open())
  return at
}

test('a backup holds what is on S3-compatible storage, and a restore brings it back there', async () => {
  await using folder = await temporaryFolder()
  await using server = await S3Server.start()
  const at = await stored(folder.path, server)
  const to = join(folder.path, 'backups')
  const made = await backUp(at('data', 'here/'), { to, keep: null, now: () => now++, watch: unwatched })
  assert.deepEqual([made.files, made.missing], [2, []])
  const back = at('back', 'there/')
  await restore(made.folder, { to: back, replace: false, now: now++, watch: unwatched })
  assert.equal((await listed(back)).length, 2)
  assert.deepEqual(await listed(back), await listed(at('data', 'here/')))
})

test('a move leaves files on the storage that both places have', async () => {
  await using folder = await temporaryFolder()
  await using server = await S3Server.start()
  const at = await stored(folder.path, server)
  const before = await listed(at('data', 'here/'))
  server.passed.length = 0
  const moved = await move(at('data', 'here/'), at('there', 'here/'), now, unwatched)
  assert.deepEqual([moved?.files, moved?.missing], [0, []])
  assert.deepEqual(server.passed, [])
  assert.deepEqual(await listed(at('there', 'here/')), before)
})
