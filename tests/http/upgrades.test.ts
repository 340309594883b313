import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Person } from '../support/app.ts'
import { TestServer } from '../support/app.ts'
import { speak } from '../support/raw-http.ts'

let server: TestServer
let alice: Person

before(async () => {
  server = await TestServer.bare()
  alice = await server.setUp('alice')
})
after(() => server[Symbol.asyncDispose]())

const request = (line: string, ...headers: string[]) =>
  speak(
    server.app.port,
    [`${line} HTTP/1.1`, `Host: localhost:${server.app.port}`, ...headers, '', ''].join('\r\n'),
  )

const h2c = [
  'Connection: Upgrade, HTTP2-Settings, close',
  'Upgrade: h2c',
  'HTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA',
]

test('an upgrade to anything but a WebSocket is ignored, and the request answered as it is', async () => {
  const cookie = `Cookie: ${alice.cookie}`
  assert.match(await request('GET /api/me', cookie, ...h2c), /^HTTP\/1\.1 200 .*"username":"alice"/s)
  assert.match(await request('GET /healthz', ...h2c), /^HTTP\/1\.1 200 /)
  const other = await request('GET /healthz', 'Connection: upgrade, close', 'Upgrade: TLS/1.0, IRC/6.9')
  assert.match(other, /^HTTP\/1\.1 200 /)
  const body = '{"status":"here"}'
  const change = await request(
    'PATCH /api/me',
    cookie,
    `Origin: ${server.url}`,
    ...h2c,
    'Content-Type: application/json',
    `Content-Length: ${body.length}\r\n\r\n${body}`,
  )
  assert.match(change, /^HTTP\/1\.1 200 .*"status":"here"/s)
})

test('every refusal of an upgrade carries the headers of every other answer', async () => {
  const upgrade = ['Connection: Upgrade', 'Upgrade: websocket']
  const key = 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=='
  const protocol = 'Sec-WebSocket-Protocol: confab.v1'
  const version = 'Sec-WebSocket-Version: 13'
  const refused: [string, string, string[]][] = [
    ['another address', 'GET /socket', [...upgrade, key, version, protocol]],
    ['no subprotocol', 'GET /ws', [...upgrade, key, version]],
    ['no key', 'GET /ws', [...upgrade, version, protocol]],
    ['a key that is none', 'GET /ws', [...upgrade, 'Sec-WebSocket-Key: x', version, protocol]],
    ['another version', 'GET /ws', [...upgrade, key, 'Sec-WebSocket-Version: 7', protocol]],
    ['another method', 'POST /ws', [...upgrade, key, version, protocol]],
    ['another origin', 'GET /ws', [...upgrade, key, version, protocol, 'Origin: https://evil.example']],
    ['a broken subprotocol', 'GET /ws', [...upgrade, key, version, 'Sec-WebSocket-Protocol: confab.v1,,']],
  ]
  for (const [what, line, headers] of refused) {
    const answer = await request(line, ...headers)
    assert.match(answer, /^HTTP\/1\.1 4\d\d /, what)
    assert.match(answer, /\r\nX-Content-Type-Options: nosniff\r\n/i, what)
    assert.match(answer, /\r\nContent-Security-Policy: default-src 'none'/i, what)
    assert.match(answer, /\r\nX-Request-Id: \S+\r\n/i, what)
    assert.match(answer, /\r\nContent-Type: application\/json\r\n/i, what)
    assert.match(answer, /"error":\{"code":/, what)
  }
})
