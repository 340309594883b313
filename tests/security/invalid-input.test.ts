import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { MessageId, RoomId, UserId } from '../../contract/ids.ts'
import { newId, roomTopic } from '../../contract/ids.ts'
import { limits } from '../../contract/limits.ts'
import type { Caller, Person } from '../support/app.ts'
import { TestServer } from '../support/app.ts'
import { HandClock } from '../support/hand-clock.ts'
import { TestSocket } from '../support/socket.ts'

const clock = new HandClock()
let server: TestServer
let alice: Person
let room: RoomId

before(async () => {
  server = await TestServer.bare({ limits: 'on' }, { clock })
  alice = await server.setUp('alice')
  room = await alice.room('Large')
})
after(() => server[Symbol.asyncDispose]())

const keys = (many: number): Record<string, number> =>
  Object.fromEntries(Array.from({ length: many }, (_, n) => [`${n}a`, 1]))

interface Told {
  readonly status: number
  readonly error: { readonly code: string; readonly message: string; readonly retryAfter?: number }
}

async function send(who: Caller, method: string, path: string, fields: object): Promise<Told> {
  const body = JSON.stringify(fields)
  const response = await who.fetch(path, {
    method,
    headers: { 'content-type': 'application/json' },
    body,
  })
  const { error = { code: 'ok', message: '' } } = (await response.json()) as Partial<Told>
  return { status: response.status, error }
}

/** Sends it again and again until something else is answered. */
async function untilOther(than: number, ask: () => Promise<Told>): Promise<{ times: number; told: Told }> {
  for (let times = 0; times < 200; times++) {
    const told = await ask()
    if (told.status !== than) return { times, told }
  }
  throw new Error('it was always answered the same')
}

test('a body with more fields than its operation has is refused before it is parsed, and the sentence says how many', async () => {
  const told = await send(alice, 'PATCH', '/api/me', keys(12_000))
  assert.equal(told.status, 400)
  assert.equal(
    told.error.message,
    'The input may have at most 64 fields and list items in all. Send only those that this operation has.',
  )
  const query = Object.keys(keys(1_600)).join('&')
  const asked = await alice.fetch(`/api/rooms?${query}`)
  assert.match(((await asked.json()) as Told).error.message, /^The input may have at most 64 fields/)
})

test('a person who sends large wrong bodies waits, over all their connections, and nobody else does', async () => {
  const [mallory, bob] = [await server.signUp('mallory'), await server.signUp('bob')]
  const large = () => send(mallory, 'PATCH', '/api/me', keys(12_000))
  const { times, told } = await untilOther(400, large)
  assert.ok(times >= 2, 'one mistake, and another, are free')
  assert.deepEqual([told.status, told.error.code], [429, 'rate_limited'])
  assert.ok(told.error.retryAfter && told.error.retryAfter <= 60)
  assert.equal((await send(mallory, 'PATCH', '/api/me', { status: 'here' })).status, 200)
  assert.equal((await send(bob, 'PATCH', '/api/me', keys(12_000))).status, 400)
  const here = await TestSocket.of(server, mallory)
  here.send({ t: 'call', ref: 1, op: 'me.change', input: keys(5_000) })
  assert.equal(await here.closed, 4009)
  clock.turn(1_000 * told.error.retryAfter)
  assert.equal((await large()).status, 400)
})

test('whoever is not signed in and sends large wrong bodies waits with their network, but for small ones', async () => {
  const { times, told } = await untilOther(400, () =>
    send(server.nobody, 'POST', '/api/sign-in', keys(1_600)),
  )
  assert.ok(times >= 10)
  assert.equal(told.status, 429)
  const wrong = { username: 'nobody', password: 'not a password' }
  assert.equal((await send(server.nobody, 'POST', '/api/sign-in', wrong)).error.code, 'wrong_credentials')
  assert.equal((await send(alice, 'PATCH', '/api/me', keys(12_000))).status, 400, 'who is signed in')
  clock.turn(60_000)
})

test('a wrong call counts as many frames as it has kilobytes, and is answered under its number', async () => {
  const carol = await server.signUp('carol')
  using socket = await TestSocket.of(server, carol)
  const bytes = JSON.stringify({ t: 'call', ref: 100, op: 'me.change', input: keys(400) }).length
  const kilobytes = Math.ceil(bytes / 1024)
  assert.ok(kilobytes > 2 && bytes < limits.smallInputBytes)
  for (let sent = 1; sent + kilobytes <= limits.framesAtOnce; sent += kilobytes) {
    const reply = await socket.call('me.change', keys(400))
    assert.ok('error' in reply && reply.error.code === 'invalid')
  }
  for (let n = 0; n < kilobytes; n++) socket.send({ t: 'ping' })
  assert.equal(await socket.closed, 4009)
})

test('a call with more fields than any operation has is answered under its number too', async () => {
  using socket = await TestSocket.of(server, alice)
  const reply = await socket.call('me.change', keys(5_500))
  assert.ok('error' in reply)
  assert.deepEqual(
    [reply.error.code, reply.error.message],
    [
      'invalid',
      'The input may have at most 507 fields and list items in all. Send only those that this operation has.',
    ],
  )
})

test('large input that is right costs nothing: as many messages of 16 KiB as one may send', async () => {
  const dave = await server.signUp('dave')
  await dave.call('rooms.join', { id: room })
  using socket = await TestSocket.of(server, dave)
  for (let n = 0; n < 60; n++) {
    const post = { id: newId<MessageId>(), room, text: 'x'.repeat(limits.textBytes) }
    const reply = await socket.call('messages.post', post)
    assert.ok('ok' in reply, JSON.stringify(reply))
    clock.turn(100)
  }
})

test('large watches that are each replaced before their turn cost their kilobytes, and the first ones do not', async () => {
  const grace = await server.signUp('grace')
  using socket = await TestSocket.of(server, grace)
  const users = Array.from({ length: limits.usersAPage }, () => newId<UserId>())
  for (let n = 0; n <= limits.watchesAtOnce; n++) socket.send({ t: 'watch', users })
  await socket.settled()
  for (let n = 0; n < 60; n++) socket.send({ t: 'watch', users })
  assert.equal(await socket.closed, 4009)
  clock.turn(60_000)
})

test('large messages that come too soon cost their kilobytes: whoever goes on is closed', async () => {
  const henry = await server.signUp('henry')
  await henry.call('rooms.join', { id: room })
  using socket = await TestSocket.of(server, henry)
  const text = 'x'.repeat(limits.textBytes)
  const codes = new Set<string>()
  for (let n = 0; n < 400 && socket.raw.readyState === WebSocket.OPEN; n++) {
    const reply = await Promise.race([
      socket.call('messages.post', { id: newId<MessageId>(), room, text }),
      socket.closed,
    ])
    if (typeof reply !== 'number' && 'error' in reply) codes.add(reply.error.code)
    clock.turn(20)
  }
  assert.equal(await socket.closed, 4009)
  assert.deepEqual([...codes], ['rate_limited'])
  clock.turn(60_000)
})

test('[P1] a hello that is wrong may be said again twice, and closes with 4002 after that', async () => {
  using socket = new TestSocket(server.url)
  await socket.opened()
  for (let n = 0; n <= limits.helloRepeats; n++) socket.send({ t: 'hello', v: 1, cursors: {}, colour: 1 })
  assert.equal(await socket.closed, 4002)
  assert.equal(socket.frames.filter(frame => frame.t === 'error').length, limits.helloRepeats + 1)
})

test('[P4] a network of nobody that sends large wrong hellos waits with the next large one, and not with a small one', async () => {
  const cursors = Object.fromEntries(Array.from({ length: 1_200 }, () => [roomTopic(newId<RoomId>()), 1]))
  const codes: number[] = []
  for (let n = 0; n < 6; n++) {
    using socket = new TestSocket(server.url)
    await socket.opened()
    for (let said = 0; said <= limits.helloRepeats; said++)
      socket.send({ t: 'hello', v: 1, cursors, colour: 1 })
    codes.push(await socket.closed)
  }
  assert.deepEqual([codes[0], codes.at(-1)], [4002, 4009])
  clock.turn(60_000)
  const right: number[] = []
  for (let n = 0; n < 20 && right.at(-1) !== 4009; n++) {
    using socket = new TestSocket(server.url)
    await socket.opened()
    socket.send({ t: 'hello', v: 1, cursors })
    right.push(await socket.closed)
  }
  assert.deepEqual([right[0], right.at(-1)], [4001, 4009], 'one that is right, of nobody')
  const { token } = await alice.token()
  using script = await TestSocket.in(server.url, {}, {}, { token })
  await script.settled()
  clock.turn(60_000)
})

test('whose presence one hears of is replaced five times at once and once a second, and the latest counts', async () => {
  const erin = await server.signUp('erin')
  const [first, skipped, last] = [
    await server.signUp('first'),
    await server.signUp('skipped'),
    await server.signUp('last'),
  ]
  using socket = await TestSocket.of(server, erin)
  for (let n = 0; n < limits.watchesAtOnce; n++) socket.send({ t: 'watch', users: [first.id] })
  socket.send({ t: 'watch', users: [skipped.id] })
  socket.send({ t: 'watch', users: [last.id] })
  await socket.settled()
  const told = () =>
    socket.frames.flatMap(frame => (frame.t === 'signal' && frame.s === 'presence' ? [frame.user] : []))
  assert.deepEqual(
    told(),
    Array.from({ length: limits.watchesAtOnce }, () => first.id),
  )
  clock.turn(1_000)
  await socket.settled()
  assert.deepEqual(told().slice(limits.watchesAtOnce), [last.id])
  using lasts = await TestSocket.of(server, last)
  await lasts.settled()
  await socket.frame(
    'signal',
    frame => frame.s === 'presence' && frame.user === last.id && frame.state === 'online',
  )
})
