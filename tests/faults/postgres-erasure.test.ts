import assert from 'node:assert/strict'
import { test } from 'node:test'
import { newId } from '../../contract/ids.ts'
import { lookEveryMs } from '../../server/adapters/store/postgres/erase.ts'
import { openPostgresStore } from '../../server/adapters/store/postgres/store.ts'
import { HandClock } from '../support/hand-clock.ts'
import { onlooker, temporaryDatabase } from '../support/postgres-database.ts'
import { Cast } from '../support/store-cast.ts'

/** More than goes in one part. */
const messages = 1_200

/** A node's store with a room that is being erased, whose first part somebody holds up. */
async function scene() {
  await using opened = new AsyncDisposableStack()
  const { url } = opened.use(await temporaryDatabase())
  const clock = new HandClock()
  const open = () => openPostgresStore({ url, clock })
  const store = await open()
  const close = () => store[Symbol.asyncDispose]()
  opened.defer(close)
  const [holder, other] = [opened.use(await onlooker(url)), opened.use(await onlooker(url))]
  const cast = new Cast(() => store)
  const alice = await cast.user('alice')
  const room = await cast.room('Tea', [alice])
  const posts = Array.from({ length: messages }, () => cast.posting(room, alice, newId<string>()))
  await Promise.all(posts.map(post => store.commit(post)))
  await holder.query('BEGIN; LOCK TABLE deleted_messages IN ACCESS EXCLUSIVE MODE')
  await cast.rows({ row: 'room erased', room })
  let waiting: number | undefined
  while (!waiting) {
    const { rows } = await other.query<{ pid: number }>(
      "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'",
    )
    waiting = rows[0]?.pid
  }
  const left = async () => {
    const { rows } = await other.query<{ talk: string; rooms: string }>(
      'SELECT (SELECT count(*) FROM messages) AS talk, (SELECT count(*) FROM erasures) AS rooms',
    )
    return { messages: Number(rows[0]?.talk), erasures: Number(rows[0]?.rooms) }
  }
  const parts = opened.move()
  return {
    ...{ clock, open, close, holder, other, waiting, left },
    [Symbol.asyncDispose]: () => parts.disposeAsync(),
  }
}

const nothing = { messages: 0, erasures: 0 }

test('[L6] PostgreSQL interrupts the emptying of an erased room: the node goes on with it by itself', {
  timeout: 60_000,
}, async () => {
  await using it = await scene()
  await it.other.query('SELECT pg_terminate_backend($1)', [it.waiting])
  await it.holder.query('ROLLBACK')
  it.clock.turn(lookEveryMs)
  for (const late = AbortSignal.timeout(20_000); ; ) {
    const left = await it.left()
    if (left.erasures === 0) break
    assert.ok(!late.aborted, JSON.stringify(left))
    // The look may have come before the node heard of its loss.
    it.clock.turn(lookEveryMs)
  }
  assert.deepEqual(await it.left(), nothing)
})

test('[L6] a node that ends leaves the rest of an erased room to whoever looks next, and nothing of it is forgotten', {
  timeout: 60_000,
}, async () => {
  await using it = await scene()
  const closed = it.close()
  await it.holder.query('ROLLBACK')
  await closed
  const left = await it.left()
  assert.ok(left.messages > 0 && left.messages < messages, JSON.stringify(left))
  assert.equal(left.erasures, 1)
  await using _next = await it.open()
  while ((await it.left()).erasures > 0);
  assert.deepEqual(await it.left(), nothing)
})
