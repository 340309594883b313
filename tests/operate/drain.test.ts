import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { MessageId } from '../../contract/ids.ts'
import { newId } from '../../contract/ids.ts'
import { limits } from '../../contract/limits.ts'
import { systemClock } from '../../server/adapters/clock.ts'
import type { Clock } from '../../server/core/ports/clock.ts'
import type { Store } from '../../server/core/ports/store.ts'
import { TestServer } from '../support/app.ts'
import { ask } from '../support/raw-http.ts'
import { TestSocket } from '../support/socket.ts'

/** A clock that holds back what is due after exactly so long, until the test lets it go. */
function holding(ms: number) {
  const held: (() => void)[] = []
  const { promise: asked, resolve } = Promise.withResolvers<void>()
  const clock: Clock = {
    ...systemClock,
    after: (after, then) => {
      if (after !== ms) return systemClock.after(after, then)
      held.push(then)
      resolve()
      return { [Symbol.dispose]: () => {} }
    },
  }
  return { clock, asked, letGo: () => held.shift()?.() }
}

test('where a load balancer asks, a server that ends first says so and goes on serving, but for new sockets', async () => {
  const { clock, asked, letGo } = holding(limits.balancerMs)
  await using it = await TestServer.owned({}, { clock })
  const { server, owner } = it
  using socket = await TestSocket.in(server.url, { cookie: owner.cookie, origin: server.url })
  assert.equal((await owner.fetch('/readyz')).status, 200)
  const ended = server.app[Symbol.asyncDispose]()
  await asked
  const unready = await owner.fetch('/readyz')
  assert.equal(unready.status, 503)
  assert.equal(unready.headers.get('retry-after'), '1')
  const told = (await unready.json()) as { draining: boolean; bus: string }
  assert.deepEqual([told.draining, told.bus], [true, 'alone'])
  const { status, headers } = await ask(server.app.port, {
    path: '/api/me',
    headers: { host: new URL(server.url).host, cookie: owner.cookie, connection: 'keep-alive' },
  })
  assert.deepEqual([status, headers.connection], [200, 'close'])
  const upgrade = await ask(server.app.port, {
    path: '/ws',
    headers: {
      host: new URL(server.url).host,
      origin: server.url,
      connection: 'upgrade',
      upgrade: 'websocket',
      'sec-websocket-version': '13',
      'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==',
      'sec-websocket-protocol': 'confab.v1',
    },
  })
  assert.deepEqual([upgrade.status, upgrade.headers['retry-after']], [503, '1'])
  assert.ok('ok' in (await socket.call('me.get', {})), 'sockets that are there go on')
  letGo()
  const { code, after = 0 } = await socket.frame('bye')
  assert.equal(code, 4000)
  assert.ok(after >= 500 && after < 3_000, `${after}`)
  await ended
})

test('where nobody asks whether it is ready, a server that ends waits for nobody', async () => {
  const { clock, letGo } = holding(limits.balancerMs)
  await using it = await TestServer.owned({}, { clock })
  await it.server.app[Symbol.asyncDispose]()
  assert.equal(letGo(), undefined)
})

test('a call that runs on a socket is answered before the socket is told to come back', async () => {
  const { promise: asked, resolve: ask_ } = Promise.withResolvers<void>()
  const { promise: let_, resolve: letGo } = Promise.withResolvers<void>()
  const store = (opened: Store): Store => ({
    ...opened,
    message: async id => {
      ask_()
      await let_
      return opened.message(id)
    },
  })
  await using it = await TestServer.owned({}, { store })
  const { server, owner } = it
  using socket = await TestSocket.in(server.url, { cookie: owner.cookie, origin: server.url })
  using idle = await TestSocket.in(server.url, { cookie: owner.cookie, origin: server.url })
  const reply = socket.call('messages.get', { id: newId<MessageId>() })
  await asked
  const ended = server.app[Symbol.asyncDispose]()
  assert.equal(await idle.closed, 4000)
  assert.ok(!socket.frames.some(({ t }) => t === 'bye'))
  letGo()
  const answer = await reply
  assert.ok('error' in answer && answer.error.code === 'not_found')
  assert.equal(await socket.closed, 4000)
  await ended
})

test('many sockets are told some at a time, each to come back at a time of its own', async () => {
  const { clock, asked, letGo } = holding(20)
  await using it = await TestServer.bare({}, { clock })
  const { url, app } = it
  const sockets = Array.from({ length: 250 }, () => new TestSocket(url, { origin: url }))
  await Promise.all(sockets.map(socket => socket.opened()))
  const ended = app[Symbol.asyncDispose]()
  await asked
  const told = () => sockets.filter(({ frames }) => frames.some(({ t }) => t === 'bye'))
  // Whichever the server met first: not the order in which they were opened here.
  const many = Promise.withResolvers<void>()
  for (const socket of sockets) void socket.frame('bye').then(() => told().length >= 200 && many.resolve())
  await many.promise
  // Whoever is told in the same turn was written to before these are answered.
  for (let round = 0; round < 2; round++) await fetch(`${url}/healthz`)
  assert.equal(told().length, 200)
  letGo()
  await Promise.all(sockets.map(socket => socket.closed))
  await ended
  const times = sockets.flatMap(({ frames }) =>
    frames.flatMap(frame => (frame.t === 'bye' ? [frame.after] : [])),
  )
  assert.equal(times.length, 250)
  assert.ok(new Set(times).size > 150, 'they do not come back at once')
})
