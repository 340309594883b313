import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { AvatarId, MessageId, RoomId, UserId } from '../../contract/ids.ts'
import { newId } from '../../contract/ids.ts'
import { limits } from '../../contract/limits.ts'
import type { OperationName } from '../../contract/operations.ts'
import { operations } from '../../contract/operations.ts'
import type { Person } from '../support/app.ts'
import { TestServer } from '../support/app.ts'
import { HandClock } from '../support/hand-clock.ts'
import { TestSocket } from '../support/socket.ts'

const reads = (Object.keys(operations) as OperationName[]).filter(
  name => operations[name].method === 'GET' && operations[name].who !== 'anyone',
)

const readBudget = { burst: 4_000_000, aSecond: 400_000 }

/** A server whose clock stands still, so that no budget grows, and a room with more long messages than a page has. */
async function scene() {
  const clock = new HandClock()
  const { server, owner } = await TestServer.owned({ limits: 'on' }, { clock, readBudget })
  const mallory = await server.signUp('mallory')
  const alice = await server.signUp('alice')
  const room = await mallory.room('Essays', 'public', [alice])
  for (let n = 0; n < 2 + limits.historyBytes / limits.textBytes; n++)
    await mallory.says(room, 'x'.repeat(limits.textBytes))
  return {
    server,
    owner,
    clock,
    mallory,
    alice,
    room,
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  }
}

/** Reads pages over the socket, and every fifth over HTTP, until the server has had enough. */
async function readUntilRefused(person: Person, socket: TestSocket, room: RoomId) {
  for (let n = 0; n < 1_000; n++) {
    const reply = await socket.call('messages.list', { room })
    if ('error' in reply) return reply.error
    assert.equal(reply.ok.messages.length, limits.historyBytes / limits.textBytes)
    assert.ok(reply.ok.before)
    if (n % 5 === 0) await (await person.fetch(`/api/rooms/${room}/messages`)).text()
  }
  throw new Error('nobody refused')
}

/** Some input: who has read too much is refused before anybody looks at it. */
const anyInput = {
  id: newId<UserId>(),
  room: newId<RoomId>(),
  message: newId<MessageId>(),
}

test('what one person reads is bounded, over both transports and all connections together, and nobody else is', async () => {
  await using s = await scene()
  const { server, mallory, alice, room, clock } = s
  using socket = await TestSocket.of(server, mallory)
  using other = await TestSocket.of(server, mallory)
  const refusal = await readUntilRefused(mallory, socket, room)
  assert.equal(refusal.code, 'rate_limited')
  assert.ok((refusal.retryAfter ?? 0) >= 1)
  for (const name of reads) {
    if (operations[name].transport === 'both') {
      const reply = await other.call(name, anyInput)
      assert.equal('error' in reply && reply.error.code, 'rate_limited', `${name} over a socket`)
    }
    const path = operations[name].path.replace(/\{(\w+)\}/g, newId())
    const response = await mallory.fetch(path)
    if (response.status === 403) continue
    assert.equal(response.status, 429, `${name} over HTTP`)
    assert.ok(Number(response.headers.get('retry-after')) >= 1, name)
  }
  const picture = await mallory.fetch(`/files/${newId<AvatarId>()}/128.webp`)
  assert.equal(picture.status, 429)
  using third = new TestSocket(server.url, { cookie: mallory.cookie, origin: server.url })
  await third.opened()
  third.send({ t: 'hello', v: 1, cursors: {} })
  assert.equal(await third.closed, 4009)
  assert.equal((await third.frame('bye')).after, 1_000 * (refusal.retryAfter ?? 0))
  // Writing is another matter, and so is everybody else.
  await mallory.says(room, 'still here')
  using hers = await TestSocket.of(server, alice)
  assert.ok('ok' in (await hers.call('messages.list', { room })))
  assert.ok((await alice.call('bootstrap.get', {})).users.length > 0)
  clock.turn((refusal.retryAfter ?? 1) * 1_000)
  assert.ok('ok' in (await socket.call('messages.list', { room })))
})

test('a catch-up has a budget of its own: it waits for that, comes whole, and is in the way of no read or hello', async () => {
  await using s = await scene()
  const { server, mallory, room, clock } = s
  const { seq } = await mallory.call('rooms.get', { id: room })
  const topic = `room:${room}` as const
  const enough = Math.ceil(readBudget.burst / (limits.historyBytes + limits.textBytes))
  const late: TestSocket[] = []
  let whole = 0
  const all: Promise<unknown>[] = []
  for (let n = 0; n < enough + 8; n++) {
    const socket = await TestSocket.of(server, mallory, { [topic]: 0 })
    late.push(socket)
    all.push(socket.until(topic, seq).then(() => whole++))
  }
  using further = await TestSocket.of(server, mallory)
  assert.ok('ok' in (await further.call('messages.list', { room })))
  assert.ok(whole <= enough + 2, `${whole} catch-ups, though there was enough for ${enough}`)
  clock.turn(20_000)
  await Promise.all(all)
  for (const socket of late) socket[Symbol.dispose]()
})

test('catch-ups leave as many reads as there were', async () => {
  await using s = await scene()
  const { server, mallory, room, clock } = s
  const { seq } = await mallory.call('rooms.get', { id: room })
  const before = await pagesLeft(mallory, room)
  clock.turn(20_000)
  for (let n = 0; n < 5; n++) {
    using late = await TestSocket.of(server, mallory, { [`room:${room}`]: 0 })
    await late.until(`room:${room}`, seq)
  }
  const after = await pagesLeft(mallory, room)
  assert.ok(after >= before - 1, `${before} pages before, ${after} after 5 catch-ups of more than a page`)
})

/** How many pages are read until the budget is spent. */
async function pagesLeft(person: Person, room: RoomId): Promise<number> {
  for (let n = 0; ; n++) {
    const page = await person.fetch(`/api/rooms/${room}/messages`)
    await page.text()
    if (page.status === 429) return n
  }
}

test('one person has a bounded number of sockets; one more is told when to come back, and nobody else is', async () => {
  await using s = await scene()
  const { server, mallory, alice } = s
  const open: TestSocket[] = []
  for (let n = 0; n < limits.socketsAPerson; n++) open.push(await TestSocket.of(server, mallory))
  using surplus = new TestSocket(server.url, { cookie: mallory.cookie, origin: server.url })
  await surplus.opened()
  surplus.send({ t: 'hello', v: 1, cursors: {} })
  const bye = await surplus.frame('bye')
  assert.deepEqual([bye.code, bye.after], [4009, 30_000])
  assert.equal(await surplus.closed, 4009)
  using hers = await TestSocket.of(server, alice)
  assert.ok('ok' in (await hers.call('me.get', {})))
  const [first] = open
  first?.[Symbol.dispose]()
  await first?.closed
  using again = await TestSocket.of(server, mallory)
  assert.ok('ok' in (await again.call('me.get', {})))
  for (const socket of open) socket[Symbol.dispose]()
})
