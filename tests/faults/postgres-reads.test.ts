import assert from 'node:assert/strict'
import { test } from 'node:test'
import pg from 'pg'
import type { RoomId, UserId } from '../../contract/ids.ts'
import { newId } from '../../contract/ids.ts'
import { connectionConfig } from '../../server/adapters/store/postgres/connection.ts'
import { migratePostgres } from '../../server/adapters/store/postgres/migrate.ts'
import { openReader, waitMs } from '../../server/adapters/store/postgres/reader.ts'
import { Unavailable } from '../../server/core/ports/failures.ts'
import { PostgresServer } from '../support/postgres-server.ts'
import { within } from '../support/within.ts'

async function connected(server: PostgresServer): Promise<pg.Client & AsyncDisposable> {
  const client = new pg.Client({ ...connectionConfig(server.url()), application_name: 'test' })
  client.on('error', () => {})
  await client.connect()
  return Object.assign(client, { [Symbol.asyncDispose]: () => client.end() })
}

/** A server with an empty workspace, a reader of it, somebody who can lock its tables, and somebody who sees what goes on. */
async function scene() {
  await using opened = new AsyncDisposableStack()
  const server = opened.use(await PostgresServer.start())
  const other = opened.use(await connected(server))
  const onlooker = opened.use(await connected(server))
  await migratePostgres(other, 1_000)
  const reader = opened.use(openReader(server.url()))
  const parts = opened.move()
  return { server, other, onlooker, reader, [Symbol.asyncDispose]: () => parts.disposeAsync() }
}

/** The processes of the server that serve the reader and wait for a lock, once there are so many. */
async function waiting(client: pg.Client, many: number): Promise<number[]> {
  for (;;) {
    const { rows } = await client.query<{ pid: number }>(
      "SELECT pid FROM pg_stat_activity WHERE application_name = 'confab' AND wait_event_type = 'Lock'",
    )
    if (rows.length >= many) return rows.map(({ pid }) => pid)
  }
}

const times = <T>(many: number, make: () => T): T[] => Array.from({ length: many }, make)

const assertUnavailable = (results: PromiseSettledResult<unknown>[]) => {
  for (const result of results)
    assert.ok(result.status === 'rejected' && result.reason instanceof Unavailable, JSON.stringify(result))
}

test('when PostgreSQL is killed, every read under way and waiting is Unavailable, and reading goes on when it is back', {
  timeout: 60_000,
}, async () => {
  await using s = await scene()
  await s.other.query('BEGIN')
  await s.other.query('LOCK TABLE workspace IN ACCESS EXCLUSIVE MODE')
  const reads = Promise.allSettled([
    ...times(15, () => s.reader.workspace()),
    ...times(15, () => s.reader.snapshot(newId<UserId>())),
  ])
  assert.equal((await waiting(s.onlooker, 8)).length, 8, 'no more connections than that are made')
  await s.server.stop('SIGQUIT')
  assertUnavailable(await reads)
  assertUnavailable(await Promise.allSettled(times(20, () => s.reader.workspace())))
  await s.server.start()
  for (const { name } of await Promise.all(times(20, () => s.reader.workspace())))
    assert.equal(name, 'Confab')
})

test('when PostgreSQL cuts connections that nobody uses, the next read is answered or Unavailable, and those after it are answered', {
  timeout: 60_000,
}, async () => {
  await using s = await scene()
  await Promise.all(times(20, () => s.reader.workspace()))
  await s.other.query(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'confab'",
  )
  const results = await Promise.allSettled(times(20, () => s.reader.workspace()))
  assertUnavailable(results.filter(({ status }) => status === 'rejected'))
  for (const { name } of await Promise.all(times(20, () => s.reader.workspace())))
    assert.equal(name, 'Confab')
})

test('when PostgreSQL stands still, nobody waits longer than 5 s for a connection, and reading goes on when it does', {
  timeout: 60_000,
}, async () => {
  await using s = await scene()
  await s.other.query('BEGIN')
  await s.other.query('LOCK TABLE workspace IN ACCESS EXCLUSIVE MODE')
  const asked = Promise.allSettled(times(8, () => s.reader.workspace()))
  const processes = await waiting(s.onlooker, 8)
  for (const pid of processes) process.kill(pid, 'SIGSTOP')
  try {
    await s.other.query('ROLLBACK')
    const refused = Promise.allSettled(times(4, () => s.reader.purges()))
    assertUnavailable(await within(waitMs, 'a refusal', refused))
  } finally {
    for (const pid of processes) process.kill(pid, 'SIGCONT')
  }
  assertUnavailable((await asked).filter(({ status }) => status === 'rejected'))
  assert.equal((await s.reader.workspace()).name, 'Confab')
})

test('a query that is a bug is not taken for an outage, and spoils no other', {
  timeout: 60_000,
}, async () => {
  await using s = await scene()
  await s.other.query('ALTER TABLE memberships RENAME TO elsewhere')
  const bug = s.reader.memberIds(newId<RoomId>())
  await assert.rejects(bug, error => !(error instanceof Unavailable) && error instanceof Error)
  assert.equal((await s.reader.workspace()).name, 'Confab')
  assert.equal((await s.reader.users({ ids: [] })).seq, 0)
})

test('after closing, reading is Unavailable', { timeout: 60_000 }, async () => {
  await using s = await scene()
  const reader = openReader(s.server.url())
  await reader.workspace()
  await reader[Symbol.asyncDispose]()
  await assert.rejects(reader.workspace(), Unavailable)
})
