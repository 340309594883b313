import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import type { MessageId } from '../../contract/ids.ts'
import { newId, roomTopic } from '../../contract/ids.ts'
import { Caller } from '../support/app.ts'
import { temporaryDatabase } from '../support/postgres-database.ts'
import { redisUrl } from '../support/redis-url.ts'
import { ServerProcess } from '../support/server-process.ts'
import { TestSocket } from '../support/socket.ts'

const rounds = 20
const retries = 50
const lines = 5

/** Two nodes in processes of their own, on one PostgreSQL and Redis. */
async function twoNodes(cleaning: AsyncDisposableStack): Promise<readonly [ServerProcess, ServerProcess]> {
  const database = cleaning.use(await temporaryDatabase())
  const shared = ['--database-url', database.url, '--redis-url', await redisUrl()]
  const started = async () => {
    const directory = await mkdtemp(join(tmpdir(), 'confab-retries-'))
    cleaning.defer(() => rm(directory, { recursive: true, force: true }))
    return cleaning.use(await ServerProcess.on(directory, shared))
  }
  return [await started(), await started()]
}

test(`[L3] [P6] [F1] ${retries} retries at once, over both transports of both nodes, are one message with one answer, heard once by everybody`, async () => {
  await using cleaning = new AsyncDisposableStack()
  const nodes = await twoNodes(cleaning)
  const [first] = nodes
  const alice = await first.setUp('alice')
  const bob = await first.signUp('bob')
  const room = await alice.room('Tea', 'private', [bob])
  const [{ token }, { token: bobs }] = [await alice.token(), await bob.token()]
  const sockets = async (bearer: string, count: number) => {
    const opened = nodes.flatMap(node =>
      Array.from({ length: count }, () => TestSocket.in(node.url, { bearer }, { [roomTopic(room)]: 0 })),
    )
    return (await Promise.all(opened)).map(socket => cleaning.use(socket))
  }
  const callers = nodes.map(node => new Caller(node.url, { authorization: `Bearer ${token}` }))
  const hers = await sockets(token, lines)
  const his = await sockets(bobs, 1)
  const ids: MessageId[] = []
  let last = 0
  for (let round = 0; round < rounds; round++) {
    const input = { id: newId<MessageId>(), room, text: `round ${round}` }
    ids.push(input.id)
    const answers = await Promise.all(
      Array.from({ length: retries }, (_, n) => {
        const socket = n % 2 === 0 ? hers[n % hers.length] : undefined
        if (socket) return socket.call('messages.post', input)
        return (callers[(n >> 1) % 2] as Caller).call('messages.post', input).then(ok => ({ ok }))
      }),
    )
    const [first] = answers as [{ ok: { seq: number } }]
    for (const answer of answers) assert.deepEqual({ ok: 'ok' in answer && answer.ok }, { ok: first.ok })
    last = first.ok.seq
  }
  const page = await alice.call('messages.list', { room, limit: 100 })
  assert.deepEqual(
    page.messages.map(({ id }) => id),
    ids,
  )
  for (const socket of [...hers, ...his]) {
    await socket.until(roomTopic(room), last)
    await socket.settled()
    const heard = socket.heard(roomTopic(room))
    const posted = heard.flatMap(({ event }) => (event.e === 'message.posted' ? [event.id] : []))
    assert.deepEqual(posted, ids)
    assert.deepEqual(
      heard.map(({ seq }) => seq),
      Array.from({ length: last }, (_, n) => n + 1),
    )
  }
  const taken = { id: ids[0] as MessageId, room, text: 'round 0' }
  const refused = await Promise.all(his.map(socket => socket.call('messages.post', taken)))
  for (const answer of refused) assert.equal('error' in answer && answer.error.code, 'id_taken')
})
