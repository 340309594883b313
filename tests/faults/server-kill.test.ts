import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import type { MessageId } from '../../contract/ids.ts'
import { newId } from '../../contract/ids.ts'
import { systemClock } from '../../server/adapters/clock.ts'
import type { Store } from '../../server/core/ports/store.ts'
import { TestServer } from '../support/app.ts'
import { placeOf } from '../support/here.ts'
import { check } from '../support/history-checker.ts'
import { Crowd } from '../support/nodes.ts'
import { randomFrom } from '../support/random.ts'
import { ServerProcess } from '../support/server-process.ts'

const kills = 20

test(`[L1] [L2] [L3] [F1] [F2] nothing that was acknowledged is lost, doubled or moved by ${kills} kills at random instants`, async t => {
  const seed = Math.floor(Math.random() * 2 ** 31)
  t.diagnostic(`seed ${seed}`)
  const random = randomFrom(seed)
  const directory = await mkdtemp(join(tmpdir(), 'confab-kill-'))
  await using cleaning = new AsyncDisposableStack()
  cleaning.defer(() => rm(directory, { recursive: true, force: true }))
  const server = cleaning.use(await ServerProcess.on(directory))
  using crowd = await Crowd.gather({ servers: [server] }, 4, seed, 0)
  for (let kill = 0; kill < kills; kill++) {
    await crowd.says(1 + Math.floor(random() * 40))
    await server.kill('SIGKILL')
    await server.start()
  }
  assert.deepEqual(await crowd.end(), [])
  t.diagnostic(`${crowd.acknowledged} acknowledged of ${crowd.sends.length}`)
  await server.kill('SIGTERM')
  await using store = await (await placeOf(directory)).open(directory, systemClock)
  assert.equal((await store.workspace()).setUp, true)
})

/** A store with a bug: now and then it acknowledges what it did not keep. */
const forgetful = (store: Store): Store => ({
  ...store,
  commit: async change => {
    const post = change.appends.find(
      ({ event }) => event.e === 'message.posted' && event.text.includes('forget'),
    )
    if (!post) return store.commit(change)
    const head = (await store.heads([post.topic])).get(post.topic)?.head ?? 0
    return { is: 'done', appended: [{ ...post, seq: head + 1, body: JSON.stringify(post.event) }] }
  },
})

test('the checker finds it when a store acknowledges what it did not keep', async () => {
  await using server = await TestServer.bare({}, { store: forgetful })
  const alice = await server.setUp('alice')
  const room = await alice.room('den')
  const sends = []
  for (const [n, text] of ['one', 'please forget', 'three'].entries()) {
    const id = newId<MessageId>()
    const { seq } = await alice.call('messages.post', { id, room, text })
    sends.push({
      client: 'alice',
      room,
      id,
      text,
      invokedAt: 2 * n,
      outcome: { is: 'acknowledged' as const, seq, at: 2 * n + 1 },
    })
  }
  const { messages } = await alice.call('messages.list', { room, after: 0, limit: 100 })
  const found = check({ sends, views: [], reads: [{ reader: 'alice', room, messages }] })
  assert.ok(found.some(({ fault }) => fault === 'lost'))
})
