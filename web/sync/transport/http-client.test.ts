import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { RoomId, UserId } from '../../../contract/ids.ts'
import { operations } from '../../../contract/operations.ts'
import { answerOf, callHttp, requestOf } from './http-client.ts'

const room = '01890a5d-ac96-774b-bcce-b302099a8057' as RoomId
const alice = '01890a5d-ac96-774b-bcce-b302099a8058' as UserId
const bob = '01890a5d-ac96-774b-bcce-b302099a8059' as UserId

/** A server of one answer that keeps what it was asked. */
function answering(status: number, body: string, headers: Record<string, string> = {}) {
  const asked: { url: string; init: RequestInit }[] = []
  const fetch = async (url: string | URL | Request, init?: RequestInit) => {
    asked.push({ url: String(url), init: init ?? {} })
    return new Response(body, { status, headers })
  }
  return { asked, fetch }
}

test('alice changes a room: its id goes into the path, the rest into the JSON body', async () => {
  const server = answering(200, '{"room":{},"seq":3}')
  const answer = await callHttp(
    'rooms.change',
    { id: room, name: 'Rides', archived: false },
    { base: 'http://x', fetch: server.fetch },
  )
  assert.deepEqual(answer, { ok: { room: {}, seq: 3 } })
  assert.equal(server.asked[0]?.url, `http://x/api/rooms/${room}`)
  assert.equal(server.asked[0]?.init.method, 'PATCH')
  assert.equal(server.asked[0]?.init.body, '{"name":"Rides","archived":false}')
})

test('alice reads: lists go between commas, what is undefined is left out', () => {
  assert.deepEqual(requestOf(operations['users.list'], { ids: [alice, bob], after: undefined }), {
    address: `/api/users?ids=${alice}%2C${bob}`,
  })
  assert.deepEqual(requestOf(operations['me.remove'], { messages: 'keep' }), {
    address: '/api/me?messages=keep',
  })
  assert.deepEqual(requestOf(operations['rooms.list'], {}), { address: '/api/rooms' })
})

test('mallory hands out an id like ".." and no address is made of it', async () => {
  const server = answering(200, '{}')
  for (const id of ['..', '', '../../me', `${room}/join`, undefined]) {
    const answer = await callHttp('rooms.get', { id: id as RoomId }, { fetch: server.fetch })
    assert.ok('error' in answer && answer.error.code === 'invalid' && answer.error.field === 'id')
  }
  assert.equal(server.asked.length, 0)
})

test('a refusal is told with its field, and with how long to wait from the header where the body says nothing', () => {
  const refusal = (error: object, retryAfter: string | null) =>
    answerOf(429, JSON.stringify({ error }), retryAfter)
  assert.deepEqual(refusal({ code: 'rate_limited', message: 'Slower.' }, '12'), {
    error: { code: 'rate_limited', message: 'Slower.', retryAfter: 12 },
  })
  assert.deepEqual(refusal({ code: 'rate_limited', message: 'Slower.', retryAfter: 4 }, '12'), {
    error: { code: 'rate_limited', message: 'Slower.', retryAfter: 4 },
  })
  assert.deepEqual(refusal({ code: 'taken', message: 'In use.', field: 'username' }, null), {
    error: { code: 'taken', message: 'In use.', field: 'username' },
  })
})

test('a page of a proxy, an unknown code, half an answer and a broken line are all "unreachable"', async () => {
  const unreachable = { unreachable: true }
  assert.deepEqual(answerOf(502, '<h1>Bad gateway</h1>', null), unreachable)
  assert.deepEqual(answerOf(200, '<h1>Sign in to the hotel</h1>', null), unreachable)
  assert.deepEqual(answerOf(418, '{"error":{"code":"toString","message":"?"}}', null), unreachable)
  assert.deepEqual(answerOf(500, '{"error":null}', null), unreachable)
  assert.deepEqual(answerOf(200, '{"me":', null), unreachable)
  const broken = () => Promise.reject(new TypeError('fetch failed'))
  assert.deepEqual(await callHttp('me.get', {}, { fetch: broken }), unreachable)
})
