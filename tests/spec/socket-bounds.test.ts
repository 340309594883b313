import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { limits } from '../../contract/limits.ts'
import type { Person } from '../support/app.ts'
import { TestServer } from '../support/app.ts'
import { HandClock } from '../support/hand-clock.ts'
import { maskedFrame, RawSocket } from '../support/raw-socket.ts'
import { TestSocket } from '../support/socket.ts'

const clock = new HandClock()
let server: TestServer
let alice: Person
let mallory: Person

before(async () => {
  server = await TestServer.bare({ limits: 'on' }, { clock })
  alice = await server.setUp('alice')
  mallory = await server.signUp('mallory')
})
after(() => server[Symbol.asyncDispose]())

const hello = JSON.stringify({ t: 'hello', v: 1, cursors: {} })
const ping = '{"t":"ping"}'

/** A raw socket of somebody who was let in. */
async function letIn(who: Person): Promise<RawSocket> {
  const socket = await RawSocket.to(server, who.cookie)
  socket.send(1, hello)
  assert.ok(await socket.hears('"welcome"'))
  return socket
}

test('[P2] a message may come in a few parts, and one in very many closes with 4013', async () => {
  const parts = limits.messageParts
  using socket = await letIn(mallory)
  socket.send(1, ping.padEnd(50), false)
  for (let n = 2; n < parts; n++) socket.send(0, ' ', false)
  socket.send(0, ' ')
  assert.ok(await socket.hears('"pong"'))
  socket.send(1, ping, false)
  for (let n = 1; n < parts + 1; n++) socket.send(0, ' ', false)
  assert.ok(await socket.hears('\x88\x02\x0f\xad'), 'a close frame with 4013')
  await socket.closed
})

test('[P2] a message that is not whole within ten seconds closes the socket', async () => {
  using quick = await TestSocket.of(server, alice)
  using slow = await letIn(mallory)
  using halfHeader = await letIn(mallory)
  slow.send(1, '{"t":', false)
  halfHeader.line.write(maskedFrame(1, ping).subarray(0, 1))
  // What comes between its parts gives it no more time.
  slow.send(9, 'are you there')
  assert.ok(await slow.hears('are you there'))
  await quick.settled()
  clock.turn(5_000)
  await quick.settled()
  clock.turn(limits.messageStallMs)
  for (const socket of [slow, halfHeader]) {
    assert.ok(await socket.hears('A message came too slowly'))
    await socket.closed
  }
  await quick.settled()
})

test('[P4] a socket that was closed and keeps its line open counts until that is closed too, soon', async () => {
  const stuck = await Promise.all(
    Array.from({ length: limits.unnamedSocketsAnAddress }, () => RawSocket.to(server)),
  )
  for (const socket of stuck) {
    socket.send(1, 'no hello')
    assert.ok(await socket.hears('"bye"'))
  }
  using more = new TestSocket(server.url)
  assert.equal(await more.opened(), 429)
  for (const socket of stuck) await socket.closed
  using later = new TestSocket(server.url)
  assert.equal(await later.opened(), 'open')
})

test('a person has no more sockets than their bound with those whose lines are open still', async () => {
  const erin = await server.signUp('erin')
  const stuck = await Promise.all(Array.from({ length: limits.socketsAPerson }, () => letIn(erin)))
  for (const socket of stuck) socket.send(1, 'no frame')
  for (const socket of stuck) assert.ok(await socket.hears('"bye"'))
  using more = new TestSocket(server.url, { cookie: erin.cookie, origin: server.url })
  await more.opened()
  more.send(hello)
  assert.equal(await more.closed, 4009)
  for (const socket of stuck) await socket.closed
  using later = await TestSocket.of(server, erin)
  await later.settled()
})

for (const [what, opcode] of [
  ['pings', 9],
  ['pongs that nobody asked for', 10],
] as const)
  test(`${what} count as frames, and too many close with 4009`, async () => {
    using socket = await letIn(mallory)
    // A few at a time: ws cuts who reads none of its pongs.
    for (let n = 0; n <= limits.framesAtOnce && !socket.line.closed; n += 20) {
      socket.line.write(Buffer.concat(Array.from({ length: 20 }, () => maskedFrame(opcode, ''))))
      socket.send(1, '{"t":"shout"}')
      await socket.hears('"t":"error"', n / 20 + 1)
    }
    assert.ok(await socket.hears('"code":4009'))
    await socket.closed
  })
