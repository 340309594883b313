import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { cp, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import Database from 'better-sqlite3'
import type { AvatarId } from '../../contract/ids.ts'
import { newId } from '../../contract/ids.ts'
import { openDiskFiles, readDiskFiles } from '../../server/adapters/files/disk.ts'
import { tallyOf } from '../../server/adapters/store/copy/rows.ts'
import { tablesOf } from '../../server/adapters/store/copy/tables.ts'
import { openAdminConnection } from '../../server/adapters/store/postgres/admin-connection.ts'
import { steps } from '../../server/adapters/store/sql/schema.ts'
import { databaseFile, openToWrite } from '../../server/adapters/store/sqlite/connection.ts'
import { migrate } from '../../server/adapters/store/sqlite/migrate.ts'
import { backupFile } from '../../server/adapters/store/sqlite/moving.ts'
import { sqliteRows } from '../../server/adapters/store/sqlite/rows.ts'
import { lockDirectory } from '../../server/adapters/store/sqlite/running.ts'
import { backUp, seeWithFiles } from '../../server/copies/backup.ts'
import { move } from '../../server/copies/move.ts'
import type { FilesPlace } from '../../server/copies/places.ts'
import { onDisk, see } from '../../server/copies/places.ts'
import { postgresAt, sqliteAt, talliesAt, unwatched } from '../support/copies.ts'
import { temporaryDatabase } from '../support/postgres-database.ts'
import { Cast } from '../support/store-cast.ts'
import { temporaryFolder } from '../support/store-sqlite.ts'
import {
  backed,
  furnished,
  nextInstant,
  open,
  readings,
  refusedWith,
  restored,
  sameButEpoch,
} from './furnished.ts'

test('a backup of SQLite, restored, answers every reading as before, with its files, under a new epoch', async () => {
  await using folder = await temporaryFolder()
  const [data, back] = [join(folder.path, 'data'), join(folder.path, 'back')]
  const before = await furnished(data)
  const { folder: backup, files, missing } = await backed(sqliteAt(data), join(folder.path, 'backups'))
  assert.deepEqual([files, missing], [2, []])
  await restored(backup, sqliteAt(back))
  sameButEpoch(before, await readings(back))
  const kept = await openDiskFiles(join(back, 'files'))
  assert.equal((await Array.fromAsync(kept.list(), one => one.hash)).length, 2)
  assert.deepEqual(await readings(data), before, 'the source was changed')
})

test('a backup of PostgreSQL is the same as one of SQLite, and is restored to either', async () => {
  await using folder = await temporaryFolder()
  await using database = await temporaryDatabase()
  await using empty = await temporaryDatabase()
  const data = join(folder.path, 'data')
  const before = await furnished(data)
  const there = postgresAt(database.url, data)
  await move(sqliteAt(data), there, nextInstant(), unwatched)
  const { folder: backup, files } = await backed(there, join(folder.path, 'backups'))
  assert.equal(files, 2)
  const back = join(folder.path, 'back')
  await restored(backup, sqliteAt(back))
  sameButEpoch(before, await readings(back))

  const other = postgresAt(empty.url, join(folder.path, 'other'))
  const again = await restored(backup, other)
  assert.equal(again.files, 2)
  const but = (tallies: readonly { table: string }[]) => tallies.filter(({ table }) => table !== 'workspace')
  assert.deepEqual(but(await talliesAt(other)), but(await talliesAt(there)))
  await assert.rejects(restored(backup, other), refusedWith(/holds the workspace "Confab" already/))
  await restored(backup, other, true)
  assert.deepEqual(but(await talliesAt(other)), but(await talliesAt(there)))
})

test('a backup is for its owner alone, holds nothing else, and no server opens it', async () => {
  await using folder = await temporaryFolder()
  await furnished(join(folder.path, 'data'))
  const shared = join(folder.path, 'backups')
  await mkdir(shared, { mode: 0o755 })
  const { folder: backup } = await backed(sqliteAt(join(folder.path, 'data')), shared)
  assert.deepEqual(readdirSync(backup).sort(), ['backup.json', 'confab.db', 'files'])
  const mode = async (path: string) => ((await stat(path)).mode & 0o777).toString(8)
  assert.deepEqual(await Promise.all([shared, backup, backupFile(backup), databaseFile(backup)].map(mode)), [
    '755',
    '700',
    '600',
    '600',
  ])
  await assert.rejects(open(backup), refusedWith(/is a backup\. .*restore --from/))
})

test('only so many of the newest backups are kept, and what an interrupted one left is taken away', async () => {
  await using folder = await temporaryFolder()
  const [here, to] = [sqliteAt(join(folder.path, 'data')), join(folder.path, 'backups')]
  await furnished(here.data)
  await mkdir(join(to, 'confab-2026-01-01T00-00-00-000Z.unfinished'), { recursive: true })
  await mkdir(join(to, 'somebody-elses'))
  const names = []
  for (let n = 0; n < 4; n++) names.push((await backed(here, to, 2)).folder)
  assert.deepEqual(
    readdirSync(to)
      .filter(name => name !== 'lock.db')
      .map(name => join(to, name)),
    [...names.slice(2), join(to, 'somebody-elses')],
  )
  using _other = lockDirectory(to)
  await assert.rejects(backed(here, to), refusedWith(/Another backup is being written/))
})

test('a backup that was damaged in any part is refused, and what is at the target stays', async () => {
  await using folder = await temporaryFolder()
  const [here, to] = [sqliteAt(join(folder.path, 'data')), sqliteAt(join(folder.path, 'there'))]
  await furnished(here.data)
  await furnished(to.data)
  const before = await readings(to.data)
  const { folder: backup } = await backed(here, join(folder.path, 'backups'))
  const [picture = ''] = await Array.fromAsync(
    (await openDiskFiles(join(here.data, 'files'))).list(),
    one => one.hash,
  )
  const change = (copy: string, sql: string) => {
    const db = new Database(databaseFile(copy))
    db.exec(sql)
    db.close()
  }
  const damages: Record<string, (copy: string) => unknown> = {
    'users is not as it was': copy =>
      change(copy, "UPDATE users SET display_name = 'x' WHERE username = 'bob'"),
    'messages is not as it was': copy => change(copy, 'DELETE FROM messages WHERE seq = 5'),
    'no table counts': copy => change(copy, 'DROP TABLE counts'),
    damaged: async copy => {
      const bytes = await readFile(databaseFile(copy))
      await writeFile(databaseFile(copy), bytes.fill(7, bytes.length / 2))
    },
    'files are not as they': copy => rm(join(copy, 'files', picture.slice(0, 2), picture)),
    'no backup.json': copy => rm(backupFile(copy)),
    'cannot be opened': copy => rm(databaseFile(copy)),
    'cannot be read': copy => writeFile(backupFile(copy), '{'),
    'not what a backup says': copy => writeFile(backupFile(copy), '{}'),
    'newer Confab \\(schema 999': copy => change(copy, 'PRAGMA user_version = 999'),
  }
  for (const [n, [words, damage]] of Object.entries(damages).entries()) {
    const copy = join(folder.path, `copy-${n}`)
    await cp(backup, copy, { recursive: true })
    await damage(copy)
    await assert.rejects(restored(copy, to, true), refusedWith(new RegExp(words)), words)
  }
  assert.deepEqual(await readings(to.data), before)
})

test('a restore over what people use has to be told so, is refused while a server runs, and keeps aside what was there', async () => {
  await using folder = await temporaryFolder()
  const here = sqliteAt(join(folder.path, 'data'))
  const before = await furnished(here.data)
  const { folder: backup } = await backed(here, join(folder.path, 'backups'))
  {
    await using store = await open(here.data)
    await new Cast(() => store).user('since')
    await assert.rejects(restored(backup, here, true), refusedWith(/Another Confab is running on/))
  }
  const since = await readings(here.data)
  await assert.rejects(restored(backup, here), refusedWith(/holds the workspace "Confab" already/))
  assert.deepEqual(await readings(here.data), since)
  await restored(backup, here, true)
  sameButEpoch(before, await readings(here.data))
  const [aside = ''] = readdirSync(here.data).filter(name => name.startsWith('before-'))
  assert.deepEqual(await readings(join(here.data, aside)), since)
  assert.deepEqual(readdirSync(join(here.data, aside)).includes('files'), true)
})

test('the backup of an older Confab is restored in the newest schema, and stays as it is', async () => {
  await using folder = await temporaryFolder()
  const [old, to] = [join(folder.path, 'old'), join(folder.path, 'there')]
  await mkdir(old)
  const db = openToWrite(old)
  migrate(db, old, nextInstant(), steps.slice(0, 1))
  db.exec("UPDATE workspace SET name = 'Old', set_up = 1")
  const tables = await Promise.all(tablesOf(db).map(table => tallyOf(sqliteRows(db), table)))
  db.pragma('journal_mode = DELETE')
  db.close()
  await writeFile(backupFile(old), JSON.stringify({ workspace: 'Old', tables, missing: [] }))
  const bytes = await readFile(databaseFile(old))
  await restored(old, sqliteAt(to))
  assert.equal((await readings(to)).workspace.name, 'Old')
  assert.deepEqual(await readFile(databaseFile(old)), bytes)
})

test('a picture that the server takes away after the snapshot is not missed: the next snapshot does not name it', async () => {
  await using folder = await temporaryFolder()
  const here = sqliteAt(join(folder.path, 'data'))
  await using store = await open(here.data)
  const live = await openDiskFiles(join(here.data, 'files'))
  const cast = new Cast(() => store)
  const alice = await cast.user('alice')
  const wear = async (bytes: string) => {
    const avatar = newId<AvatarId>()
    const sizes = {
      64: await live.put(Buffer.from(`${bytes}, small`)),
      256: await live.put(Buffer.from(`${bytes}, large`)),
    }
    await cast.rows({ row: 'avatar', avatar: { id: avatar, user: alice.id, sizes } })
    await cast.changed({ ...alice, avatar })
    return Object.values(sizes)
  }
  const first = await wear('the first picture')
  let looked = 0
  const racing: Pick<typeof live, 'get'> = {
    async get(hash) {
      if (++looked === 2) {
        const db = new Database(databaseFile(here.data))
        db.exec('DELETE FROM avatar_files')
        db.close()
        for (const one of first) await live.remove(one)
        await wear('the second picture')
      }
      return live.get(hash)
    },
  }
  const to = await openDiskFiles(join(folder.path, 'copy'))
  const seen = await seeWithFiles(() => see(here), racing, to)
  await using _source = seen.source
  assert.deepEqual(seen.missing, [])
  assert.equal(seen.named.size, 2)
  assert.ok(first.every(hash => !seen.named.has(hash)))
  assert.deepEqual(new Set(await Array.fromAsync(to.list(), one => one.hash)), seen.named)
})

test('a picture that every snapshot names and that is nowhere is told, and the backup is made and restored without it', async () => {
  await using folder = await temporaryFolder()
  const here = sqliteAt(join(folder.path, 'data'))
  await furnished(here.data)
  const live = await openDiskFiles(join(here.data, 'files'))
  const [lost = ''] = await Array.fromAsync(live.list(), one => one.hash)
  await live.remove(lost)
  const made = await backed(here, join(folder.path, 'backups'))
  assert.deepEqual([made.files, made.missing], [1, [lost]])
  const back = await restored(made.folder, sqliteAt(join(folder.path, 'back')))
  assert.deepEqual([back.files, back.missing], [1, [lost]])
})

test('a backup of PostgreSQL has no snapshot open while it copies files, nor while it compares: sends would go past all that changed since', async () => {
  await using folder = await temporaryFolder()
  await using database = await temporaryDatabase()
  const data = join(folder.path, 'data')
  await furnished(data)
  await move(sqliteAt(data), postgresAt(database.url, data), nextInstant(), unwatched)
  await using beside = await openAdminConnection(database.url)
  const snapshots = async () => {
    const { rows } = await beside.query(
      'SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND backend_xmin IS NOT NULL AND pid <> pg_backend_pid()',
    )
    return rows.length
  }
  const open: Record<string, Promise<number>> = {}
  const live = readDiskFiles(join(data, 'files'))
  const read = {
    async get(hash: string) {
      open.files ??= snapshots()
      await open.files
      return live.get(hash)
    },
  }
  const files: FilesPlace = { ...onDisk(join(data, 'files')), read }
  const begins = (doing: 'copying' | 'comparing') => {
    open[doing] ??= snapshots()
  }
  const from = { ...postgresAt(database.url, data), files }
  const to = join(folder.path, 'backups')
  await backUp(from, { to, keep: null, now: nextInstant, watch: { ...unwatched, begins } })
  assert.deepEqual(await Promise.all([open.files, open.copying, open.comparing]), [0, 1, 0])
})
