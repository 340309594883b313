import assert from 'node:assert/strict'
import { networkInterfaces } from 'node:os'
import { test } from 'node:test'
import { errorCodes } from '../../contract/codes.ts'
import type { MessageId, RoomId } from '../../contract/ids.ts'
import { newId, roomTopic } from '../../contract/ids.ts'
import { limits } from '../../contract/limits.ts'
import { operations } from '../../contract/operations.ts'
import type { Person } from '../support/app.ts'
import { TestServer } from '../support/app.ts'
import { Scrape } from '../support/metrics.ts'
import { ask } from '../support/raw-http.ts'
import { TestSocket } from '../support/socket.ts'

const measured = { 'metrics-port': '0' }
const socketOf = (server: TestServer, { cookie }: Person) =>
  TestSocket.in(server.url, { cookie, origin: server.url })

/** A server with a room of three, of whom two are online. */
async function room() {
  const at = await TestServer.owned(measured)
  const { server, owner } = at
  const [bob, carol] = [await server.signUp('bob'), await server.signUp('carol')]
  const id = await owner.room('Measured', 'private', [bob, carol])
  const sockets = [await socketOf(server, bob), await socketOf(server, carol)]
  return {
    ...at,
    id,
    bob,
    sockets,
    scrape: () => Scrape.of(server.app),
    heard: async (seq: number) => {
      for (const socket of sockets) await socket.until(roomTopic(id), seq)
    },
  }
}

test('a message that two of three members are online for is two deliveries, one call and one commit', async () => {
  await using it = await room()
  const before = await it.scrape()
  const { seq } = await it.owner.says(it.id, 'hello')
  await it.heard(seq)
  const after = await it.scrape()
  const grown = (sample: string) => after.value(sample) - before.value(sample)
  assert.equal(grown('confab_deliveries_total'), 2)
  assert.equal(grown('confab_operations_total{operation="messages.post",transport="http",outcome="ok"}'), 1)
  assert.equal(grown('confab_operation_seconds_count{operation="messages.post",transport="http"}'), 1)
  assert.equal(grown('confab_commit_seconds_count'), 1)
  assert.ok(grown('confab_commit_seconds_sum') > 0)
  assert.ok(grown('confab_commit_batch_size_count') >= 1)
  assert.equal(grown('confab_http_requests_total{status="2xx"}'), 1)
  assert.equal(grown('confab_gaps_filled_total'), 0)
})

test('calls over the socket are told apart from those over HTTP, and refusals by their code', async () => {
  await using it = await room()
  const [socket] = it.sockets
  await socket?.call('messages.post', { id: newId<MessageId>(), room: newId<RoomId>(), text: 'nowhere' })
  await it.server.nobody.fetch('/api/me')
  await it.bob.fetch(`/api/rooms/${it.id}/messages`, { method: 'POST', body: 'x' })
  const told = await it.scrape()
  for (const [sample, value] of Object.entries({
    'confab_operations_total{operation="messages.post",transport="socket",outcome="not_found"}': 1,
    'confab_operations_total{operation="messages.post",transport="http",outcome="unsupported"}': 1,
    'confab_operations_total{operation="me.get",transport="http",outcome="signed_out"}': 1,
    'confab_http_requests_total{status="4xx"}': 2,
  }))
    assert.equal(told.value(sample), value, sample)
})

test('sockets are counted while they are open, and by their code when they close', async () => {
  await using it = await room()
  using quiet = new TestSocket(it.server.url, { origin: it.server.url })
  await quiet.opened()
  const before = await it.scrape()
  assert.equal(before.value('confab_connections{state="open"}'), 2)
  assert.equal(before.value('confab_connections{state="waiting"}'), 1)
  const [bobs, carols] = it.sockets
  bobs?.send('not JSON')
  assert.equal(await bobs?.closed, 4002)
  carols?.raw.close(3777)
  await carols?.closed
  let after = await it.scrape()
  // The server hears of the end of a line when the operating system tells it.
  while (after.value('confab_connections{state="open"}') > 0) after = await it.scrape()
  assert.equal(after.value('confab_sockets_closed_total{code="4002"}'), 1)
  assert.equal(after.value('confab_sockets_closed_total{code="0"}'), 1, 'a code that somebody made up')
})

test('a reader who stops reading shows in the queues, and is counted when cut', async () => {
  await using it = await room()
  const [bobs] = it.sockets
  bobs?.raw.pause()
  const text = 'x'.repeat(limits.textBytes)
  let told = await it.scrape()
  let most = 0
  while (told.value('confab_slow_readers_cut_total') === 0) {
    for (let n = 0; n < 20; n++) await it.owner.says(it.id, text)
    told = await it.scrape()
    const longest = told.value('confab_queue_bytes_max')
    assert.ok(longest <= told.value('confab_queue_bytes'))
    most = Math.max(most, longest)
  }
  assert.ok(most > 0 && most <= 2 * limits.queuedBytes, `${most}`)
  assert.equal(told.value('confab_sockets_closed_total{code="4008"}'), 1)
})

test('tries to sign in that fail are counted', async () => {
  await using it = await room()
  for (const username of ['bob', 'nobody-here'])
    await it.server.nobody.refused('account.signIn', { username, password: 'not the one' })
  await it.server.signIn('bob')
  assert.equal((await it.scrape()).value('confab_sign_ins_refused_total'), 2)
})

test('the process tells of itself', async () => {
  await using it = await room()
  const told = await it.scrape()
  for (const name of ['process_resident_memory_bytes', 'process_cpu_seconds_total', 'process_open_fds'])
    assert.ok(told.value(name) > 0, name)
  assert.match(told.text, /^confab_build_info\{version="\d+\.\d+\.\d+",node="[\da-f-]{36}"\} 1$/m)
  for (const at of ['p50', 'p99', 'max'])
    assert.match(told.text, new RegExp(`^confab_event_loop_delay_seconds\\{at="${at}"\\} [\\d.e-]+$`, 'm'))
})

test('at the main port metrics are for the token of an administrator', async () => {
  await using it = await room()
  const asked = async (caller: { fetch(path: string): Promise<Response> }) =>
    (await caller.fetch('/metrics')).status
  assert.equal(await asked(it.server.nobody), 401)
  assert.equal(await asked(it.server.byToken(`confab_${'x'.repeat(43)}`)), 401)
  assert.equal(await asked(it.owner), 401, 'a session is no token')
  assert.equal(await asked(await it.bob.script()), 403)
  const response = await (await it.owner.script()).fetch('/metrics')
  assert.equal(response.status, 200)
  assert.equal(response.headers.get('content-type'), 'text/plain; version=0.0.4; charset=utf-8')
  assert.ok(new Scrape(await response.text()).names.includes('confab_deliveries_total'))
})

test('before there is an owner the main port tells no metrics', async () => {
  await using server = await TestServer.bare()
  assert.equal((await server.nobody.fetch('/metrics')).status, 409)
  assert.equal(server.app.metricsPort, null)
})

test('the port of metrics is reached from this machine alone, by its address, and has nothing else', async () => {
  await using it = await room()
  const port = it.server.app.metricsPort ?? assert.fail()
  assert.equal((await ask(port, { path: '/metrics' })).status, 200)
  for (const path of ['/', '/api/me', '/metrics/x', '/healthz'])
    assert.equal((await ask(port, { path })).status, 404, path)
  assert.equal((await ask(port, { path: '/metrics', method: 'POST' })).status, 404)
  const rebound = await ask(port, { path: '/metrics', headers: { host: `evil.example.org:${port}` } })
  assert.deepEqual([rebound.status, rebound.body], [421, ''])
  const others = Object.values(networkInterfaces()).flatMap(each => each ?? [])
  for (const { address } of others.filter(({ internal, family }) => !internal && family === 'IPv4'))
    await assert.rejects(fetch(`http://${address}:${port}/metrics`), address)
})

test('[A1] no name, word or id of anybody reaches the metrics, and labels are words of ours', async () => {
  await using at = await TestServer.owned(measured)
  const { server, owner } = at
  const alice = await server.signUp('canary-alice')
  const id = await owner.room('canary of the name', 'private', [alice])
  await owner.call('rooms.change', { id, topic: 'canary of the topic' })
  using socket = await socketOf(server, alice)
  await socket.call('messages.post', { id: newId<MessageId>(), room: id, text: 'canary of the message' })
  await socket.call('canary.operation' as 'me.get', {})
  await server.nobody.fetch('/api/canary?canary=1', { headers: { 'user-agent': 'canary' } })
  await server.nobody.refused('account.signIn', { username: 'canary', password: 'canary password' })
  const { text, labels } = await Scrape.of(server.app)
  assert.doesNotMatch(text, /canary/i)
  assert.doesNotMatch(text.replace(/^confab_build_info.*$/m, ''), /[\da-f]{8}-[\da-f]{4}-/)
  const words = new Set([...Object.keys(operations), ...Object.keys(errorCodes), 'ok', 'http', 'socket'])
  const bounded = new Set(['le', 'version', 'node', 'status', 'state', 'at', 'code'])
  for (const label of labels) {
    const [name = '', value = ''] = label.split('=')
    assert.ok(bounded.has(name) || words.has(value), label)
  }
})
