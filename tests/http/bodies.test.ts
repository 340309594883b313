import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { after, before, test } from 'node:test'
import type { RoomId } from '../../contract/ids.ts'
import { newId } from '../../contract/ids.ts'
import { limits } from '../../contract/limits.ts'
import type { Person } from '../support/app.ts'
import { TestServer } from '../support/app.ts'
import type { RawAnswer } from '../support/raw-http.ts'
import { ask, speak } from '../support/raw-http.ts'

let server: TestServer
let alice: Person
let room: RoomId
let host: string

before(async () => {
  server = await TestServer.bare()
  alice = await server.setUp('alice')
  room = await alice.room('Bodies')
  host = `localhost:${server.app.port}`
})
after(() => server[Symbol.asyncDispose]())

interface Told {
  status: number
  code: string | undefined
  field: string | undefined
  message: string | undefined
}

const told = ({ status, body }: RawAnswer): Told => {
  const { error } = JSON.parse(body) as { error?: { code: string; field?: string; message: string } }
  return { status, code: error?.code, field: error?.field, message: error?.message }
}

const send = (
  path: string,
  body: string | Uint8Array | undefined,
  more: Record<string, string> = {},
  method = 'POST',
) =>
  ask(server.app.port, {
    method,
    path,
    headers: { host, origin: server.url, cookie: alice.cookie, 'content-type': 'application/json', ...more },
    ...(body !== undefined && { body }),
  })

const post = async (fields: unknown): Promise<Told> =>
  told(
    await send(`/api/rooms/${room}/messages`, typeof fields === 'string' ? fields : JSON.stringify(fields)),
  )

test('a body is taken as JSON in UTF-8 only: no form, no text, no encoding', async () => {
  const types = [
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/json; charset=utf-16',
    'application/jsonp',
    'text/json',
    '',
  ]
  for (const type of types)
    assert.deepEqual(
      told(await send('/api/sign-out', '{}', { 'content-type': type })).code,
      'unsupported',
      type,
    )
  assert.equal(told(await send('/api/sign-out', '{}', { 'content-encoding': 'gzip' })).code, 'unsupported')
  const patch = await send(
    '/api/me',
    '{"status":"here"}',
    { 'content-type': 'Application/JSON; charset="UTF-8"' },
    'PATCH',
  )
  assert.equal(patch.status, 200, patch.body)
})

test('what is no JSON object is refused with a sentence', async () => {
  for (const body of ['{', '[]', 'null', '"x"', '1', '{"a":1}}', '\ufeff\ufeff{}', 'undefined'])
    assert.deepEqual((await post(body)).code, 'invalid', body)
  const torn = Buffer.from(JSON.stringify({ id: newId(), text: 'torn' }))
  torn[torn.indexOf('torn')] = 0xff
  assert.equal(
    told(await send(`/api/rooms/${room}/messages`, torn)).message,
    'The body is not JSON in UTF-8.',
  )
})

test('an unknown field is refused and named, whatever its name', async () => {
  const id = newId()
  for (const name of ['colour', '__proto__', 'constructor', 'toString', 'hasOwnProperty', 'room.id']) {
    const answer = await post(`{"id":"${id}","text":"x",${JSON.stringify(name)}:{"admin":true}}`)
    assert.deepEqual([answer.status, answer.code, answer.field], [400, 'invalid', name])
  }
  assert.equal(({} as { admin?: boolean }).admin, undefined)
})

test('a missing field and one of a wrong form are named', async () => {
  const id = newId()
  const missing = await post({ id })
  assert.deepEqual([missing.field, missing.message], ['text', 'text is missing.'])
  for (const wrong of [1, null, [], {}, ['x'], true])
    assert.deepEqual((await post({ id, text: wrong })).field, 'text', JSON.stringify(wrong))
  for (const wrong of ['../..', id.toUpperCase(), `${id} `, '*', '%', { $ne: null }, [id], 7, `${id}\0`])
    assert.deepEqual((await post({ id: wrong, text: 'x' })).field, 'id', JSON.stringify(wrong))
})

test('U+0000 and halves of characters are refused in a text', async () => {
  for (const text of ['a\0b', '\ud800', 'x\udc00y'])
    assert.deepEqual((await post({ id: newId(), text })).field, 'text', JSON.stringify(text))
  assert.equal((await post({ id: newId(), text: 'na\u00efve \u{1f600} \u202e' })).status, 200)
})

test('a text has at most 16 KiB of UTF-8', async () => {
  const most = 'x'.repeat(limits.textBytes)
  assert.equal((await post({ id: newId(), text: most })).status, 200)
  assert.equal((await post({ id: newId(), text: `${most}x` })).field, 'text')
  assert.equal((await post({ id: newId(), text: '\u00e9'.repeat(limits.textBytes / 2 + 1) })).field, 'text')
})

test('a field that the path gives may not be given again', async () => {
  const answer = told(
    await send(`/api/rooms/${room}/messages`, JSON.stringify({ id: newId(), room: newId(), text: 'x' })),
  )
  assert.deepEqual([answer.code, answer.field], ['invalid', 'room'])
  const query = told(
    await send(`/api/rooms/${room}/messages?text=x`, JSON.stringify({ id: newId(), text: 'x' })),
  )
  assert.deepEqual([query.code, query.field], ['invalid', 'text'])
  const stray = told(await send(`/api/rooms/${room}/messages?text=x`, JSON.stringify({ id: newId() })))
  assert.deepEqual([stray.code, stray.field], ['invalid', 'text'])
})

test('a query takes each known field once, and no body', async () => {
  const get = async (query: string, body?: string) =>
    told(await send(`/api/rooms/${room}/messages${query}`, body, {}, 'GET'))
  assert.equal((await get('?limit=1')).status, 200)
  assert.equal((await get('?limit=1&limit=2')).field, 'limit')
  assert.equal((await get('?colour=1')).field, 'colour')
  assert.equal((await get('?__proto__=1')).field, '__proto__')
  assert.equal((await get('?limit[]=1')).field, 'limit[]')
  for (const limit of ['0x1', '-1', '1.5', '101', '1e1', '', ' 1', '9'.repeat(30)])
    assert.equal((await get(`?limit=${encodeURIComponent(limit)}`)).field, 'limit', limit)
  assert.equal((await get('', '{}')).code, 'invalid')
})

test('parts of a path are ids, and nothing climbs out of one', async () => {
  for (const part of [
    '..',
    '%2e%2e',
    '%2e%2e%2fme',
    'x',
    '%00',
    '%',
    '%zz',
    "'",
    `${room}%20`,
    room.toUpperCase(),
  ]) {
    const answer = await send(`/api/rooms/${part}`, undefined, {}, 'GET')
    assert.ok([400, 404].includes(answer.status), `${part} ${answer.status}`)
  }
})

test('JSON is nested at most 16 deep, and 120,000 brackets do no harm', async () => {
  for (const deep of [
    '['.repeat(60_000) + ']'.repeat(60_000),
    `${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`,
  ]) {
    const answer = await post(`{"id":${deep}}`)
    assert.deepEqual([answer.status, answer.message], [400, 'The input may be nested at most 16 deep.'])
  }
})

test('a JSON body has at most 128 KiB, whatever its length claims to be', async () => {
  const big = JSON.stringify({ id: newId(), text: 'x'.repeat(limits.jsonBodyBytes) })
  assert.deepEqual((await post(big)).code, 'too_large')
  const chunked = `${big.length.toString(16)}\r\n${big}\r\n0\r\n\r\n`
  const head = (more: string) =>
    `POST /api/rooms/${room}/messages HTTP/1.1\r\nHost: ${host}\r\nOrigin: ${server.url}\r\nCookie: ${alice.cookie}\r\nContent-Type: application/json\r\n${more}\r\n\r\n`
  assert.match(
    await speak(server.app.port, head('Connection: close\r\nTransfer-Encoding: chunked') + chunked),
    /^HTTP\/1\.1 413 /,
  )
  // Told too large by its length alone, it is refused before a byte of it came.
  assert.match(await speak(server.app.port, head('Content-Length: 999999999999')), /^HTTP\/1\.1 413 /)
})

test('nobody makes the server read a body before they show who they are', async () => {
  const head = `PUT /api/me/avatar HTTP/1.1\r\nHost: ${host}\r\nOrigin: ${server.url}\r\nContent-Type: image/png\r\nContent-Length: 1000000\r\n\r\n`
  assert.match(await speak(server.app.port, head), /^HTTP\/1\.1 401 /)
})

test('a request that two readers could part differently is refused, and its line is closed', async () => {
  const lead = `POST /api/sign-out HTTP/1.1\r\nHost: ${host}\r\nOrigin: ${server.url}\r\n`
  const hidden = `GET /api/me HTTP/1.1\r\nHost: ${host}\r\nCookie: ${alice.cookie}\r\n\r\n`
  const heads = [
    'Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    'Content-Length: 0\r\nContent-Length: 60\r\n\r\n',
    'Content-Length: +5\r\n\r\n',
    'Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n',
    'Transfer-Encoding: xchunked\r\n\r\n',
    'Transfer-Encoding : chunked\r\n\r\n',
    'X: a\nTransfer-Encoding: chunked\r\n\r\n',
  ]
  for (const head of heads) {
    const answer = await speak(server.app.port, lead + head + hidden)
    assert.match(answer, /^HTTP\/1\.1 40[08] /, head)
    assert.equal(answer.split('HTTP/1.1').length, 2, `one answer to ${head}`)
    assert.doesNotMatch(answer, /"me"/)
  }
})

test('a line that brings its headers or its body too slowly is answered 408 and ends', async () => {
  await using impatient = await TestServer.bare(
    {},
    { patience: { headers: 20, request: 40, checkEvery: 5, idle: 1_000 } },
  )
  const { port } = impatient.app
  const slow = [
    'GET /api/me HTTP/1.1\r\nHost: localhost\r\n',
    `POST /api/setup HTTP/1.1\r\nHost: localhost:${port}\r\nOrigin: ${impatient.url}\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{`,
  ]
  for (const text of slow) assert.match(await speak(port, text), /^HTTP\/1\.1 408 /)
})

test('a body that is cut off changes nothing, and the server goes on', async () => {
  const socket = connect(server.app.port, '127.0.0.1')
  socket.write(
    `PATCH /api/me HTTP/1.1\r\nHost: ${host}\r\nOrigin: ${server.url}\r\nCookie: ${alice.cookie}\r\nContent-Type: application/json\r\nContent-Length: 20\r\n\r\n{"status":"cut"`,
  )
  await once(socket, 'connect')
  socket.destroy()
  await once(socket, 'close')
  const { me } = await alice.call('me.get', {})
  assert.notEqual(me.status, 'cut')
})

test('headers of more than 16 KiB are answered 431', async () => {
  const answer = await speak(
    server.app.port,
    `GET / HTTP/1.1\r\nHost: ${host}\r\nX: ${'a'.repeat(20_000)}\r\n\r\n`,
  )
  assert.match(answer, /^HTTP\/1\.1 431 /)
  const many = Array.from({ length: 2_000 }, (_, i) => `X${i}: aaaaaaaa\r\n`).join('')
  assert.match(
    await speak(server.app.port, `GET / HTTP/1.1\r\nHost: ${host}\r\n${many}\r\n`),
    /^HTTP\/1\.1 431 /,
  )
})

test('an operation without fields can be called without a body', async () => {
  const bob = await server.signUp('bob')
  const answer = await ask(server.app.port, {
    method: 'POST',
    path: '/api/sign-out',
    headers: { host, origin: server.url, cookie: bob.cookie },
  })
  assert.equal(answer.status, 200, answer.body)
})
