import assert from 'node:assert/strict'
import { test } from 'node:test'
import pg from 'pg'
import { newId } from '../../contract/ids.ts'
import { systemClock } from '../../server/adapters/clock.ts'
import { openPostgresStore } from '../../server/adapters/store/postgres/postgres.ts'
import { lockSpace, runningLock } from '../../server/adapters/store/postgres/running.ts'
import { temporaryDatabase } from '../support/postgres-database.ts'
import { Cast } from '../support/store-cast.ts'

/** A node's store with somebody in a room, and somebody else who sees and does whatever they like. */
async function scene() {
  await using opened = new AsyncDisposableStack()
  const { url } = opened.use(await temporaryDatabase())
  const open = () => openPostgresStore({ url, clock: systemClock })
  const store = opened.use(await open())
  const other = new pg.Client({ connectionString: url, application_name: 'test' })
  await other.connect()
  opened.defer(() => other.end())
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
      await Promise.all(
        Array.from({ length: many }, () => it.cast.post(it.room, it.alice, newId<string>())),
      )
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
