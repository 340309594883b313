import assert from 'node:assert/strict'
import { test } from 'node:test'
import pg from 'pg'
import { systemClock } from '../../server/adapters/clock.ts'
import { openAdminConnection } from '../../server/adapters/store/postgres/admin-connection.ts'
import { connectionConfig } from '../../server/adapters/store/postgres/connection.ts'
import { migratePostgres } from '../../server/adapters/store/postgres/migrate.ts'
import { mark, unmark } from '../../server/adapters/store/postgres/moving.ts'
import { databaseProblem } from '../../server/adapters/store/postgres/problems.ts'
import { lockAlone, lockShared } from '../../server/adapters/store/postgres/running.ts'
import { openPostgresStore } from '../../server/adapters/store/postgres/store.ts'
import { steps } from '../../server/adapters/store/sql/schema.ts'
import type { SchemaStep } from '../../server/adapters/store/sql/schema-step.ts'
import { CannotOpen } from '../../server/core/ports/failures.ts'
import { beforeDates, messagesOfThen, misdated, misdatedThen } from '../support/before-dates.ts'
import {
  beforeApart,
  beforeSkeletons,
  rowsOfThen,
  rowsTakenForOne,
  skeletons,
  skeletonsApart,
  skeletonsThen,
} from '../support/before-skeletons.ts'
import { temporaryDatabase } from '../support/postgres-database.ts'

async function connected(url: string): Promise<pg.Client & AsyncDisposable> {
  const client = new pg.Client(connectionConfig(url))
  client.on('error', () => {})
  await client.connect()
  return Object.assign(client, { [Symbol.asyncDispose]: () => client.end() })
}

const refusedWith = (words: RegExp) => (error: unknown) =>
  error instanceof CannotOpen && words.test(error.message)

/** Every table with its columns, and how many steps were taken. */
async function schemaOf(url: string): Promise<{ columns: string[]; taken: number | undefined }> {
  await using client = await connected(url)
  const columns = await client.query<{ column: string }>(
    `SELECT table_name || '.' || column_name || ' ' || data_type AS column FROM information_schema.columns
     WHERE table_schema = current_schema() ORDER BY 1`,
  )
  const taken = columns.rows.some(({ column }) => column.startsWith('confab_schema.'))
    ? (await client.query<{ step: number }>('SELECT step FROM confab_schema')).rows[0]?.step
    : undefined
  return { columns: columns.rows.map(({ column }) => column), taken }
}

async function migrated(url: string, given: readonly SchemaStep[] = steps): Promise<void> {
  await using client = await connected(url)
  await migratePostgres(client, 1_000, { steps: given })
}

test('PostgreSQL: an empty database gets every table and one workspace, and is left as it is the next time', async () => {
  await using database = await temporaryDatabase()
  await migrated(database.url)
  const workspace = async () => {
    await using client = await connected(database.url)
    return (await client.query('SELECT * FROM workspace')).rows
  }
  const made = await workspace()
  assert.equal(made.length, 1)
  assert.deepEqual([made[0].name, made[0].set_up, made[0].salt.length], ['Confab', 0, 64])
  await migrated(database.url)
  assert.deepEqual(await workspace(), made)
  assert.equal((await schemaOf(database.url)).taken, steps.length)
})

test('PostgreSQL: a step that fails, and one whose connection is lost in the middle, leaves nothing and is taken again', async () => {
  const cut = 'SELECT pg_terminate_backend(pg_backend_pid());'
  for (const [n, step] of steps.entries())
    for (const end of ['INSERT INTO nowhere VALUES (1);', cut]) {
      await using database = await temporaryDatabase()
      const before = steps.slice(0, n)
      await migrated(database.url, before)
      const was = await schemaOf(database.url)
      await assert.rejects(
        migrated(database.url, [...before, { ...step, postgres: `${step.postgres ?? ''}${end}` }]),
      )
      assert.deepEqual(await schemaOf(database.url), was)
      await migrated(database.url)
      assert.equal((await schemaOf(database.url)).taken, steps.length)
    }
})

test('PostgreSQL: of many that start at once on an empty database each step is taken by one, and all go on', async () => {
  await using database = await temporaryDatabase()
  await Promise.all(Array.from({ length: 8 }, () => migrated(database.url)))
  await using client = await connected(database.url)
  assert.equal((await client.query('SELECT * FROM workspace')).rows.length, 1)
  assert.equal((await schemaOf(database.url)).taken, steps.length)
})

test('PostgreSQL: the schema of a newer Confab is refused, and so is the database of another program', async () => {
  await using newer = await temporaryDatabase()
  await migrated(newer.url, [...steps, { tables: 'CREATE TABLE later (id TEXT PRIMARY KEY) STRICT;' }])
  await assert.rejects(
    migrated(newer.url),
    refusedWith(new RegExp(`newer Confab \\(schema ${steps.length + 1}; this one knows ${steps.length}\\)`)),
  )
  await using other = await temporaryDatabase()
  {
    await using client = await connected(other.url)
    await client.query('CREATE TABLE users (id int); CREATE VIEW rooms AS SELECT 1')
  }
  const was = await schemaOf(other.url)
  await assert.rejects(migrated(other.url), refusedWith(/another program \(rooms, users\)/))
  assert.deepEqual(await schemaOf(other.url), was)
})

test('PostgreSQL: a database whose text cannot hold every language is refused, and one whose user may not make tables', async () => {
  await using database = await temporaryDatabase()
  await using admin = await connected(database.url)
  const name = `latin_${Date.now()}`
  await admin.query(`CREATE DATABASE ${name} ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0`)
  try {
    const latin = new URL(database.url)
    latin.pathname = `/${name}`
    await assert.rejects(migrated(latin.href), refusedWith(/keeps text as LATIN1/))
  } finally {
    await admin.query(`DROP DATABASE ${name}`)
  }
  await admin.query(`CREATE ROLE ${name} LOGIN; REVOKE CREATE ON SCHEMA public FROM public`)
  try {
    const guest = new URL(database.url)
    guest.username = name
    await assert.rejects(
      migrated(guest.href),
      refusedWith(/may not make tables there .*owner of the database/),
    )
  } finally {
    await admin.query(`DROP ROLE ${name}`)
  }
})

test('PostgreSQL: servers run beside each other, and what needs the database alone gets it when the last of them is gone', async () => {
  await using database = await temporaryDatabase()
  await using mover = await connected(database.url)
  let waiting: Promise<boolean>
  {
    await using one = await connected(database.url)
    await using two = await connected(database.url)
    assert.deepEqual(
      [await lockShared(one), await lockShared(two), await lockAlone(mover, 0)],
      [true, true, false],
    )
    waiting = lockAlone(mover, 60_000)
    // Answered after its first try.
    await mover.query('SELECT 1')
  }
  assert.equal(await waiting, true)
  await using late = await connected(database.url)
  assert.equal(await lockShared(late), false)
})

test('PostgreSQL: a database that is half copied, or was moved away, is refused with where from and where to', async () => {
  await using database = await temporaryDatabase()
  await using client = await connected(database.url)
  assert.equal(await databaseProblem(client), null)
  await mark(client, 'arriving', '/srv/data')
  await assert.rejects(
    openPostgresStore({ url: database.url, clock: systemClock }),
    refusedWith(/a part of what was being copied from \/srv\/data/),
  )
  await mark(client, 'away', '/srv/other')
  await assert.rejects(
    openPostgresStore({ url: database.url, clock: systemClock }),
    refusedWith(/moved to \/srv\/other/),
  )
  assert.equal(await databaseProblem(client, '/srv/other'), null)
  await unmark(client)
  assert.equal(await databaseProblem(client), null)
})

test('[L2] PostgreSQL: that a workspace was moved away outlives a power failure, whatever the database is set to', async () => {
  await using database = await temporaryDatabase()
  {
    await using client = await connected(database.url)
    const name = new URL(database.url).pathname.slice(1)
    await client.query(`ALTER DATABASE ${name} SET synchronous_commit = off`)
  }
  await using client = await openAdminConnection(database.url)
  const { rows } = await client.query('SHOW synchronous_commit')
  assert.deepEqual(rows, [{ synchronous_commit: 'on' }])
})

test('PostgreSQL: [A7] names that look the same from before they were told apart stay, and new ones are refused', async () => {
  await using database = await temporaryDatabase()
  await migrated(database.url, beforeSkeletons)
  {
    await using client = await connected(database.url)
    await client.query(rowsOfThen)
  }
  await migrated(database.url)
  await using client = await connected(database.url)
  assert.deepEqual((await client.query(skeletons)).rows, skeletonsThen)
  await assert.rejects(client.query("UPDATE users SET skeleton = 'alice' WHERE id = 'u3'"), /users_skeleton/)
  await assert.rejects(client.query("UPDATE rooms SET kind = 'public' WHERE id = 'r3'"), /rooms_skeleton/)
})

test('PostgreSQL: messages from before are marked where their id tells another time, and no index holds the others by time', async () => {
  await using database = await temporaryDatabase()
  await migrated(database.url, beforeDates)
  await using client = await connected(database.url)
  await client.query(messagesOfThen)
  await migrated(database.url)
  const { rows } = await client.query<{ seq: number }>(misdated)
  assert.deepEqual(
    rows.map(({ seq }) => Number(seq)),
    misdatedThen,
  )
  const indexes = await client.query("SELECT indexname FROM pg_indexes WHERE indexname LIKE 'messages%at%'")
  assert.deepEqual(indexes.rows, [{ indexname: 'messages_misdated' }])
})

test('PostgreSQL: what a step works out is put in a thousand rows at a time, and waited for as long as it takes', async () => {
  await using database = await temporaryDatabase()
  await migrated(database.url, beforeSkeletons)
  await using client = await connected(database.url)
  await client.query(
    `INSERT INTO users (id, username, folded, display_name, first_name, last_name, status, role, state, created_at, email, profile_seq, email_seq)
     SELECT 'u' || n, 'name' || n, 'name' || n, '', '', '', '', 'member', 'active', n, '', 0, 0 FROM generate_series(1, 2500) AS n`,
  )
  const asked: { text: string; query_timeout?: number }[] = []
  const query = client.query.bind(client) as (...given: unknown[]) => Promise<pg.QueryResult>
  client.query = ((given: string | { text: string }, ...more: unknown[]) => {
    asked.push(typeof given === 'string' ? { text: given } : given)
    return query(given, ...more)
  }) as typeof client.query
  await migratePostgres(client, 1_000, { steps })
  const puts = asked.filter(({ text }) => text.startsWith('UPDATE users SET'))
  assert.equal(puts.length, 9, 'three batches in each of the three steps that work out what names look like')
  const reads = asked.filter(({ text }) => /^SELECT id, (username AS )?name FROM/.test(text))
  for (const { text, query_timeout = 0 } of [...puts, ...reads])
    assert.ok(query_timeout > 3_600_000, text.slice(0, 80))
})

test('PostgreSQL: names that were taken for one before and are told apart now each have their look', async () => {
  await using database = await temporaryDatabase()
  await migrated(database.url, beforeApart)
  {
    await using client = await connected(database.url)
    await client.query(rowsTakenForOne)
  }
  await migrated(database.url)
  await using client = await connected(database.url)
  assert.deepEqual((await client.query(skeletons)).rows, skeletonsApart)
  await assert.rejects(client.query("UPDATE users SET skeleton = 'com' WHERE id = 'u3'"), { code: '23505' })
})
