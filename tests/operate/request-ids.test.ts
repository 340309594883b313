import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { RoomId } from '../../contract/ids.ts'
import { newId } from '../../contract/ids.ts'
import type { Store } from '../../server/core/ports/store.ts'
import { createLog } from '../../server/log.ts'
import { password, TestServer } from '../support/app.ts'
import { ask } from '../support/raw-http.ts'
import { TestSocket } from '../support/socket.ts'

type Line = Record<string, unknown>

/** A server whose log is kept, line by line. Once it has its owner, rooms cannot be listed, by an unhandled error. */
async function logged(flags: Record<string, string> = {}) {
  const lines: Line[] = []
  const write = (line: string) => void lines.push(JSON.parse(line) as Line)
  const log = createLog({ level: 'debug', form: 'json', write })
  let isSound = true
  const store = (opened: Store): Store => ({
    ...opened,
    rooms: async (...asked) => {
      if (isSound) return opened.rooms(...asked)
      throw new Error('a planted fault')
    },
  })
  const at = await TestServer.owned(flags, { log, store })
  isSound = false
  return { ...at, lines }
}

test("every answer carries its request's number, and so do the lines of the log about it", async () => {
  await using it = await logged()
  const response = await it.owner.fetch('/api/me')
  const request = response.headers.get('x-request-id')
  assert.match(request ?? '', /^[\da-f]{8}$/)
  const about = it.lines.filter(line => line.request === request)
  assert.deepEqual(
    about.map(({ says, op, outcome, status }) => [says, op ?? status, outcome]),
    [
      ['Operation finished.', 'me.get', 'ok'],
      ['Answered.', 200, undefined],
    ],
  )
})

test('an unhandled error is logged under the number of its request, by HTTP and by socket', async () => {
  await using it = await logged()
  const response = await it.owner.fetch('/api/rooms')
  assert.equal(response.status, 500)
  const { cookie } = it.owner
  using socket = new TestSocket(it.server.url, { cookie, origin: it.server.url })
  let upgrade: string | string[] | undefined
  socket.raw.once('upgrade', ({ headers }) => {
    upgrade = headers['x-request-id']
  })
  await socket.opened()
  socket.send({ t: 'hello', v: 1, cursors: {} })
  await socket.frame('welcome')
  socket.send({ t: 'call', ref: 7, op: 'rooms.list', input: {} })
  await socket.frame('reply')
  const faults = it.lines.filter(line => line.level === 'error')
  assert.deepEqual(
    faults.map(({ request, says }) => [request, says]),
    [
      [response.headers.get('x-request-id'), 'Unhandled error.'],
      [`${upgrade}.7`, 'Unhandled error.'],
    ],
  )
})

test('what an administrator did is told under the number of the request', async () => {
  await using it = await logged()
  const bob = await it.server.signUp('bob')
  const response = await it.owner.fetch(`/api/users/${bob.id}`, {
    method: 'PATCH',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ state: 'deactivated' }),
  })
  const line = it.lines.find(({ says }) => says === 'Administrative action.')
  assert.equal(line?.request, response.headers.get('x-request-id'))
  assert.equal(line?.operation, 'users.change')
})

test("a proxy that is trusted numbers its requests itself; nobody else does, and nobody in another line's form", async () => {
  await using trusting = await logged({ 'trusted-proxies': '127.0.0.1' })
  await using plain = await logged()
  const answered = async (server: TestServer, id: string) => {
    const headers = { host: new URL(server.url).host, 'x-request-id': id }
    return (await ask(server.app.port, { path: '/api/me', headers })).headers['x-request-id']
  }
  const good = 'edge-1:0190a1b2_c3.d4'
  assert.equal(await answered(trusting.server, good), good)
  assert.ok(trusting.lines.some(({ request }) => request === good))
  for (const id of ['with space', 'a"b', 'x'.repeat(65), '{"level":"error"}', ''])
    assert.match(String(await answered(trusting.server, id)), /^[\da-f]{8}$/, id)
  assert.match(String(await answered(plain.server, good)), /^[\da-f]{8}$/)
})

test('a refused upgrade carries a number, and when to come again where that helps', async () => {
  await using it = await logged()
  const headers = { host: new URL(it.server.url).host, upgrade: 'websocket', connection: 'upgrade' }
  const { status, headers: answered } = await ask(it.server.app.port, { path: '/elsewhere', headers })
  assert.equal(status, 404)
  assert.match(String(answered['x-request-id']), /^[\da-f]{8}$/)
})

test('no line of the log, at any level, holds what was said, a password or a secret', async () => {
  await using it = await logged()
  const { token } = await it.owner.token()
  const room = newId<RoomId>()
  await it.owner.call('rooms.create', { id: room, kind: 'private', name: 'canary of the name' })
  await it.owner.says(room, 'canary of the message')
  await it.server.byToken(token).fetch('/api/users?after=canary-of-a-query')
  const told = JSON.stringify(it.lines)
  for (const secret of ['canary', password, token, it.owner.cookie.split('=')[1] ?? 'x'])
    assert.ok(!told.includes(secret), secret)
})
