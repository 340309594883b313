import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { RoomId, Seq } from '../../contract/ids.ts'
import { roomTopic } from '../../contract/ids.ts'
import type { Person, TestServer } from '../support/app.ts'
import { den } from '../support/den.ts'
import { TestSocket } from '../support/socket.ts'

/** What a sign-out may take until nothing reaches its sockets any more (F4). */
const ENDED_MS = 1_000
/** So much is queued in the node, behind all that the operating system takes. */
const QUEUED_BYTES = 300_000

const long = 'x'.repeat(15_000)
let server: TestServer
let alice: Person
let room: RoomId

before(async () => {
  ;({ server, alice, room } = await den())
})
after(() => server[Symbol.asyncDispose]())

const load = () => server.app.sockets.load()
const say = async (): Promise<Seq> => (await alice.says(room, long)).seq

/** A session of bob's whose socket stops reading, with much queued for it in the node: everything after `seq`. */
async function stopped(): Promise<{ socket: TestSocket; session: Person; seq: Seq }> {
  const session = await server.signIn('bob')
  const socket = await TestSocket.in(server.url, { cookie: session.cookie, origin: server.url })
  await socket.settled()
  socket.raw.pause()
  let seq = 0
  while (load().queuedBytes < QUEUED_BYTES) seq = await say()
  return { socket, session, seq }
}

/** What bob's socket got when his session has ended for a second and he reads on, to the end of the line. */
async function readsOn(socket: TestSocket): Promise<Seq[]> {
  await new Promise(resolve => setTimeout(resolve, ENDED_MS))
  socket.raw.resume()
  await socket.closed
  return socket.heard(roomTopic(room)).map(({ seq }) => seq)
}

test('[F4] what was queued for bob, who had stopped reading, does not reach him when he was signed out for a second', async () => {
  const { socket, session, seq } = await stopped()
  using _ = socket
  await say()
  assert.ok(load().queuedBytes >= QUEUED_BYTES)
  await session.call('account.signOut', {})
  const heard = await readsOn(socket)
  assert.ok(heard.length > 0)
  assert.deepEqual(
    heard.filter(one => one > seq),
    [],
  )
})

test('[F4] what was queued for bob, who had stopped reading, does not reach him when he was removed for a second', async () => {
  const { socket, seq } = await stopped()
  using _ = socket
  await say()
  assert.ok(load().queuedBytes >= QUEUED_BYTES)
  const bob = await server.signIn('bob')
  await alice.call('members.remove', { id: room, user: bob.id })
  const heard = await readsOn(socket)
  await alice.call('members.put', { id: room, user: bob.id })
  assert.ok(heard.length > 0)
  assert.deepEqual(
    heard.filter(one => one > seq),
    [],
  )
})

test('[F4] the same of a socket that was cut as too slow before, and of what it was still owed', async () => {
  const { socket, session, seq } = await stopped()
  using _ = socket
  while (server.app.sockets.metrics.cut === 0) await say()
  await session.call('account.signOut', {})
  const heard = await readsOn(socket)
  assert.ok(heard.length > 0)
  assert.deepEqual(
    heard.filter(one => one > seq),
    [],
  )
})
