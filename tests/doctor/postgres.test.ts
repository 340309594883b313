import assert from 'node:assert/strict'
import { test } from 'node:test'
import pg from 'pg'
import { systemClock } from '../../server/adapters/clock.ts'
import { migratePostgres } from '../../server/adapters/store/postgres/migrate.ts'
import { openPostgresStore } from '../../server/adapters/store/postgres/store.ts'
import { checkPostgres, versionIs } from '../../server/cli/doctor/postgres.ts'
import { assertOne, assertWell } from '../support/findings.ts'
import { freePort } from '../support/free-port.ts'
import { temporaryDatabase } from '../support/postgres-database.ts'
import { PostgresServer } from '../support/postgres-server.ts'
import { silent } from '../support/silent-log.ts'

const looked = (url: string, clock = systemClock) => checkPostgres(url, clock)

async function run(url: string, ...statements: string[]): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    for (const statement of statements) await client.query(statement)
  } finally {
    await client.end()
  }
}

async function migrated(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await migratePostgres(client, Date.now())
  } finally {
    await client.end()
  }
}

const named = (url: string, change: (url: URL) => void): string => {
  const other = new URL(url)
  change(other)
  return other.href
}
const nameOf = (url: string) => new URL(url).pathname.slice(1)

test('a new database, and one of our schema, are well', async () => {
  await using database = await temporaryDatabase()
  assertWell(await looked(database.url))
  await migrated(database.url)
  assertWell(await looked(database.url))
})

test('one of a newer Confab, or an older one, is told', async () => {
  await using database = await temporaryDatabase()
  await migrated(database.url)
  await run(database.url, 'UPDATE confab_schema SET step = 99')
  assertOne(await looked(database.url), 'fail', /schema 99/, /newer Confab/)
  await run(database.url, 'UPDATE confab_schema SET step = 0')
  assertOne(await looked(database.url), 'warn', /schema 0/, /backup/)
})

test('one that was moved away is told as a start refuses it', async () => {
  await using database = await temporaryDatabase()
  await migrated(database.url)
  await run(
    database.url,
    'CREATE TABLE confab_moving (one bigint, why text, place text)',
    "INSERT INTO confab_moving VALUES (1, 'away', '/srv/other')",
  )
  assertOne(await looked(database.url), 'fail', /moved to \/srv\/other/, /Start Confab there/)
})

test('a server that nobody runs, a database that is not there and a user that it does not know are told', async () => {
  await using database = await temporaryDatabase()
  const port = await freePort()
  const wrong: [string, RegExp][] = [
    [named(database.url, url => (url.port = String(port))), /ECONNREFUSED/],
    [named(database.url, url => (url.pathname = '/elsewhere')), /"elsewhere" does not exist/],
    [named(database.url, url => (url.username = 'mallory')), /"mallory" does not exist/],
  ]
  for (const [url, why] of wrong) assertOne(await looked(url), 'fail', why, /CONFAB_DATABASE_URL/)
})

test('an encoding that cannot hold every language is told', async () => {
  await using database = await temporaryDatabase()
  const name = `${nameOf(database.url)}_ascii`
  await run(database.url, `CREATE DATABASE ${name} ENCODING 'SQL_ASCII' LOCALE 'C' TEMPLATE template0`)
  try {
    const url = named(database.url, other => (other.pathname = `/${name}`))
    assertOne(await looked(url), 'fail', /SQL_ASCII/, /ENCODING 'UTF8'/)
  } finally {
    await run(database.url, `DROP DATABASE ${name} WITH (FORCE)`)
  }
})

test('[L2] a database that acknowledges what is not on its disk is well, since Confab has it otherwise for itself, and told', async () => {
  await using database = await temporaryDatabase()
  await run(database.url, `ALTER DATABASE ${nameOf(database.url)} SET synchronous_commit = off`)
  const found = await looked(database.url)
  assertWell(found)
  assert.ok(found.some(({ says }) => says.startsWith('synchronous_commit is off')))
})

test('[L2] a server that does not synchronise its disk is told by the doctor, and by Confab when it starts', async () => {
  for (const name of ['fsync', 'full_page_writes']) {
    await using server = await PostgresServer.start({ settings: { [name]: 'off' } })
    assertOne(
      await looked(server.url()),
      'fail',
      new RegExp(`${name} is off`),
      new RegExp(`Set ${name} to on`),
    )
    const told: string[] = []
    const log = { ...silent, warn: (_: object, says: string) => void told.push(says) }
    await using _store = await openPostgresStore({ url: server.url(), clock: systemClock, log })
    assert.deepEqual(told, [
      `${name} is off in PostgreSQL: a power failure loses messages that people saw as sent.`,
    ])
  }
})

test('too few connections are told with how many there are', async () => {
  await using database = await temporaryDatabase()
  await run(database.url, `ALTER DATABASE ${nameOf(database.url)} CONNECTION LIMIT 5`)
  assertOne(await looked(database.url), 'warn', /takes 5 connections/, /max_connections/)
})

test('a user that may make no tables is told', async () => {
  await using database = await temporaryDatabase()
  const user = `reader_${nameOf(database.url)}`
  await run(database.url, `CREATE ROLE ${user} LOGIN`, 'REVOKE CREATE ON SCHEMA public FROM public')
  try {
    const url = named(database.url, other => (other.username = user))
    assertOne(await looked(url), 'fail', /may not make tables in public/, /owner/)
    const nowhere = named(database.url, other => other.searchParams.set('options', '-c search_path=nowhere'))
    assertOne(await looked(nowhere), 'fail', /search_path/, /owner/)
  } finally {
    await run(database.url, `DROP ROLE ${user}`)
  }
})

test('a clock that is seconds off is told with the side that it is on, and a slow way is told', async () => {
  await using database = await temporaryDatabase()
  const { monotonic } = systemClock
  for (const [off, side] of [
    [-5_000, /5\.0 s ahead/],
    [5_000, /5\.0 s behind/],
  ] as const) {
    const clock = { ...systemClock, now: () => systemClock.now() + off }
    assertOne(await looked(database.url, clock), 'warn', side, /timesyncd/)
  }
  let asked = 0
  const slow = { ...systemClock, monotonic: () => monotonic() + 50 * asked++ }
  assertOne(await looked(database.url, slow), 'warn', /answers within [5-9]\d/, /closer/)
})

test('a server older than 14 is told', () => {
  assert.equal(versionIs(140_000).is, 'ok')
  assertOne([versionIs(130_012)], 'fail', /PostgreSQL 13/, /Upgrade it to 14/)
})
