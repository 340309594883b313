import assert from 'node:assert/strict'
import { test } from 'node:test'
import { newId } from '../../contract/ids.ts'
import { systemClock } from '../../server/adapters/clock.ts'
import type { Table } from '../../server/adapters/store/copy/tables.ts'
import { tablesOfSchema } from '../../server/adapters/store/copy/tables.ts'
import { openAdminConnection } from '../../server/adapters/store/postgres/admin-connection.ts'
import { viewPostgresSource } from '../../server/adapters/store/postgres/copy-source.ts'
import { migratePostgres } from '../../server/adapters/store/postgres/migrate.ts'
import { lockSpace, runningLock } from '../../server/adapters/store/postgres/running.ts'
import { openPostgresStore } from '../../server/adapters/store/postgres/store.ts'
import { steps } from '../../server/adapters/store/sql/schema.ts'
import { onlooker, temporaryDatabase } from '../support/postgres-database.ts'
import { Cast } from '../support/store-cast.ts'

const users = tablesOfSchema().find(({ name }) => name === 'users') as Table

/** A node's store with somebody in a room, and somebody else who sees and does whatever they like. */
async function scene() {
  await using opened = new AsyncDisposableStack()
  const { url } = opened.use(await temporaryDatabase())
  const open = () => openPostgresStore({ url, clock: systemClock })
  const store = opened.use(await open())
  const other = opened.use(await onlooker(url))
  const cast = new Cast(() => store)
  const alice = await cast.user('alice')
  const room = await cast.room('Tea', [alice])
  const parts = opened.move()
  return { url, open, store, other, cast, alice, room, [Symbol.asyncDispose]: () => parts.disposeAsync() }
}

test('another version of Confab takes away what a node calls: the node makes it anew, and no write is refused', async () => {
  await using it = await scene()
  for (const which of ['commit', 'holds'])
    for (const many of [1, 20]) {
      const { rows } = await it.other.query<{ name: string }>(
        'SELECT oid::regprocedure AS name FROM pg_proc WHERE proname ~ $1',
        [`^confab_${which}_`],
      )
      assert.equal(rows.length, 1)
      await it.other.query(`DROP FUNCTION ${rows[0]?.name}`)
      await Promise.all(Array.from({ length: many }, () => it.cast.post(it.room, it.alice, newId<string>())))
    }
})

test('a node that starts holds its database from when it first looks on: in between nobody would find it alone', async () => {
  await using it = await scene()
  await it.store[Symbol.asyncDispose]()
  const held = async () => {
    const { rows } = await it.other.query(
      `SELECT FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database
       WHERE datname = current_database() AND locktype = 'advisory' AND classid = $1 AND objid = $2`,
      [lockSpace, runningLock],
    )
    return rows.length > 0
  }
  while (await held());
  let isOver = false
  const starting = it.open().finally(() => {
    isOver = true
  })
  while (!(await held()));
  let gaps = 0
  while (!isOver) if (!(await held())) gaps++
  await using _started = await starting
  assert.equal(gaps, 0)
})

test('a node of the next version starts while a backup runs: those that run read and write on, and it brings the schema up when the backup is through', {
  timeout: 60_000,
}, async () => {
  await using it = await scene()
  const backup = await viewPostgresSource(it.url)
  for await (const _ of backup.rows.pages(users)) break
  await using client = await openAdminConnection(it.url)
  const next = [...steps, { tables: "ALTER TABLE users ADD COLUMN pronouns TEXT NOT NULL DEFAULT '';" }]
  const waits: string[] = []
  let isOver = false
  const migrated = migratePostgres(client, 1_000, {
    steps: next,
    waits: sentence => waits.push(sentence),
  }).finally(() => {
    isOver = true
  })
  try {
    const isTried = async () => {
      const asked = "SELECT FROM pg_stat_activity WHERE query LIKE 'ALTER TABLE users%' AND state = 'active'"
      return (await it.other.query(asked)).rows.length > 0
    }
    for (let tries = 0; tries < 2; tries++) {
      while (!(await isTried()));
      while (await isTried()) {
        await it.cast.post(it.room, it.alice, newId<string>())
        assert.equal((await it.store.user(it.alice.id))?.username, 'alice')
      }
      assert.equal(isOver, false)
    }
    assert.equal(waits.length, 1)
    assert.match(waits[0] ?? '', /waits until nobody reads its tables.*is of "confab", process \d+/)
  } finally {
    await backup[Symbol.asyncDispose]()
  }
  await migrated
  const { rows } = await it.other.query('SELECT pronouns FROM users')
  assert.deepEqual(rows, [{ pronouns: '' }])
  await it.cast.post(it.room, it.alice, 'after it')
})
