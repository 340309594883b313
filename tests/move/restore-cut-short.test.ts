import assert from 'node:assert/strict'
import fs from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { syncBuiltinESMExports } from 'node:module'
import { join } from 'node:path'
import { test } from 'node:test'
import { openDiskFiles } from '../../server/adapters/files/disk.ts'
import { databaseFile } from '../../server/adapters/store/sqlite/connection.ts'
import { sqliteAt, talliesAt } from '../support/copies.ts'
import { temporaryFolder } from '../support/store-sqlite.ts'
import { backed, furnished, readings, refusedWith, restored, sameButEpoch } from './furnished.ts'

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
