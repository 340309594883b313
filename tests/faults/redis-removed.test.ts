import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import type { RoomId } from '../../contract/ids.ts'
import { roomTopic } from '../../contract/ids.ts'
import type { Store } from '../../server/core/ports/store.ts'
import type { Person } from '../support/app.ts'
import { TestServer } from '../support/app.ts'
import { HandClock } from '../support/hand-clock.ts'
import { temporaryDatabase } from '../support/postgres-database.ts'
import { RedisServer } from '../support/redis-server.ts'
import { TestSocket } from '../support/socket.ts'

/** What a removal may take until nothing reaches the removed, ms (F4). */
const ENDED_MS = 1_000
const rounds = 20

/** Turns the clock on until something is so, and lets no time go by while a node reads from PostgreSQL who was removed. */
async function turnUntil(clock: HandClock, reading: { now: number }, done: () => boolean): Promise<void> {
  while (!done()) {
    if (reading.now === 0) clock.turn(10)
    await new Promise(resolve => setImmediate(resolve))
  }
}

async function twoNodes() {
  await using parts = new AsyncDisposableStack()
  const clock = new HandClock()
  const reading = { now: 0 }
  const counted = (store: Store): Store => ({
    ...store,
    ended: async after => {
      reading.now++
      return store.ended(after).finally(() => reading.now--)
    },
  })
  const redis = parts.use(await RedisServer.start())
  const { url } = parts.use(await temporaryDatabase())
  const flags = { 'database-url': url, 'redis-url': redis.url }
  const node = async () => {
    const data = await mkdtemp(join(tmpdir(), 'confab-removed-'))
    parts.defer(() => rm(data, { recursive: true, force: true }))
    return parts.use(await TestServer.bare({ ...flags, data }, { clock, store: counted }))
  }
  const [first, second] = [await node(), await node()]
  const held = parts.move()
  return { clock, reading, redis, first, second, [Symbol.asyncDispose]: () => held.disposeAsync() }
}

/** One round: something is said, bob is removed, and nothing of either goes over Redis. */
async function round(
  it: Awaited<ReturnType<typeof twoNodes>>,
  { alice, bob, room }: { alice: Person; bob: Person; room: RoomId },
): Promise<void> {
  const topic = roomTopic(room)
  using bobs = await TestSocket.of(it.second, bob.at(it.second.url))
  const began = () => bobs.frames.some(frame => frame.t === 'reset' && frame.topic === topic)
  await turnUntil(it.clock, it.reading, began)
  await alice.says(room, 'not told to bob in time')
  await alice.call('members.remove', { id: room, user: bob.id })
  const ended = it.clock.now()
  const isGone = () => bobs.frames.some(frame => frame.t === 'gone' && frame.topic === topic)
  await turnUntil(it.clock, it.reading, () => isGone() || it.clock.now() - ended > ENDED_MS)
  assert.ok(isGone(), `bob was not told within ${ENDED_MS} ms`)
  await turnUntil(it.clock, it.reading, () => it.clock.now() - ended > 5 * ENDED_MS)
  await bobs.settled()
  assert.deepEqual(bobs.heard(topic), [])
  await alice.call('members.put', { id: room, user: bob.id })
}

test('[F4] while Redis is stopped, who was removed on one node hears nothing of the room a second later on another', {
  timeout: 120_000,
}, async () => {
  await using it = await twoNodes()
  const alice = await it.first.setUp('alice')
  const bob = await it.first.signUp('bob')
  const room = await alice.room('Plans', 'private', [bob])
  it.clock.turn(ENDED_MS)
  await it.redis.kill()
  for (let n = 0; n < rounds; n++) await round(it, { alice, bob, room })
})
