import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { test } from 'node:test'
import type { MessageId, RoomId } from '../../contract/ids.ts'
import { limits } from '../../contract/limits.ts'
import type { LiveClient } from '../../web/sync/client.ts'
import type { Person } from '../support/app.ts'
import { nodesOn } from '../support/balanced-nodes.ts'
import { temporaryDatabase } from '../support/postgres-database.ts'
import { redisUrl } from '../support/redis-url.ts'
import { until } from '../sync/compare.ts'
import { deviceOf, realSocket, unhurried } from '../sync/real-network.ts'

const restarts = 2
const enough = 20

/** Says one thing after the other in a tab of theirs, until told to stop; then waits until all was taken. */
async function talk(client: LiveClient, room: RoomId, name: string, isOver: () => boolean) {
  using open = client.open(room)
  const failed: unknown[] = []
  const stop = open.subscribe(() => {
    for (const row of open.snapshot().rows) if (row.is === 'failed') failed.push(row.error)
  })
  const said: MessageId[] = []
  // However quick the restarts are, enough is said to tell by.
  while (!isOver() || said.length <= enough) {
    said.push(await open.post(`${name} ${said.length}`))
    await new Promise(resolve => setTimeout(resolve, 50))
  }
  const isSent = await drained(client)
  stop()
  return { said, failed, isSent }
}

/** Whether all that waits is taken, however long that is; false when none of it is taken for too long. */
async function drained(client: LiveClient): Promise<boolean> {
  const unsent = () => client.snapshot().unsent
  for (let before = unsent(); before > 0; before = unsent()) {
    const isFewer = await until(
      listener => client.subscribe(listener),
      () => unsent() < before,
    )
    if (!isFewer) return false
  }
  return true
}

/** The ids of all messages of a room, in its order. */
async function history(person: Person, room: RoomId): Promise<MessageId[]> {
  const ids: MessageId[] = []
  for (let after = 0; ; ) {
    const page = await person.call('messages.list', { room, after, limit: 100 })
    ids.push(...page.messages.map(({ id }) => id))
    after = page.messages.at(-1)?.seq ?? after
    if (!page.after) return ids
  }
}

/** Four people talk while each node is ended and started anew, one after the other. */
async function restartedUnnoticed(
  t: TestContext,
  { url, nodes, server }: Awaited<ReturnType<typeof nodesOn>>,
) {
  await using closing = new AsyncDisposableStack()
  const alice = await server.setUp('alice')
  const others = await Promise.all(['bob', 'carol', 'dave'].map(name => server.signUp(name)))
  const room = await alice.room('Talk', 'public', others)
  const clients = await Promise.all(
    [alice, ...others].map(person => deviceOf(url, person, realSocket(url, person), unhurried).tab()),
  )
  for (const client of clients) closing.use(client)
  await Promise.all(clients.map(client => client.ready))
  let isOver = false
  closing.defer(() => {
    isOver = true
  })
  const talks = clients.map((client, n) => talk(client, room, `talker ${n}`, () => isOver))
  const balancing = setInterval(() => void fetch(`${url}/readyz`).catch(() => {}), 500)
  closing.defer(() => clearInterval(balancing))
  for (let n = 0; n < restarts; n++)
    for (const node of nodes) {
      const begun = performance.now()
      assert.equal(await node.kill('SIGTERM'), 0)
      const ms = Math.round(performance.now() - begun)
      t.diagnostic(`ended in ${ms} ms`)
      assert.ok(ms < 3 * limits.drainMs, `it ends within its bound, and not in ${ms} ms`)
      await node.start()
    }
  isOver = true
  const done = await Promise.all(talks)
  const all = await history(alice, room)
  assert.equal(new Set(all).size, all.length, 'nothing is there twice')
  for (const { said, failed, isSent } of done) {
    assert.deepEqual(failed, [], 'no row was ever marked failed')
    assert.ok(isSent, 'everything was taken')
    const mine = new Set(said)
    assert.deepEqual(
      all.filter(id => mine.has(id)),
      said,
      'once, in the order in which it was said',
    )
  }
}

test(`[C3] [C4] [L3] nobody who talks notices that the server is restarted ${restarts} times`, async t => {
  await using cleaning = new AsyncDisposableStack()
  await restartedUnnoticed(t, await nodesOn(cleaning, 1))
})

test(`[C3] [C4] [L3] nobody who talks notices that two nodes are restarted in turn, ${restarts} times`, async t => {
  await using cleaning = new AsyncDisposableStack()
  const database = cleaning.use(await temporaryDatabase())
  const shared = ['--database-url', database.url, '--redis-url', await redisUrl()]
  await restartedUnnoticed(t, await nodesOn(cleaning, 2, shared))
})
