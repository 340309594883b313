import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Person } from '../support/app.ts'
import { TestServer } from '../support/app.ts'
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

const me = (headers: Record<string, string>, path = '/api/me') =>
  ask(server.app.port, { path, headers: { host, ...headers } })

const code = (answer: RawAnswer): string | undefined =>
  (JSON.parse(answer.body) as { error?: { code: string } }).error?.code

test('alice is known by her cookie or by her token', async () => {
  assert.equal((await me({ cookie: alice.cookie })).status, 200)
  assert.equal((await me({ cookie: `a=b; ${alice.cookie}; c=d` })).status, 200)
  assert.equal((await me({ authorization: `Bearer ${token}` })).status, 200)
  assert.equal((await me({ authorization: `bearer ${token}` })).status, 200)
})

test('a cookie and a token together are neither', async () => {
  const answer = await me({ cookie: alice.cookie, authorization: `Bearer ${token}` })
  assert.deepEqual([answer.status, code(answer)], [400, 'invalid'])
})

test('an empty, cut, doubled or made-up token is nobody, also where nobody needs to be anybody', async () => {
  const session = alice.cookie.split('=')[1] ?? ''
  const bad = [
    'Bearer',
    'Bearer ',
    `Bearer ${token.slice(0, -1)}`,
    `Bearer ${token}x`,
    `Bearer ${token} ${token}`,
    `Bearer ${token},${token}`,
    `Bearer [${token}]`,
    'Bearer null',
    'Bearer undefined',
    'Bearer confab_',
    `Bearer ${session}`,
    `Basic ${token}`,
    token,
    `Bearer ${token}\u00e9`,
  ]
  for (const authorization of bad)
    for (const path of ['/api/me', '/api/workspace', '/files/x/512.webp']) {
      const answer = await me({ authorization }, path)
      assert.deepEqual([answer.status, code(answer)], [401, 'signed_out'], `${authorization} ${path}`)
      assert.equal(answer.headers['www-authenticate'], 'Bearer')
    }
})

test('two Authorization headers are nobody, even if one is good', async () => {
  const line = `Authorization: Bearer ${token}\r\n`
  for (const lines of [
    line + line,
    `Authorization: Bearer x\r\n${line}`,
    `${line}Authorization: Bearer x\r\n`,
  ]) {
    const request = `GET /api/me HTTP/1.1\r\nHost: ${host}\r\n${lines}Connection: close\r\n\r\n`
    assert.match(await speak(server.app.port, request), /^HTTP\/1\.1 401 /)
  }
})

test('a token in the address, in another header or in the body is not looked at', async () => {
  assert.equal((await me({}, `/api/me?access_token=${token}`)).status, 401)
  assert.equal((await me({ 'x-auth-token': token })).status, 401)
  assert.equal((await me({ cookie: `confab-${server.app.port}=${token}` })).status, 401)
})

test('a cookie that is not good is nobody, and signing in anew with it works', async () => {
  const secret = alice.cookie.split('=')[1] ?? ''
  const name = `confab-${server.app.port}`
  for (const cookie of [
    `${name}=`,
    `${name}=${secret}x`,
    `${name}=${secret.slice(1)}`,
    `other=${secret}`,
    `${name}${secret}`,
  ]) {
    assert.equal((await me({ cookie })).status, 401, cookie)
    assert.equal((await me({ cookie }, '/api/workspace')).status, 200, cookie)
  }
})

test('a cookie that came twice is nobody: one of the two was planted', async () => {
  const mallory = await server.signUp('mallory')
  for (const cookie of [`${alice.cookie}; ${mallory.cookie}`, `${mallory.cookie}; ${alice.cookie}`])
    assert.equal((await me({ cookie })).status, 401)
})

test('signing in makes a new session and ends the one that the browser came with', async () => {
  const bob = await server.signUp('bob')
  const answer = await ask(server.app.port, {
    method: 'POST',
    path: '/api/sign-in',
    headers: { host, origin: server.url, cookie: bob.cookie, 'content-type': 'application/json' },
    body: JSON.stringify({ username: 'bob', password: 'correct horse battery' }),
  })
  const cookie = String(answer.headers['set-cookie']).split(';')[0] ?? ''
  assert.notEqual(cookie, bob.cookie)
  assert.equal((await me({ cookie })).status, 200)
  assert.equal((await me({ cookie: bob.cookie })).status, 401)
})

test('a browser that was signed in with brings its device cookie, which proves nobody, and keeps it when its person signs out', async () => {
  const dave = await server.signUp('dave')
  const enter = async (cookie: string) => {
    const answer = await ask(server.app.port, {
      method: 'POST',
      path: '/api/sign-in',
      headers: { host, origin: server.url, 'content-type': 'application/json', ...(cookie && { cookie }) },
      body: JSON.stringify({ username: dave.name, password: 'correct horse battery' }),
    })
    const [session = '', device = ''] = [answer.headers['set-cookie'] ?? []]
      .flat()
      .map(one => one.split(';')[0] ?? '')
    return { session, device }
  }
  const first = await enter('')
  assert.match(first.device, /^confab-device-\d+=[\w-]{43}$/)
  assert.equal((await me({ cookie: first.device })).status, 401)
  const again = await enter(`${first.device}; ${first.session}`)
  assert.equal(again.device, first.device)
  const twice = await enter(`${first.device}; ${first.device}`)
  assert.notEqual(twice.device, first.device)
  const out = await ask(server.app.port, {
    method: 'POST',
    path: '/api/sign-out',
    headers: { host, origin: server.url, cookie: again.session },
  })
  assert.equal([out.headers['set-cookie'] ?? []].flat().length, 1)
})

test('signing out ends the session on the server and the cookie in the browser', async () => {
  const carol = await server.signUp('carol')
  const answer = await ask(server.app.port, {
    method: 'POST',
    path: '/api/sign-out',
    headers: { host, origin: server.url, cookie: carol.cookie },
  })
  assert.equal(
    String(answer.headers['set-cookie']),
    `confab-${server.app.port}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax`,
  )
  assert.equal((await me({ cookie: carol.cookie })).status, 401)
})

test('what needs a session is refused to a token, as that', async () => {
  const script = server.byToken(token)
  assert.equal((await script.refused('tokens.list', {}).catch(() => ({ code: 'answered' }))).code, 'answered')
  assert.equal((await script.refused('account.signOut', {})).code, 'session_needed')
  assert.equal((await script.refused('me.confirm', { password: 'x' })).code, 'session_needed')
  assert.equal((await script.refused('me.remove', { messages: 'keep' })).code, 'session_needed')
})

test('no answer and no address ever holds the secret of a session', async () => {
  const secret = alice.cookie.split('=')[1] ?? ''
  for (const path of ['/api/me', '/api/sessions', '/api/bootstrap', '/api/tokens']) {
    const answer = await me({ cookie: alice.cookie }, path)
    assert.equal(answer.status, 200)
    assert.ok(!answer.body.includes(secret) && !answer.body.includes(token), path)
  }
})

test('where a call came from is the peer, whatever it says of itself, until a proxy is trusted', async () => {
  const seen = async (on: TestServer, who: Person) => {
    const answer = await ask(on.app.port, {
      method: 'POST',
      path: '/api/sign-in',
      headers: {
        host: `localhost:${on.app.port}`,
        origin: on.url,
        'content-type': 'application/json',
        'x-forwarded-for': '203.0.113.9, 198.51.100.7, 10.0.0.1',
        'x-real-ip': '203.0.113.10',
        forwarded: 'for=203.0.113.11',
        'user-agent': 'A browser',
      },
      body: JSON.stringify({ username: who.name, password: 'correct horse battery' }),
    })
    const cookie = String(answer.headers['set-cookie']).split(';')[0] ?? ''
    const listed = await ask(on.app.port, {
      path: '/api/sessions',
      headers: { host: `localhost:${on.app.port}`, cookie },
    })
    const { sessions } = JSON.parse(listed.body) as {
      sessions: { current: boolean; address: string; agent: string }[]
    }
    return sessions.find(session => session.current)
  }
  assert.equal((await seen(server, alice))?.address, '127.0.0.1')
  assert.equal((await seen(server, alice))?.agent, 'A browser')
  await using trusting = await TestServer.owned({ 'trusted-proxies': '127.0.0.1,10.0.0.0/8' })
  assert.equal((await seen(trusting.server, trusting.owner))?.address, '198.51.100.7')
})
