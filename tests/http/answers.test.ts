import assert from 'node:assert/strict'
import { test } from 'node:test'
import { newId } from '../../contract/ids.ts'
import type { Operation } from '../../contract/operations/operation.ts'
import { operations } from '../../contract/operations.ts'
import { systemClock } from '../../server/adapters/clock.ts'
import type { Clock } from '../../server/core/ports/clock.ts'
import { Unavailable } from '../../server/core/ports/failures.ts'
import type { Store } from '../../server/core/ports/store.ts'
import { createLog } from '../../server/log.ts'
import { password, TestServer } from '../support/app.ts'
import { ask, speak } from '../support/raw-http.ts'

const all = Object.entries<Operation>(operations)
const addressOf = ({ path }: Operation): string => path.replace(/\{\w+\}/g, () => newId())

test('before there is an owner, everything but pages, health and the document is answered setup_needed', async () => {
  await using server = await TestServer.bare()
  for (const [name, operation] of all) {
    if (name === 'workspace.setUp') continue
    for (const headers of [{}, { authorization: `Bearer confab_${'x'.repeat(43)}` }]) {
      const response = await server.nobody.fetch(addressOf(operation), { method: operation.method, headers })
      const { error } = (await response.json()) as { error: { code: string } }
      assert.deepEqual([response.status, error.code], [409, 'setup_needed'], name)
    }
  }
  assert.equal((await server.nobody.fetch(`/files/${newId()}/512.webp`)).status, 409)
  for (const path of ['/healthz', '/readyz', '/api/openapi.json'])
    assert.equal((await server.nobody.fetch(path)).status, 200, path)
  await server.setUp()
  const again = await server.nobody.refused('workspace.setUp', {
    code: 'a-set-up-code-for-tests',
    workspace: 'W',
    username: 'mallory',
    password,
  })
  assert.equal(again.code, 'setup_done')
})

test('what needs somebody is answered signed_out to nobody, in the same bytes for each operation', async () => {
  await using server = (await TestServer.owned()).server
  const bodies = new Set<string>()
  for (const [name, operation] of all) {
    if (operation.who === 'anyone') continue
    const response = await server.nobody.fetch(addressOf(operation), { method: operation.method })
    assert.equal(response.status, 401, name)
    bodies.add(await response.text())
  }
  assert.equal(bodies.size, 1)
})

test('an address of the API that is none is 404, and a method that it does not take 405 with those that it does', async () => {
  await using it = await TestServer.owned()
  const { owner } = it
  for (const path of [
    '/api',
    '/api/',
    '/api/nothing',
    '/api/me/',
    '/api//me',
    '/api/rooms/x/y/z',
    '/api/Me',
  ]) {
    const response = await owner.fetch(path)
    assert.equal(response.status, 404, path)
    assert.equal(((await response.json()) as { error: { code: string } }).error.code, 'not_found')
  }
  for (const method of ['PUT', 'POST', 'OPTIONS', 'QUERY', 'PROPFIND']) {
    const response = await owner.fetch('/api/me', { method })
    assert.deepEqual(
      [response.status, response.headers.get('allow')],
      [405, 'GET, HEAD, PATCH, DELETE'],
      method,
    )
    assert.equal(((await response.json()) as { error: { code: string } }).error.code, 'method_not_allowed')
  }
  assert.equal((await owner.fetch('/', { method: 'POST' })).status, 405)
})

test('HEAD is GET without its body', async () => {
  await using it = await TestServer.owned()
  const { owner } = it
  const got = await owner.fetch('/api/me')
  const head = await owner.fetch('/api/me', { method: 'HEAD' })
  assert.equal(head.status, 200)
  assert.equal(await head.text(), '')
  assert.equal(head.headers.get('content-length'), got.headers.get('content-length'))
})

test('HEAD changes nothing where only POST does', async () => {
  await using it = await TestServer.owned()
  assert.equal((await it.owner.fetch('/api/sign-out', { method: 'HEAD' })).status, 405)
  assert.equal((await it.owner.fetch('/api/sign-out')).status, 405)
  assert.equal((await it.owner.fetch('/api/me')).status, 200)
})

test('every kind of answer carries the headers of security, and none tells what program it comes from', async () => {
  await using server = await TestServer.bare({}, { pages: '/nowhere' })
  const owner = await server.setUp()
  const { port } = server.app
  const answers = [
    await owner.fetch('/api/me'),
    await owner.fetch('/api/me', { method: 'HEAD' }),
    await owner.fetch('/api/me', { method: 'PUT' }),
    await owner.fetch('/api/nothing'),
    await server.nobody.fetch('/api/me'),
    await owner.fetch('/api/me', { headers: { origin: 'https://evil.example' } }),
    await owner.fetch('/api/sign-out', { method: 'POST', body: 'x' }),
    await owner.fetch('/healthz'),
    await owner.fetch('/readyz'),
    await owner.fetch('/'),
    await owner.fetch('/nothing'),
    await owner.fetch('/ws'),
    await owner.fetch(`/files/${newId()}/512.webp`),
  ].map(({ status, headers }) => ({ status, headers: Object.fromEntries(headers) }))
  // The document of the API is nobody's own: it may be kept, and is asked for anew.
  const { status, headers: ofDocument } = await owner.fetch('/api/openapi.json')
  assert.equal(ofDocument.get('cache-control'), 'no-cache')
  const document = { status, headers: Object.fromEntries([...ofDocument, ['cache-control', 'no-store']]) }
  const misdirected = await ask(port, { path: '/api/me', headers: { host: 'evil.example' } })
  const malformed = [
    await speak(port, 'nonsense\r\n\r\n'),
    await speak(port, `GET / HTTP/1.1\r\nHost: localhost:${port}\r\nX: ${'a'.repeat(20_000)}\r\n\r\n`),
    await speak(port, `GET /\\ HTTP/1.1\r\nHost: localhost:${port}\r\nConnection: close\r\n\r\n`),
    await speak(port, 'GET / HTTP/1.1\r\nConnection: close\r\n\r\n'),
  ].map(text => {
    const lines = (text.split('\r\n\r\n')[0] ?? '').split('\r\n').slice(1)
    return { status: Number(text.slice(9, 12)), headers: Object.fromEntries(lines.map(fieldOf)) }
  })
  for (const { status, headers } of [...answers, document, misdirected, ...malformed]) {
    assert.ok(status >= 200, String(status))
    assert.equal(headers['x-content-type-options'], 'nosniff')
    assert.equal(headers['referrer-policy'], 'same-origin')
    assert.equal(headers['cross-origin-opener-policy'], 'same-origin')
    assert.equal(headers['cross-origin-resource-policy'], 'same-origin')
    assert.match(String(headers['content-security-policy']), /^default-src 'none'; .*frame-ancestors 'none'/)
    assert.match(String(headers['permissions-policy']), /microphone=\(self\).*camera=\(\)/)
    assert.match(String(headers['cache-control']), /no-store/)
    for (const banner of ['server', 'x-powered-by', 'via']) assert.equal(headers[banner], undefined)
  }
})

const fieldOf = (line: string): [string, string] => {
  const [name = '', ...value] = line.split(': ')
  return [name.toLowerCase(), value.join(': ')]
}

test('personal answers are kept by no cache', async () => {
  await using it = await TestServer.owned()
  for (const path of ['/api/me', '/api/bootstrap', '/api/users', '/api/sessions', '/api/rooms'])
    assert.equal((await it.owner.fetch(path)).headers.get('cache-control'), 'no-store', path)
})

/** A store that fails in the way told, from when it is told. */
function failing() {
  let error: Error | null = null
  const wrap = (store: Store): Store =>
    new Proxy(store, {
      get(target, name) {
        const value: unknown = Reflect.get(target, name)
        if (typeof value !== 'function') return value
        return (...args: unknown[]) =>
          error && name !== Symbol.asyncDispose ? Promise.reject(error) : Reflect.apply(value, target, args)
      },
    })
  const fail = (why: Error | null) => {
    error = why
  }
  return { wrap, fail }
}

test('a store that fails is answered 503 or 507, without why, and the server goes on', async () => {
  const { wrap, fail } = failing()
  await using it = await TestServer.owned({}, { store: wrap })
  fail(new Unavailable('canary: the disk'))
  const busy = await it.owner.fetch('/api/me')
  assert.deepEqual([busy.status, busy.headers.get('retry-after')], [503, '1'])
  assert.doesNotMatch(await busy.text(), /canary/)
  assert.equal((await it.owner.fetch('/readyz')).status, 503)
  assert.equal((await it.owner.fetch('/healthz')).status, 200)
  fail(new Unavailable('canary', { full: true }))
  assert.equal((await it.owner.fetch('/api/me')).status, 507)
  fail(null)
  assert.equal((await it.owner.fetch('/api/me')).status, 200)
  assert.equal((await it.owner.fetch('/readyz')).status, 200)
})

test('a bug is answered 500 with a number, and told under that number in the log alone', async () => {
  const { wrap, fail } = failing()
  const lines: string[] = []
  const log = createLog({ level: 'error', form: 'json', write: line => void lines.push(line) })
  await using it = await TestServer.owned({}, { store: wrap, log })
  fail(new TypeError('canary is not a function'))
  const response = await it.owner.fetch('/api/rooms', {
    headers: { cookie: '', authorization: `Bearer confab_${'x'.repeat(43)}` },
  })
  const body = await response.text()
  assert.equal(response.status, 500)
  assert.doesNotMatch(body, /canary|\.ts|at /)
  const errorId = /The log of the server has it as (\w+)/.exec(body)?.[1]
  assert.ok(errorId && lines.some(line => line.includes(errorId) && line.includes('canary')), lines.join(''))
  fail(null)
})

/** A wall clock that stands, so that no minute ends between two tries. */
const still: Clock = { ...systemClock, now: () => 1_800_000_000_000 }

test('who does something too often is told how long to wait, in the answer and in its header', async () => {
  await using it = await TestServer.owned({ limits: 'on' }, { clock: still })
  const guess = () =>
    it.server.nobody.fetch('/api/sign-in', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ username: 'owner', password: 'a wrong guess' }),
    })
  const answers = []
  for (let i = 0; i < 7; i++) answers.push(await guess())
  const last = answers.at(-1) as Response
  assert.equal(last.status, 429)
  const { error } = (await last.json()) as { error: { code: string; retryAfter: number } }
  assert.equal(error.code, 'rate_limited')
  assert.ok(error.retryAfter >= 1)
  assert.equal(Number(last.headers.get('retry-after')), Math.ceil(error.retryAfter))
})

test('the operator bounds how often: who says more than that in a second is told to wait', async () => {
  const flags = { limits: 'on', 'limit-messages': '1', 'limit-sign-ups': '1' }
  await using it = await TestServer.owned(flags, { clock: still })
  const room = await it.owner.room('Quiet')
  const said = Array.from({ length: 6 }, (_, i) =>
    it.owner.fetch(`/api/rooms/${room}/messages`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ id: newId(), text: `${i}` }),
    }),
  )
  const statuses = (await Promise.all(said)).map(({ status }) => status)
  assert.ok(statuses.includes(200) && statuses.includes(429), statuses.join())
  await it.server.signUp('bob')
  const late = await it.server.nobody.refused('account.signUp', { username: 'carol', password })
  assert.equal(late.code, 'rate_limited')
})
