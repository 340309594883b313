import assert from 'node:assert/strict'
import { once } from 'node:events'
import { request } from 'node:http'
import type { Socket } from 'node:net'
import { connect } from 'node:net'
import { after, before, test } from 'node:test'
import { newId } from '../../contract/ids.ts'
import { limits } from '../../contract/limits.ts'
import type { OperationName } from '../../contract/operations.ts'
import { operations } from '../../contract/operations.ts'
import type { Person } from '../support/app.ts'
import { TestServer } from '../support/app.ts'
import { HandClock } from '../support/hand-clock.ts'
import { speak } from '../support/raw-http.ts'
import { TestSocket } from '../support/socket.ts'

const clock = new HandClock()
let server: TestServer
let alice: Person
let mallory: Person

before(async () => {
  server = await TestServer.bare({ 'metrics-port': '0', limits: 'on' }, { clock })
  alice = await server.setUp('alice')
  mallory = await server.signUp('mallory')
})
after(() => server[Symbol.asyncDispose]())

const head = (method: string, path: string, who: Person | null, length: number, type = 'application/json') =>
  [
    `${method} ${path} HTTP/1.1`,
    `Host: localhost:${server.app.port}`,
    `Origin: ${server.url}`,
    ...(who ? [`Cookie: ${who.cookie}`] : []),
    `Content-Type: ${type}`,
    `Content-Length: ${length}`,
    '',
    '',
  ].join('\r\n')

const upload = (who: Person) => head('PUT', '/api/me/avatar', who, limits.avatarBytes, 'image/png')
const signIn = () => head('POST', '/api/sign-in', null, 8_000)

/** A line on which a part of a request was sent, and what comes back on it. */
class HalfSent implements Disposable {
  readonly socket: Socket
  readonly answer: Promise<string>

  constructor(text: string, part = Buffer.alloc(0)) {
    this.socket = connect(server.app.port, '127.0.0.1')
    this.socket.on('error', () => {})
    const chunks: Buffer[] = []
    this.socket.on('data', chunk => chunks.push(chunk))
    this.answer = once(this.socket, 'close').then(() => Buffer.concat(chunks).toString())
    this.socket.write(text)
    this.socket.write(part)
  }

  [Symbol.dispose](): void {
    this.socket.destroy()
  }
}

async function heldBytes(): Promise<number> {
  const text = await (await fetch(`http://127.0.0.1:${server.app.metricsPort}/metrics`)).text()
  return Number(/^confab_body_bytes (\d+)$/m.exec(text)?.[1])
}

/** Waits until the server holds so many bytes of bodies. */
async function holds(bytes: number): Promise<void> {
  while ((await heldBytes()) !== bytes) await new Promise(resolve => setImmediate(resolve))
}

test('a body that stalls for ten seconds is ended, whoever sends it, and nothing of it is kept', async () => {
  using picture = new HalfSent(upload(alice), Buffer.alloc(9_000))
  using password = new HalfSent(signIn(), Buffer.from('{"username":"al'))
  await holds(9_015)
  clock.turn(limits.bodyStallMs - 1)
  await holds(9_015)
  clock.turn(1)
  for (const answer of [await picture.answer, await password.answer]) {
    assert.match(answer, /^HTTP\/1\.1 408 /)
    assert.match(answer, /"code":"timed_out"/)
    assert.match(answer, /x-content-type-options: nosniff/i)
    assert.match(answer, /connection: close/i)
  }
  await holds(0)
})

test('whatever is refused before its body has come ends the line, which would have to wait for it', async () => {
  const refused: readonly (readonly [number, string])[] = [
    [401, head('POST', '/api/rooms', null, 5_000)],
    [403, head('POST', '/api/rooms', alice, 5_000).replace(server.url, 'http://evil.example')],
    [404, head('POST', '/api/nothing', alice, 5_000)],
    [405, head('PUT', '/api/rooms', alice, 5_000)],
    [413, head('POST', '/api/rooms', alice, 10_000_000)],
    [415, head('POST', '/api/rooms', alice, 5_000, 'text/plain')],
    [421, head('POST', '/api/rooms', alice, 5_000).replace(/Host: .*/, 'Host: evil.example')],
  ]
  for (const [status, text] of refused) {
    using sent = new HalfSent(text, Buffer.from('{'))
    const answer = await sent.answer
    assert.equal(Number(answer.split(' ')[1]), status, answer.slice(0, 200))
    assert.match(answer, /^connection: close\r$/im, text)
  }
})

test('a line goes on after a refusal whose body has come', async () => {
  using sent = new HalfSent(`${head('POST', '/api/rooms', alice, 2, 'text/plain')}{}`)
  await once(sent.socket, 'data')
  const whole = head('POST', '/api/sign-out', null, 2).replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n')
  sent.socket.write(`${whole}{}`)
  const answer = await sent.answer
  assert.deepEqual(
    [...answer.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => status),
    ['415', '401'],
  )
})

test('who sends on reads the answer still', async () => {
  const sent = request({
    ...{ port: server.app.port, host: '127.0.0.1', path: '/api/me/avatar', method: 'PUT' },
    headers: {
      host: `localhost:${server.app.port}`,
      origin: server.url,
      'content-length': limits.avatarBytes,
    },
  })
  for (let n = 0; n < 10; n++) sent.write(Buffer.alloc(limits.avatarBytes / 10))
  const [response] = await once(sent, 'response')
  assert.equal(response.statusCode, 401)
  response.resume()
  await once(response, 'end')
  sent.destroy()
})

test('a byte now and then does not keep a body alive, and one that gets on is let', async () => {
  using trickle = new HalfSent(upload(alice), Buffer.alloc(1))
  using steady = new HalfSent(upload(mallory), Buffer.alloc(limits.bodyProgressBytes))
  await holds(1 + limits.bodyProgressBytes)
  clock.turn(9_000)
  trickle.socket.write(Buffer.alloc(1))
  steady.socket.write(Buffer.alloc(limits.bodyProgressBytes))
  await holds(2 + 2 * limits.bodyProgressBytes)
  clock.turn(1_000)
  assert.match(await trickle.answer, /^HTTP\/1\.1 408 /)
  clock.turn(8_000)
  await holds(2 * limits.bodyProgressBytes)
  steady.socket.destroy()
  await holds(0)
})

test('what one person has on its way is bounded over all their connections, and nobody else waits for it', async () => {
  const stalled: HalfSent[] = []
  const part = Buffer.alloc(9 * 1024 * 1024)
  for (let n = 0; n < 4; n++) stalled.push(new HalfSent(upload(mallory), part))
  const refused = await Promise.race(stalled.map(({ answer }) => answer))
  assert.match(refused, /^HTTP\/1\.1 429 /)
  assert.match(refused, /retry-after: 5/i)
  assert.ok((await heldBytes()) <= limits.uploadsAPersonBytes)
  await alice.call('me.change', { status: 'here' })
  for (const one of stalled) one.socket.destroy()
  await holds(0)
})

test('uploads that fill what an address may hold leave room for everything else that is sent from there', async () => {
  const megabytes = 1024 * 1024
  const part = Buffer.alloc(8 * megabytes)
  const others = [mallory, await server.signUp('eve'), await server.signUp('trudy')]
  const many = limits.uploadsAnAddressBytes / part.length
  const stalled = Array.from({ length: many }, (_, n) => {
    const who = others[n % others.length]
    assert.ok(who)
    return new HalfSent(upload(who), part)
  })
  await holds(limits.uploadsAnAddressBytes)
  using late = new HalfSent(upload(alice), Buffer.alloc(1))
  assert.match(await late.answer, /^HTTP\/1\.1 503 /)
  await alice.call('me.change', { status: 'not in their way' })
  // They hold it as long as they get on, and they do not.
  for (const one of stalled) one.socket.write(Buffer.alloc(limits.bodyProgressBytes - 1))
  clock.turn(limits.bodyStallMs)
  for (const { answer } of stalled) assert.match(await answer, /^HTTP\/1\.1 (408|503) /)
  await holds(0)
})

test('those who have not shown who they are have little room: in one body, and from one address', async () => {
  const long = await speak(server.app.port, head('POST', '/api/sign-in', null, limits.anonymousBodyBytes + 1))
  assert.match(long, /^HTTP\/1\.1 413 /)
  const stalled: HalfSent[] = []
  const most = limits.anonymousBodiesAnAddressBytes / 8_000
  for (let n = 0; n < most + 1; n++) stalled.push(new HalfSent(signIn(), Buffer.alloc(7_999)))
  stalled.push(new HalfSent(signIn(), Buffer.alloc(7_999)))
  const refused = await Promise.race(stalled.map(({ answer }) => answer))
  assert.match(refused, /^HTTP\/1\.1 503 /)
  assert.match(refused, /The server is busy/)
  assert.match(refused, /retry-after: 1/i)
  assert.ok((await heldBytes()) <= limits.anonymousBodiesAnAddressBytes)
  await alice.call('me.change', { status: 'still here' })
  for (const one of stalled) one.socket.destroy()
  await holds(0)
})

test('no operation that needs an identity has its body read before that is shown', async () => {
  const names = Object.keys(operations) as OperationName[]
  const wanting = names.filter(name => operations[name].method !== 'GET' && operations[name].who !== 'anyone')
  const refused = wanting.map(async name => {
    const { method, path } = operations[name]
    const at = path.replace(/\{(\w+)\}/g, '01990000-0000-7000-8000-000000000000')
    assert.match(await speak(server.app.port, head(method, at, null, 100)), /^HTTP\/1\.1 401 /, name)
  })
  await Promise.all(refused)
})

test('[A3] whose session or token ends while a body is on its way does nothing by it', async () => {
  const room = await alice.room('Half sent')
  const lost = await server.signIn('alice')
  const { id, token } = await alice.token('lost')
  const body = JSON.stringify({ id: newId(), text: 'said after the end' })
  const post = head('POST', `/api/rooms/${room}/messages`, lost, body.length)
  const start = Buffer.from(body.slice(0, 10))
  using byCookie = new HalfSent(post, start)
  using byToken = new HalfSent(post.replace(/Cookie: .*/, `Authorization: Bearer ${token}`), start)
  using byOneself = new HalfSent(head('POST', `/api/rooms/${room}/messages`, alice, body.length), start)
  await holds(30)
  const { sessions } = await alice.call('sessions.list', {})
  for (const session of sessions)
    if (!session.current) await alice.call('sessions.remove', { id: session.id })
  await alice.call('tokens.remove', { id })
  clock.turn(limits.endedStaleMs + 1)
  const rest = `${body.slice(10)}GET /health HTTP/1.1\r\nHost: localhost:${server.app.port}\r\nConnection: close\r\n\r\n`
  const statuses = []
  for (const { socket, answer } of [byCookie, byToken, byOneself]) {
    socket.write(rest)
    statuses.push((await answer).split(' ')[1])
  }
  assert.deepEqual(statuses, ['401', '401', '200'])
})

test('who is refused for their rate is so before their body is read', async () => {
  const hasty = await server.signUp('hasty')
  for (let n = 0; n < 200; n++) {
    const answer = await hasty.fetch('/api/me', {
      method: 'PATCH',
      body: '{"status":"x"}',
      headers: { 'content-type': 'application/json' },
    })
    if (answer.status === 429) break
    assert.equal(answer.status, 200)
  }
  assert.match(await speak(server.app.port, head('PATCH', '/api/me', hasty, 100)), /^HTTP\/1\.1 429 /)
  assert.match(await speak(server.app.port, upload(hasty)), /^HTTP\/1\.1 429 /)
})

test('[P6] who is refused for their rate is so over a socket too, whatever the form of their call', async () => {
  const hasty = await server.signUp('hastier')
  using socket = await TestSocket.of(server, hasty)
  let answer: object = {}
  while (!('error' in answer)) answer = await socket.call('me.change', { status: 'x' })
  const reply = await socket.call('me.change', { status: 5 as never })
  assert.ok('error' in reply)
  assert.equal(reply.error.code, 'rate_limited')
  assert.equal((await hasty.refused('me.change', { status: 5 as never })).code, 'rate_limited')
})
