import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { RoomId } from '../../contract/ids.ts'
import { newId } from '../../contract/ids.ts'
import type { Operation } from '../../contract/operations/operation.ts'
import type { OperationName } from '../../contract/operations.ts'
import { operations } from '../../contract/operations.ts'
import { Admission } from '../../server/core/call.ts'
import type { Caller, Person } from '../support/app.ts'
import { TestServer } from '../support/app.ts'
import { TestSocket } from '../support/socket.ts'

const all = Object.entries<Operation>(operations)
type Fields = Record<string, unknown>

let server: TestServer
let alice: Person
let bob: Person
let room: RoomId
let secret: RoomId
let said: string

before(async () => {
  server = await TestServer.bare()
  alice = await server.setUp('alice')
  bob = await server.signUp('bob')
  room = await alice.room('Transports', 'public', [bob])
  secret = await alice.room('Secret', 'private')
  said = (await alice.says(room, 'hello')).id
})
after(() => server[Symbol.asyncDispose]())

/** One transport: the answer of an operation as its caller reads it. */
type Way = (name: string, operation: Operation, input: Fields) => Promise<unknown>

const byHttp =
  (caller: Caller): Way =>
  async (_, { method, path }, input) => {
    const rest = { ...input }
    const address = path.replace(/\{(\w+)\}/g, (_part, field: string) => {
      const value = String(rest[field] ?? newId())
      delete rest[field]
      return encodeURIComponent(value)
    })
    const reads = method === 'GET' || method === 'DELETE'
    const query = reads ? `?${new URLSearchParams(rest as Record<string, string>)}` : ''
    const response = await caller.fetch(address + query, {
      method,
      ...(!reads && { body: JSON.stringify(rest), headers: { 'content-type': 'application/json' } }),
    })
    const body = (await response.json()) as object
    return response.ok ? { ok: body } : body
  }

const bySocket =
  (socket: TestSocket): Way =>
  async (name, _, input) => {
    const reply = await socket.call(name as OperationName, input)
    const { t: _t, ref: _ref, ...answer } = reply as unknown as Fields
    return answer
  }

const plausible: Fields = { text: 'hello', name: 'A name', was: 0, seq: 1, messages: 'keep', role: 'member' }
const isId = (field: string): boolean => ['id', 'room', 'user', 'around', 'quote'].includes(field)

/** Inputs that nothing changes by: of wrong forms, with fields that are none, and about what is not there. */
function inputsOf({ input, path }: Operation): Fields[] {
  const fields = Object.keys((input as unknown as { shape: object }).shape)
  const filled = (value: (field: string) => unknown): Fields =>
    Object.fromEntries(fields.map(field => [field, value(field)]).filter(([, one]) => one !== undefined))
  const absent = newId()
  const ids = filled(field => (isId(field) ? absent : undefined))
  return [
    ids,
    { ...ids, colour: 'red' },
    { ...ids, constructor: 'y' },
    JSON.parse(JSON.stringify(ids).replace('{', `{"__proto__":"x"${fields.some(isId) ? ',' : ''}`)) as Fields,
    filled(() => '\u202e'),
    ...(path.includes('{')
      ? [filled(() => '../..'), filled(field => (isId(field) ? absent : plausible[field]))]
      : []),
  ]
}

test('[P6] every operation gives the same refusal over both transports, to an owner, a member and a token', async () => {
  const { token } = await bob.token()
  for (const [who, caller, upgrade] of [
    ['alice', alice, { cookie: alice.cookie, origin: server.url }],
    ['bob', bob, { cookie: bob.cookie, origin: server.url }],
    ['a token', server.byToken(token), { bearer: token }],
  ] as const) {
    using socket = await TestSocket.in(server.url, upgrade)
    for (const [name, operation] of all) {
      if (operation.transport === 'http') continue
      for (const input of inputsOf(operation)) {
        const one = await byHttp(caller)(name, operation, input)
        const other = await bySocket(socket)(name, operation, input)
        assert.deepEqual(other, one, `${name} by ${who} with ${JSON.stringify(input)}`)
      }
    }
  }
})

test('[P6] every read gives the same answer over both transports', async () => {
  using socket = await TestSocket.in(server.url, { cookie: bob.cookie, origin: server.url })
  const reads: [string, Fields][] = [
    ['workspace.get', {}],
    ['bootstrap.get', {}],
    ['me.get', {}],
    ['users.list', { limit: '2' }],
    ['users.list', { ids: `${alice.id},${bob.id}` }],
    ['users.get', { id: alice.id }],
    ['rooms.list', {}],
    ['rooms.get', { id: room }],
    ['rooms.get', { id: secret }],
    ['members.list', { id: room }],
    ['messages.list', { room, limit: '5' }],
    ['messages.list', { room: secret }],
    ['messages.get', { id: said }],
    ['messages.oversee', {}],
    ['rooms.named', { name: 'general' }],
    ['rooms.named', { name: 'nowhere' }],
    ['sessions.list', {}],
    ['tokens.list', {}],
  ]
  for (const [name, input] of reads) {
    const operation = operations[name as keyof typeof operations]
    const one = await byHttp(bob)(name, operation, input)
    assert.deepEqual(await bySocket(socket)(name, operation, input), one, `${name} ${JSON.stringify(input)}`)
  }
  for (const [name, { method }] of all)
    assert.ok(
      method !== 'GET' || reads.some(([read]) => read === name),
      `${name} is a read without a case here`,
    )
})

test('[P6] a message said over one transport and again over the other is one message', async () => {
  using socket = await TestSocket.in(server.url, { cookie: bob.cookie, origin: server.url })
  const input = { id: newId(), room, text: 'once' }
  const operation = operations['messages.post']
  const one = await byHttp(bob)('messages.post', operation, input)
  assert.deepEqual(await bySocket(socket)('messages.post', operation, input), one)
  const other = { ...input, text: 'twice' }
  const refused = await byHttp(bob)('messages.post', operation, other)
  assert.deepEqual(await bySocket(socket)('messages.post', operation, other), refused)
  assert.equal((refused as { error: { code: string } }).error.code, 'id_taken')
})

test('[P6] what sets a cookie or carries bytes is had over HTTP only, and what is no operation is none over either transport', async () => {
  using socket = await TestSocket.in(server.url, { cookie: bob.cookie, origin: server.url })
  const code = async (name: string, input: Fields = {}) =>
    (
      (await bySocket(socket)(name, operations['me.get'], input)) as {
        error?: { code: string; field?: string }
      }
    ).error
  for (const [name, { transport }] of all)
    if (transport === 'http') assert.equal((await code(name))?.code, 'http_only', name)
  for (const name of ['nothing', 'me', '__proto__', 'constructor', 'toString', ''])
    assert.deepEqual((await code(name))?.field, 'op', name)
})

test('a call is held against the table once, over either transport, whatever comes of it', async t => {
  const admissions = t.mock.method(Admission, 'of')
  using socket = await TestSocket.in(server.url, { cookie: alice.cookie, origin: server.url })
  for (const way of [byHttp(alice), bySocket(socket)])
    for (const [name, input] of [
      ['messages.get', { id: said }],
      ['messages.post', { id: newId(), room, text: 'once' }],
      ['rooms.get', { id: 'wrong' }],
      ['users.change', { id: alice.id, status: 'here' }],
    ] as const) {
      const before = admissions.mock.callCount()
      await way(name, operations[name], input)
      assert.equal(admissions.mock.callCount() - before, 1, name)
    }
})
