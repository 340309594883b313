import assert from 'node:assert/strict'
import fs, { existsSync, readdirSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { syncBuiltinESMExports } from 'node:module'
import { join } from 'node:path'
import { test } from 'node:test'
import Database from 'better-sqlite3'
import pg from 'pg'
import { systemClock } from '../../server/adapters/clock.ts'
import { openDiskFiles } from '../../server/adapters/files/disk.ts'
import { fileColumns, tablesOfSchema } from '../../server/adapters/store/copy/tables.ts'
import { lockShared } from '../../server/adapters/store/postgres/running.ts'
import { openPostgresStore } from '../../server/adapters/store/postgres/store.ts'
import { databaseFile } from '../../server/adapters/store/sqlite/connection.ts'
import { move } from '../../server/copies/move.ts'
import { postgresAt, readingsOf, sqliteAt, talliesAt, unwatched } from '../support/copies.ts'
import { temporaryDatabase } from '../support/postgres-database.ts'
import { temporaryFolder } from '../support/store-sqlite.ts'
import { furnished, open, refusedWith } from './furnished.ts'

const now = 1_900_000_000_000

async function asked<Row extends object>(url: string, text: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query<Row>(text)).rows
  } finally {
    await client.end()
  }
}

test('a workspace that was moved to PostgreSQL and back answers every reading as before', async () => {
  await using folder = await temporaryFolder()
  await using database = await temporaryDatabase()
  const [data, back] = [join(folder.path, 'data'), join(folder.path, 'back')]
  const before = await furnished(data)
  const [here, there, home] = [sqliteAt(data), postgresAt(database.url, data), sqliteAt(back)]
  const tallies = await talliesAt(here)
  const filled = tallies.filter(({ rows }) => rows > 0).map(({ table }) => table)
  assert.ok(filled.length >= 16, `only ${filled} hold anything`)

  const moved = await move(here, there, now, unwatched)
  assert.deepEqual(moved, { tables: tallies, files: 0, missing: [] })
  assert.deepEqual(await talliesAt(there), tallies)
  {
    await using store = await openPostgresStore({ url: database.url, clock: systemClock })
    assert.deepEqual(await readingsOf(store), before)
  }

  const returned = await move(there, home, now, unwatched)
  assert.deepEqual(returned, { tables: tallies, files: 2, missing: [] })
  assert.deepEqual(await talliesAt(home), tallies)
  await using store = await open(back)
  assert.deepEqual(await readingsOf(store), before)
  const files = await openDiskFiles(join(back, 'files'))
  const hashes = await Array.fromAsync(files.list(), one => one.hash)
  assert.deepEqual(
    new Set(await Promise.all(hashes.map(async hash => String(Buffer.from((await files.get(hash)) ?? []))))),
    new Set(['a small picture', 'a large picture']),
  )
})

test('rows that PostgreSQL numbers itself go on after those that came, and the copying ends no session', async () => {
  await using folder = await temporaryFolder()
  await using database = await temporaryDatabase()
  await furnished(folder.path)
  const source = new Database(databaseFile(folder.path), { readonly: true })
  const ended = source.prepare('SELECT seq, id FROM endings ORDER BY seq').all()
  source.close()
  assert.ok(ended.length > 0)
  await move(sqliteAt(folder.path), postgresAt(database.url, folder.path), now, unwatched)
  for (const table of ['logs', 'events']) {
    const [most] = await asked<{ max: string }>(database.url, `SELECT max(id) FROM ${table}`)
    const [next] = await asked<{ id: string }>(
      database.url,
      table === 'logs'
        ? "INSERT INTO logs (topic, start, head) VALUES ('next', 1, 0) RETURNING id"
        : "INSERT INTO events (log, seq, at, body) SELECT id, 1, 0, '{}' FROM logs WHERE topic = 'next' RETURNING id",
    )
    assert.ok(Number(next?.id) > Number(most?.max), table)
  }
  assert.deepEqual(await asked(database.url, 'SELECT seq::int, id FROM endings ORDER BY seq'), ended)
})

test('the epoch stays, and where a workspace was is refused with where it went', async () => {
  await using folder = await temporaryFolder()
  await using database = await temporaryDatabase()
  await furnished(folder.path)
  const epoch = async () => {
    await using store = await open(folder.path)
    return (await store.workspace()).epoch
  }
  const before = await epoch()
  const [here, there] = [sqliteAt(folder.path), postgresAt(database.url, folder.path)]
  await move(here, there, now, unwatched)
  const { pathname } = new URL(database.url)
  await assert.rejects(epoch(), refusedWith(new RegExp(`was moved to postgres://127.*${pathname}\\.`)))
  const elsewhere = sqliteAt(join(folder.path, 'elsewhere'))
  await assert.rejects(move(here, elsewhere, now, unwatched), refusedWith(/was moved to/))
  assert.equal(await move(here, there, now, unwatched), null)

  const [row] = await asked<{ epoch: string }>(database.url, 'SELECT epoch FROM workspace')
  assert.equal(row?.epoch, before)

  await move(there, here, now, unwatched)
  assert.equal(await epoch(), before)
  assert.deepEqual(
    readdirSync(folder.path).filter(name => name.startsWith('before-')),
    ['before-2030-03-17T17-46-40-000Z'],
  )
  await assert.rejects(
    move(there, elsewhere, now, unwatched),
    refusedWith(/was moved to .*DROP TABLE confab_moving/),
  )

  await move(here, there, now + 1, unwatched)
  const aside = await asked(
    database.url,
    "SELECT 1 FROM pg_tables WHERE schemaname = 'confab_before_2030_03_17t17_46_40_001z' AND tablename = 'messages'",
  )
  assert.equal(aside.length, 1)
})

test('nothing is moved while a server runs at one end', async () => {
  await using folder = await temporaryFolder()
  await using database = await temporaryDatabase()
  const [here, there] = [sqliteAt(join(folder.path, 'data')), postgresAt(database.url, folder.path)]
  await furnished(here.data)
  {
    await using _running = await open(here.data)
    await assert.rejects(move(here, there, now, unwatched), refusedWith(/Another Confab is running on/))
  }
  const server = new pg.Client({ connectionString: database.url })
  await server.connect()
  assert.ok(await lockShared(server))
  await assert.rejects(move(here, there, now, unwatched), refusedWith(/Confab is running on postgres/))
  await server.end()
})

test('a target that people use is refused by its name and stays as it is; one where nobody is yet is taken', async () => {
  await using folder = await temporaryFolder()
  await using database = await temporaryDatabase()
  const [one, other] = [sqliteAt(join(folder.path, 'one')), sqliteAt(join(folder.path, 'other'))]
  const there = postgresAt(database.url, folder.path)
  await furnished(one.data)
  await furnished(other.data)
  const before = await talliesAt(other)
  await assert.rejects(move(one, other, now, unwatched), refusedWith(/holds the workspace "Confab" already/))
  assert.deepEqual(await talliesAt(other), before)
  await move(one, there, now, unwatched)
  const moved = await talliesAt(there)
  await assert.rejects(
    move(other, there, now, unwatched),
    refusedWith(/holds the workspace "Confab" already/),
  )
  assert.deepEqual(await talliesAt(there), moved)

  const fresh = sqliteAt(join(folder.path, 'fresh'))
  await (await open(fresh.data))[Symbol.asyncDispose]()
  await move(other, fresh, now, unwatched)
  assert.deepEqual(await talliesAt(fresh), before)
})

test('a place without a workspace is refused, and nothing is made there', async () => {
  await using folder = await temporaryFolder()
  await using database = await temporaryDatabase()
  const nowhere = join(folder.path, 'nowhere')
  const there = postgresAt(database.url, folder.path)
  await assert.rejects(
    move(sqliteAt(nowhere), there, now, unwatched),
    refusedWith(/no database of Confab in/),
  )
  await assert.rejects(
    move(there, sqliteAt(nowhere), now, unwatched),
    refusedWith(/no workspace of Confab in/),
  )
  await assert.rejects(move(there, there, now, unwatched), refusedWith(/is where the workspace is already/))
  assert.equal(existsSync(nowhere), false)
})

test('what was written to the source after an interrupted move is in the copy: the part that is there is not trusted', async () => {
  await using folder = await temporaryFolder()
  const [here, there] = [sqliteAt(join(folder.path, 'data')), sqliteAt(join(folder.path, 'there'))]
  await furnished(here.data)
  const cut = {
    ...unwatched,
    begins: (_: string, table: string) => assert.notEqual(table, 'rooms', 'cut'),
  }
  await assert.rejects(move(here, there, now, cut), /cut/)
  await assert.rejects(open(there.data), refusedWith(/was cut short. Run the same command again/))
  const db = new Database(databaseFile(here.data))
  db.exec("UPDATE users SET display_name = 'changed since' WHERE username = 'bob'")
  db.close()
  const tallies = await talliesAt(here)
  await move(here, there, now, unwatched)
  assert.deepEqual(await talliesAt(there), tallies)
  await using _store = await open(there.data)
})

test('a move that is cut short after the source is left and before the target is ready leaves neither open, and the next finishes it', async () => {
  await using folder = await temporaryFolder()
  const [here, there] = [sqliteAt(join(folder.path, 'data')), sqliteAt(join(folder.path, 'there'))]
  const before = await furnished(here.data)
  const rename = fs.renameSync
  fs.renameSync = (from, to) => {
    if (String(to).startsWith(there.data)) throw new Error('the power is cut')
    rename(from, to)
  }
  syncBuiltinESMExports()
  try {
    await assert.rejects(move(here, there, now, unwatched), /the power is cut/)
  } finally {
    fs.renameSync = rename
    syncBuiltinESMExports()
  }
  await assert.rejects(open(here.data), refusedWith(/was moved to/))
  await assert.rejects(open(there.data), refusedWith(/was cut short/))
  assert.notEqual(await move(here, there, now, unwatched), null)
  await using store = await open(there.data)
  assert.deepEqual(await readingsOf(store), before)
})

test('a copy that comes out other than it is in the source is never put into use', async () => {
  await using folder = await temporaryFolder()
  const [here, there] = [sqliteAt(join(folder.path, 'data')), sqliteAt(join(folder.path, 'there'))]
  await furnished(here.data)
  const tampering = {
    ...unwatched,
    begins(doing: string) {
      if (doing !== 'comparing') return
      const db = new Database(databaseFile(join(there.data, 'moving')))
      db.exec("UPDATE users SET display_name = 'tampered' WHERE username = 'bob'")
      db.close()
    },
  }
  await assert.rejects(
    move(here, there, now, tampering),
    refusedWith(/users is not the same when it is read back/),
  )
  await assert.rejects(open(there.data), refusedWith(/cut short/))
  assert.equal(existsSync(join(here.data, 'moved')), false)
})

test('a picture that is not there, or not what it was, is told and does not hold up the rest', async () => {
  await using folder = await temporaryFolder()
  const [here, there] = [sqliteAt(join(folder.path, 'data')), sqliteAt(join(folder.path, 'there'))]
  await furnished(here.data)
  const files = await openDiskFiles(join(here.data, 'files'))
  const [hash = ''] = await Array.fromAsync(files.list(), one => one.hash)
  await writeFile(join(here.data, 'files', hash.slice(0, 2), hash), 'scribbled over')
  const moved = await move(here, there, now, unwatched)
  assert.deepEqual([moved?.files, moved?.missing], [1, [hash]])
  assert.equal(existsSync(join(there.data, 'files', hash.slice(0, 2), hash)), false)
})

test('every table comes after those that it refers to, and every column that names a file is known to be one', async () => {
  const tables = tablesOfSchema()
  assert.ok(tables.every(({ key }) => key.length > 0))
  const source = await readFile(new URL('../../server/adapters/store/sql/schema.ts', import.meta.url), 'utf8')
  for (const [, table = '', body = ''] of source.matchAll(/CREATE TABLE (\w+) \(([^;]*);/g))
    for (const [, other] of body.matchAll(/REFERENCES (\w+)/g))
      assert.ok(
        tables.findIndex(({ name }) => name === other) <= tables.findIndex(({ name }) => name === table),
        `${table} refers to ${other}`,
      )
  const secrets = ['credentials', 'sessions', 'tokens', 'devices']
  const hashes = tables.filter(({ columns }) => columns.some(({ name }) => name === 'hash'))
  assert.deepEqual(
    hashes.map(({ name }) => name).filter(name => !secrets.includes(name)),
    Object.keys(fileColumns),
  )
})
