import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Person } from '../support/app.ts'
import { password, TestServer } from '../support/app.ts'
import type { RawAnswer } from '../support/raw-http.ts'
import { ask, speak } from '../support/raw-http.ts'

let server: TestServer
let alice: Person
let host: string
let token: string

before(async () => {
  server = await TestServer.bare()
  alice = await server.setUp('alice')
  host = `localhost:${server.app.port}`
  token = (await alice.token()).token
})
after(() => server[Symbol.asyncDispose]())

const code = (answer: RawAnswer): string | undefined =>
  (JSON.parse(answer.body) as { error?: { code: string } }).error?.code

const signIn = (headers: Record<string, string>) =>
  ask(server.app.port, {
    method: 'POST',
    path: '/api/sign-in',
    headers: { host, 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ username: 'alice', password }),
  })

const me = (headers: Record<string, string>) => ask(server.app.port, { path: '/api/me', headers })

test('a request to another host is answered 421, whatever it carries, so that no rebound name reaches us', async () => {
  const { port } = server.app
  for (const other of [
    'evil.example',
    `evil.example:${port}`,
    'localhost',
    `localhost:${port + 1}`,
    `localhost.:${port}`,
  ])
    for (const path of ['/api/me', '/', '/files/a/b', '/api/openapi.json']) {
      const answer = await ask(port, { path, headers: { host: other, cookie: alice.cookie } })
      assert.equal(answer.status, 421, `${other} ${path}`)
      assert.equal(code(answer), 'misdirected')
    }
})

test('the default address is localhost and both loopback addresses', async () => {
  for (const name of ['localhost', 'LOCALHOST', '127.0.0.1', '[::1]'])
    assert.equal((await me({ host: `${name}:${server.app.port}`, cookie: alice.cookie })).status, 200, name)
})

test('no Host, an empty one or two of them are refused', async () => {
  for (const hosts of [
    '',
    'Host: \r\n',
    `Host: ${host}\r\nHost: evil.example\r\n`,
    `Host: evil.example\r\nHost: ${host}\r\n`,
  ]) {
    const answer = await speak(server.app.port, `GET /api/me HTTP/1.1\r\n${hosts}Connection: close\r\n\r\n`)
    assert.match(answer, /^HTTP\/1\.1 4(00|21) /, JSON.stringify(hosts))
  }
})

test('an address of a whole other site in the request line is refused, though the Host is ours', async () => {
  const answer = await speak(
    server.app.port,
    `GET http://evil.example/api/me HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`,
  )
  assert.match(answer, /^HTTP\/1\.1 400 /)
})

test('an Origin that is present must be ours, whoever is asking and whatever they ask for', async () => {
  const elsewhere = [
    'https://evil.example',
    'null',
    `https://${host}`,
    `http://${host}.evil.example`,
    `${server.url}/`,
    'x',
  ]
  for (const origin of elsewhere)
    for (const identity of [{}, { cookie: alice.cookie }, { authorization: `Bearer ${token}` }]) {
      const answer = await me({ host, origin, ...identity })
      assert.equal(answer.status, 403, origin)
      assert.equal(code(answer), 'wrong_origin')
    }
})

test('no answer to another site names an allowed origin', async () => {
  for (const origin of ['https://evil.example', server.url]) {
    const preflight = await ask(server.app.port, {
      method: 'OPTIONS',
      path: '/api/me',
      headers: { host, origin },
    })
    const answer = await me({ host, origin, cookie: alice.cookie })
    for (const { headers } of [preflight, answer])
      assert.deepEqual(
        Object.keys(headers).filter(name => name.startsWith('access-control')),
        [],
      )
  }
})

test('a change without a token needs to be shown to come from a page of ours, signing in too', async () => {
  assert.equal(code(await signIn({})), 'wrong_origin')
  assert.equal(code(await signIn({ 'sec-fetch-site': 'cross-site' })), 'wrong_origin')
  assert.equal(code(await signIn({ 'sec-fetch-site': 'same-site' })), 'wrong_origin')
  assert.equal(code(await signIn({ 'sec-fetch-site': 'none' })), 'wrong_origin')
  assert.equal((await signIn({ 'sec-fetch-site': 'same-origin' })).status, 200)
  assert.equal((await signIn({ origin: server.url })).status, 200)
  assert.equal((await signIn({ origin: `http://127.0.0.1:${server.app.port}` })).status, 200)
})

test('a form of another site changes nothing, even when the browser sends the cookie', async () => {
  const headers = { host, cookie: alice.cookie, 'content-type': 'application/x-www-form-urlencoded' }
  for (const evidence of [{}, { origin: 'https://evil.example' }, { 'sec-fetch-site': 'cross-site' }]) {
    const answer = await ask(server.app.port, {
      method: 'POST',
      path: '/api/sign-out',
      headers: { ...headers, ...evidence },
      body: 'a=b',
    })
    assert.equal(answer.status, 403)
  }
  assert.equal((await me({ host, cookie: alice.cookie })).status, 200)
})

test('a token needs no evidence', async () => {
  const answer = await ask(server.app.port, {
    method: 'PATCH',
    path: '/api/me',
    headers: { host, authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ status: 'busy' }),
  })
  assert.equal(answer.status, 200, answer.body)
})

test('a given CONFAB_URL is the only host and origin, and decides over the cookie, whatever headers say', async () => {
  await using secure = await TestServer.bare({ url: 'https://chat.example.org' })
  const { port } = secure.app
  const enter = (headers: Record<string, string>) =>
    ask(port, {
      method: 'POST',
      path: '/api/setup',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ code: 'a-set-up-code-for-tests', workspace: 'W', username: 'alice', password }),
    })
  assert.equal((await enter({ host: `localhost:${port}`, origin: `http://localhost:${port}` })).status, 421)
  assert.equal((await enter({ host: 'chat.example.org', origin: 'http://chat.example.org' })).status, 403)
  const answer = await enter({
    host: 'chat.example.org',
    origin: 'https://chat.example.org',
    'x-forwarded-proto': 'http',
    'x-forwarded-host': 'evil.example',
  })
  assert.equal(answer.status, 200, answer.body)
  const [session, device, ...more] = answer.headers['set-cookie'] ?? []
  assert.match(
    String(session),
    /^__Host-confab=[\w-]{43}; Path=\/; Max-Age=\d+; HttpOnly; SameSite=Lax; Secure$/,
  )
  assert.match(
    String(device),
    /^__Host-confab-device=[\w-]{43}; Path=\/; Max-Age=34560000; HttpOnly; SameSite=Lax; Secure$/,
  )
  assert.deepEqual(more, [])
  assert.equal(answer.headers['strict-transport-security'], 'max-age=31536000')
})

test('over http the cookie is named by the port and the browser is promised no https', async () => {
  const answer = await signIn({ origin: server.url, 'x-forwarded-proto': 'https' })
  const form = new RegExp(
    `^confab-${server.app.port}=[\\w-]{43}; Path=/; Max-Age=15552000; HttpOnly; SameSite=Lax$`,
  )
  const [session, device] = answer.headers['set-cookie'] ?? []
  assert.match(String(session), form)
  assert.match(
    String(device),
    new RegExp(
      `^confab-device-${server.app.port}=[\\w-]{43}; Path=/; Max-Age=34560000; HttpOnly; SameSite=Lax$`,
    ),
  )
  assert.equal(answer.headers['strict-transport-security'], undefined)
})

test('health answers at any name, since machines ask by address', async () => {
  for (const path of ['/healthz', '/readyz'])
    assert.equal((await ask(server.app.port, { path, headers: { host: '10.0.0.7' } })).status, 200)
})
