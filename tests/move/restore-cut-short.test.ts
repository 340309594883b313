import assert from 'node:assert/strict'
import fs from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { syncBuiltinESMExports } from 'node:module'
import { join } from 'node:path'
import { test } from 'node:test'
import { systemClock } from '../../server/adapters/clock.ts'
import { openDiskFiles } from '../../server/adapters/files/disk.ts'
import { databaseFile } from '../../server/adapters/store/sqlite/connection.ts'
import { openSqliteStore } from '../../server/adapters/store/sqlite/sqlite.ts'
import { backUp } from '../../server/copies/backup.ts'
import { CannotCopy } from '../../server/copies/cannot-copy.ts'
import type { Place } from '../../server/copies/places.ts'
import { restore } from '../../server/copies/restore.ts'
import { CannotOpen } from '../../server/core/ports/failures.ts'
import type { WorkspaceState } from '../../server/core/ports.ts'
import { fill, readingsOf, sqliteAt, talliesAt, unwatched } from '../support/copies.ts'
import { temporaryFolder } from '../support/store-sqlite.ts'

let now = 1_900_000_000_000
const open = (directory: string) => openSqliteStore({ directory, clock: systemClock })
const backed = (from: Place, to: string, keep: number | null = null) =>
  backUp(from, { to, keep, now: () => (now += 1_000), watch: unwatched })
const restored = (backup: string, to: Place, replace = false) =>
  restore(backup, { to, replace, now: now++, watch: unwatched })
const refusedWith = (words: RegExp) => (error: unknown) =>
  (error instanceof CannotOpen || error instanceof CannotCopy) && words.test(error.message)

async function furnished(data: string): Promise<unknown> {
  await mkdir(data, { recursive: true })
  await using store = await open(data)
  await fill(store, await openDiskFiles(join(data, 'files')))
  return await readingsOf(store)
}

async function readings(data: string): Promise<{ workspace: WorkspaceState }> {
  await using store = await open(data)
  return (await readingsOf(store)) as { workspace: WorkspaceState }
}

/** The same but for the epoch, which is another. */
function sameButEpoch(before: unknown, after: { workspace: WorkspaceState }): void {
  const { epoch } = (before as { workspace: WorkspaceState }).workspace
  assert.notEqual(after.workspace.epoch, epoch)
  const snapshots = JSON.stringify(after).replaceAll(after.workspace.epoch, epoch)
  assert.equal(snapshots, JSON.stringify(before))
}

test('a restore whose renaming is cut short anywhere leaves a place that no server opens, or one that is whole, and is done by the next', async () => {
  await using folder = await temporaryFolder()
  const here = sqliteAt(join(folder.path, 'data'))
  await furnished(here.data)
  const { folder: backup } = await backed(here, join(folder.path, 'backups'))
  const wanted = await talliesAt(sqliteAt(here.data))
  const but = (tallies: readonly { table: string }[]) => tallies.filter(({ table }) => table !== 'workspace')
  const rename = fs.renameSync
  for (let cut = 1, done = false; !done; cut++) {
    const to = sqliteAt(join(folder.path, `to-${cut}`))
    const old = await furnished(to.data)
    let renamed = 0
    fs.renameSync = (from, to) => {
      if (String(to).startsWith(folder.path) && ++renamed === cut) throw new Error('the power is cut')
      rename(from, to)
    }
    syncBuiltinESMExports()
    try {
      done = await restored(backup, to, true).then(
        () => true,
        error => {
          assert.match(error.message, /the power is cut/)
          return false
        },
      )
    } finally {
      fs.renameSync = rename
      syncBuiltinESMExports()
    }
    const opened = await readings(to.data).catch(error => assert.match(error.message, /was cut short/))
    if (opened && !done) assert.deepEqual(opened, old)
    await restored(backup, to, true)
    assert.deepEqual(but(await talliesAt(to)), but(wanted))
    assert.equal(
      (await Array.fromAsync((await openDiskFiles(join(to.data, 'files'))).list(), one => one.hash)).length,
      2,
    )
  }
})

test('a database that is broken is put aside by a restore that is told to, and by no other', async () => {
  await using folder = await temporaryFolder()
  const here = sqliteAt(join(folder.path, 'data'))
  const before = await furnished(here.data)
  const { folder: backup } = await backed(here, join(folder.path, 'backups'))
  await writeFile(databaseFile(here.data), 'This is a letter to my aunt, and no database at all. '.repeat(90))
  await assert.rejects(restored(backup, here), refusedWith(/cannot be read: .* with --replace/))
  await restored(backup, here, true)
  sameButEpoch(before, await readings(here.data))
})
