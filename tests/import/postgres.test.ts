import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { after, before, test } from 'node:test'
import { openAdminConnection } from '../../server/adapters/store/postgres/admin-connection.ts'
import { migratePostgres } from '../../server/adapters/store/postgres/migrate.ts'
import { steps } from '../../server/adapters/store/sql/schema.ts'
import { onlooker, temporaryDatabase } from '../support/postgres-database.ts'
import { bring, dataOf } from './bring.ts'
import { ChatApp } from './chatapp.ts'

const setting = 'CONFAB_DATABASE_URL'
let database: Awaited<ReturnType<typeof temporaryDatabase>>

before(async () => {
  database = await temporaryDatabase()
  process.env[setting] = database.url
})
after(async () => {
  delete process.env[setting]
  await database[Symbol.asyncDispose]()
})

/** What there is in the database that no PostgreSQL has by itself. */
async function madeThere(): Promise<string[]> {
  await using client = await onlooker(database.url)
  const { rows } = await client.query<{ name: string }>(
    `SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace
     UNION ALL SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace`,
  )
  return rows.map(({ name }) => name)
}

test('a dry run into an empty PostgreSQL leaves nothing there and makes no data directory; one after the run tells what is there', async () => {
  using chat = new ChatApp()
  chat.user({ username: 'alice', is_superuser: 1 })
  chat.message({ username: 'alice', message_content: 'Hello' })
  const trial = await bring(chat, '--dry-run')
  assert.equal(trial.code, 0, trial.problem)
  assert.match(trial.report, /users +1/)
  assert.deepEqual(await madeThere(), [])
  assert.ok(!existsSync(dataOf(chat)))
  assert.equal((await bring(chat)).code, 0)
  assert.ok((await madeThere()).includes('messages'))
  const again = await bring(chat, '--dry-run')
  assert.match(again.report, /Here from an earlier run.*: 1 people, 1 rooms, 1 messages/)
})

test('a dry run leaves an older schema of PostgreSQL as it is, and says what to do', async () => {
  await using older = await temporaryDatabase()
  process.env[setting] = older.url
  try {
    await using client = await openAdminConnection(older.url)
    await migratePostgres(client, 0, { steps: steps.slice(0, -1) })
    using chat = new ChatApp()
    chat.message({ message_content: 'Hello' })
    const { code, problem } = await bring(chat, '--dry-run')
    assert.equal(code, 1)
    assert.match(
      problem,
      /is of another Confab \(schema \d+; this one writes \d+\)\. .* start this one on it first/,
    )
    const { rows } = await client.query('SELECT step::int AS step FROM confab_schema')
    assert.deepEqual(rows, [{ step: steps.length - 1 }])
  } finally {
    process.env[setting] = database.url
  }
})
