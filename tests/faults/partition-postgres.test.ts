import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isDeepStrictEqual } from 'node:util'
import type { MessageId, RoomId } from '../../contract/ids.ts'
import { newId, roomTopic } from '../../contract/ids.ts'
import { limits } from '../../contract/limits.ts'
import { answerMs, connectMs, goneMs, statementMs } from '../../server/adapters/store/postgres/connection.ts'
import type { Caller, Person } from '../support/app.ts'
import type { Host } from '../support/host.ts'
import { whyNoNetwork } from '../support/network.ts'
import { Crowd } from '../support/nodes.ts'
import { NodesApart, readyOf } from '../support/nodes-apart.ts'
import type { ServerProcess } from '../support/server-process.ts'
import { TestSocket } from '../support/socket.ts'
import { within } from '../support/within.ts'

/** No call waits longer for PostgreSQL: to be connected, and to be answered. */
const callMs = connectMs + answerMs
/** A node that is told to end has ended so long after it, whatever does not answer. */
const endMs = limits.drainMs + 4_000
/** A node works again so long after PostgreSQL is back. */
const recoveryMs = 5_000

/** Asks again until it is so. */
async function until(is: () => Promise<boolean>): Promise<void> {
  while (!(await is())) await new Promise(resolve => setTimeout(resolve, 50))
}

interface Post {
  readonly id: MessageId
  readonly room: RoomId
  readonly text: string
}
const post = (room: RoomId, text: string): Post => ({ id: newId<MessageId>(), room, text })

async function unavailable(caller: Caller, posting: Post): Promise<void> {
  const { code } = await within(callMs, 'a refusal', caller.refused('messages.post', posting))
  assert.equal(code, 'unavailable')
}

/** Posts until it is taken, under the same id. */
async function insist(caller: Caller, posting: Post): Promise<number> {
  let seq = 0
  await until(async () => {
    const response = await caller.fetch(`/api/rooms/${posting.room}/messages`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ id: posting.id, text: posting.text }),
    })
    assert.ok(response.ok || response.status === 503, `${response.status}`)
    const answer = (await response.json()) as { seq?: number }
    seq = answer.seq ?? 0
    return response.ok
  })
  return seq
}

/** Five nodes of which one is not to be cut off alone, a crowd that talks over the first three, and some people in a room besides. */
async function scene(seed: number) {
  await using opened = new AsyncDisposableStack()
  const nodes = opened.use(await NodesApart.open(5))
  const servers = nodes.servers.slice(0, 3)
  const crowd = opened.use(await Crowd.gather({ servers, seen: () => nodes.seen() }, 6, seed, 20))
  const [first, second, third] = servers as [ServerProcess, ServerProcess, ServerProcess]
  const [alice, bob, carol] = [
    await first.signUp('alice'),
    await first.signUp('bob'),
    await first.signUp('carol'),
  ]
  const room = await alice.room('Plans', 'private', [bob, carol])
  const { token } = await alice.token()
  const parts = opened.move()
  const people = { alice, bob, carol, room, token }
  return {
    ...{ nodes, crowd, first, second, third, ...people },
    [Symbol.asyncDispose]: () => parts.disposeAsync(),
  }
}
type Scene = Awaited<ReturnType<typeof scene>>

const open = (server: ServerProcess, who: Person) =>
  TestSocket.in(server.url, { cookie: who.at(server.url).cookie, origin: server.url })

async function oneCutOff({ nodes, ...s }: Scene): Promise<void> {
  const { network, postgresHost } = nodes
  const host = nodes.hosts[0] as Host
  const [here, there] = [s.first.byToken(s.token), s.third.byToken(s.token)]
  using bobs = await open(s.first, s.bob)
  using carols = await open(s.first, s.carol)
  const topic = roomTopic(s.room)
  network.cut(host, postgresHost)
  // Else they would hold locks and connections for as long as the system of PostgreSQL's host thinks, which is hours.
  const forgotten = within(goneMs, 'the end of its sessions', nodes.forgotten(host))
  forgotten.catch(() => {})
  // Which takes longer than a node may deliver without a good read of who was signed out.
  await until(async () => (await readyOf(s.first.url)).store === 'silent')
  await s.bob.at(s.third.url).call('account.signOut', {})
  const { seq } = await there.call('messages.post', post(s.room, 'for carol alone'))
  const posting = post(s.room, 'is anybody there?')
  await unavailable(here, posting)
  for (const socket of [bobs, carols]) assert.deepEqual(socket.heard(topic), [])
  const kept = await insist(there, posting)
  await forgotten
  network.heal(host, postgresHost)
  assert.equal(await within(recoveryMs, 'recovery', insist(here, posting)), kept)
  await carols.until(topic, seq)
  assert.equal(await bobs.closed, 4001)
  assert.deepEqual(bobs.heard(topic), [])
}

/** A post and an edit whose answers never come: one is done then, and the other stands still in the midst of it. */
async function answersLost({ nodes, ...s }: Scene): Promise<void> {
  const { network, postgresHost } = nodes
  const host = nodes.hosts[1] as Host
  const [here, there] = [s.second.byToken(s.token), s.third.byToken(s.token)]
  const alice = s.alice.at(s.third.url)
  const [first, other] = [await alice.room('First', 'private'), await alice.room('Other', 'private')]
  const { id } = await alice.says(other, 'as it was')
  const topics = [roomTopic(first), roomTopic(other)]
  const posting = post(first, 'did it come?')
  using holding = await nodes.connect()
  await holding.query('BEGIN')
  await holding.query('SELECT FROM logs WHERE topic = ANY ($1) FOR UPDATE', [topics])
  const refused = [
    here.refused('messages.post', posting),
    here.refused('messages.edit', { id, text: 'as it is', was: 0 }),
  ]
  await until(async () => {
    const waiting = await nodes.ask(
      "SELECT FROM pg_stat_activity WHERE client_addr = $1 AND wait_event_type = 'Lock'",
      [host.address],
    )
    return waiting.length === refused.length
  })
  network.drop(postgresHost, host)
  await holding.query('COMMIT')
  const inOther = within(statementMs, 'a lock of who is gone', insist(there, post(other, 'may I?')))
  for (const { code } of await within(callMs, 'a refusal', Promise.all(refused)))
    assert.equal(code, 'unavailable')
  await inOther
  const seq = await insist(there, posting)
  network.heal(host, postgresHost)
  assert.equal(await within(recoveryMs, 'recovery', insist(here, posting)), seq)
  const { messages } = await there.call('messages.list', { room: first })
  assert.deepEqual(
    messages.map(message => message.id),
    [posting.id],
  )
  assert.equal((await there.call('messages.get', { id })).message.text, 'as it was')
  await here.call('messages.edit', { id, text: 'as it is', was: 0 })
}

/** A post that is on its way when the line is cut, and is refused before the line is whole again. */
async function refusedInTime({ nodes, ...s }: Scene): Promise<void> {
  const { network, postgresHost } = nodes
  const host = nodes.hosts[4] as Host
  const server = nodes.servers[4] as ServerProcess
  // Of somebody who is told nothing else: where events cannot be read, their reader's socket is closed.
  const dave = await server.signUp('dave')
  using own = await open(server, dave)
  const room = await dave.room('Late', 'private')
  const { token } = await dave.token()
  const writing = await nodes.ask(
    "SELECT pid FROM pg_stat_activity JOIN pg_locks USING (pid) WHERE client_addr = $1 AND locktype = 'advisory'",
    [host.address],
  )
  network.cut(host, postgresHost)
  const posting = post(room, 'too late')
  const answer = own.call('messages.post', posting)
  await unavailable(server.byToken(token), post(room, 'is anybody there?'))
  network.heal(host, postgresHost)
  const reply = await within(recoveryMs, 'the answer', answer)
  assert.equal('error' in reply && reply.error.code, 'unavailable')
  // Until the session that it was sent to has ended, it may come.
  await until(async () => {
    const there = await nodes.ask('SELECT pid FROM pg_stat_activity')
    return writing.some(one => !there.some(other => isDeepStrictEqual(one, other)))
  })
  const { messages } = await s.third.byToken(token).call('messages.list', { room })
  assert.deepEqual(messages, [])
}

async function ending({ nodes }: Scene): Promise<void> {
  const { network, hosts, postgresHost } = nodes
  const server = nodes.servers[3] as ServerProcess
  network.cut(hosts[3] as Host, postgresHost)
  await until(async () => (await readyOf(server.url)).store === 'silent')
  // With 0, or with 1 where what it waits for takes longer than it has.
  assert.notEqual(await within(endMs, 'the end', server.kill('SIGTERM')), null)
}

test('[F1] [F2] [F3] [L3] six talk over three nodes while lines to PostgreSQL are cut', {
  skip: whyNoNetwork() ?? false,
  timeout: 240_000,
  concurrency: true,
}, async t => {
  const seed = Math.floor(Math.random() * 2 ** 31)
  t.diagnostic(`seed ${seed}`)
  await using it = await scene(seed)
  const { nodes, crowd } = it
  const { network, hosts, postgresHost } = nodes
  await Promise.all([
    t.test(
      '[F4] [L3] one node is cut off: it refuses, tells nobody anything, keeps nothing of PostgreSQL, and works again soon after',
      () => oneCutOff(it),
    ),
    t.test(
      '[L3] the answers to a node are lost: a retry elsewhere finds what was done, and nothing stays held by what was not',
      () => answersLost(it),
    ),
    t.test('[L3] what was refused is not done afterwards, when the line is whole', () => refusedInTime(it)),
    t.test('a node that is cut off ends when it is told to', () => ending(it)),
    t.test('the node that is not cut off goes on', () => crowd.says(300)),
  ])
  await t.test(
    'all nodes are cut off: every send is refused, none is lost, and all work again soon after',
    async () => {
      for (const host of hosts) network.cut(host, postgresHost)
      const callers = [it.first, it.second, it.third].map(server => server.byToken(it.token))
      const posts = callers.map((_, n) => post(it.room, `from node ${n}`))
      await Promise.all(callers.map((caller, n) => unavailable(caller, posts[n] as Post)))
      for (const host of hosts) network.heal(host, postgresHost)
      const back = callers.map((caller, n) => insist(caller, posts[n] as Post))
      const seqs = await within(recoveryMs, 'recovery', Promise.all(back))
      assert.equal(new Set(seqs).size, posts.length)
    },
  )
  await crowd.says(50)
  assert.deepEqual(await crowd.end(), [])
  t.diagnostic(`${crowd.acknowledged} acknowledged, ${crowd.unknown} times unknown`)
})
