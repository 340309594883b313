import assert from 'node:assert/strict'
import { test } from 'node:test'
import { TestServer } from '../support/app.ts'
import { onlooker, temporaryDatabase } from '../support/postgres-database.ts'
import { TestSocket } from '../support/socket.ts'
import { within } from '../support/within.ts'

/** A revoked session's sockets are closed within this, ms, and `/readyz` answers within it. */
const promisedMs = 1_000

/** Connections of a node that read. */
const readers = 8

/** A node, people enough to take all of its reading connections, and one who was there before. */
async function scene() {
  await using opened = new AsyncDisposableStack()
  const { url } = opened.use(await temporaryDatabase())
  const server = opened.use(await TestServer.bare({ 'database-url': url }))
  const owner = await server.setUp()
  const bob = await server.signUp('bob')
  const crowd = await Promise.all(Array.from({ length: readers }, (_, n) => server.signUp(`reader-${n}`)))
  const room = await owner.room('Talk', 'public', [bob, ...crowd])
  const [holder, other] = [opened.use(await onlooker(url)), opened.use(await onlooker(url))]
  const parts = opened.move()
  return { server, crowd, bob, room, holder, other, [Symbol.asyncDispose]: () => parts.disposeAsync() }
}

/** Everybody asks at once for what the database takes its time for, until it is let go. */
async function storm({ crowd, room, holder, other }: Awaited<ReturnType<typeof scene>>) {
  await holder.query('BEGIN; LOCK TABLE messages IN ACCESS EXCLUSIVE MODE')
  const asked = crowd.flatMap(person =>
    Array.from({ length: 5 }, () =>
      person.fetch(`/api/rooms/${room}/messages?limit=10`).then(response => response.arrayBuffer()),
    ),
  )
  for (;;) {
    const { rows } = await other.query(
      "SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'",
    )
    if (rows.length === readers) break
  }
  return {
    async [Symbol.asyncDispose]() {
      await holder.query('ROLLBACK')
      await Promise.all(asked)
    },
  }
}

test('[F4] while everything that reads waits, a session that ends has its sockets closed, and the node is ready', {
  timeout: 60_000,
}, async () => {
  await using it = await scene()
  const { server, bob, other } = it
  using bobs = await TestSocket.of(server, bob)
  await using _waiting = await storm(it)
  await other.query('DELETE FROM sessions WHERE "user" = $1', [bob.id])
  assert.equal(await within(promisedMs, 'the end of the sockets', bobs.closed), 4001)
  assert.equal((await within(promisedMs, 'readiness', fetch(`${server.url}/readyz`))).status, 200)
})

test('[F4] the connection that revocations are read over breaks: another is there before the next is due', {
  timeout: 60_000,
}, async () => {
  await using it = await scene()
  const { server, bob, other } = it
  using bobs = await TestSocket.of(server, bob)
  await other.query(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'confab' AND datname = current_database()",
  )
  await other.query('DELETE FROM sessions WHERE "user" = $1', [bob.id])
  assert.equal(await within(promisedMs, 'the end of the sockets', bobs.closed), 4001)
})
