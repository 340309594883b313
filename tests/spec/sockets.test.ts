import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { MessageId, RoomId } from '../../contract/ids.ts'
import { newId, roomTopic } from '../../contract/ids.ts'
import { limits } from '../../contract/limits.ts'
import type { Person } from '../support/app.ts'
import { TestServer } from '../support/app.ts'
import { den } from '../support/den.ts'
import { HandClock } from '../support/hand-clock.ts'
import { TestSocket } from '../support/socket.ts'

let server: TestServer
let alice: Person
let bob: Person
let room: RoomId

before(async () => {
  ;({ server, alice, bob, room } = await den())
})
after(() => server[Symbol.asyncDispose]())

const byCookie = (who: Person) => ({ cookie: who.cookie, origin: server.url })

test('alice is the same person by cookie, by bearer header and by the token in her hello', async () => {
  const { token, id } = await alice.token()
  using page = await TestSocket.in(server.url, byCookie(alice))
  using script = await TestSocket.in(server.url, { bearer: token })
  using first = await TestSocket.in(server.url, {}, {}, { token })
  for (const socket of [page, script, first]) assert.equal((await socket.frame('welcome')).me, alice.id)
  assert.equal((await script.frame('welcome')).session, id)
  assert.equal((await first.frame('welcome')).session, id)
})

test('[P4] before identity nothing is processed and nothing is heard', async () => {
  using socket = new TestSocket(server.url)
  await socket.opened()
  socket.send({ t: 'call', ref: 1, op: 'bootstrap.get', input: {} })
  assert.equal(await socket.closed, 4002)
  assert.deepEqual(
    socket.frames.map(frame => frame.t),
    ['bye'],
  )
})

test('[P4] a call that comes right behind the hello waits for the identity to be proven', async () => {
  const { token } = await alice.token()
  using good = new TestSocket(server.url)
  await good.opened()
  good.send({ t: 'hello', v: 1, token, cursors: {} })
  good.send({ t: 'call', ref: 7, op: 'me.get', input: {} })
  const reply = await good.frame('reply')
  assert.ok('ok' in reply)
  assert.equal(good.frames[0]?.t, 'welcome')
  using bad = new TestSocket(server.url)
  await bad.opened()
  bad.send({ t: 'hello', v: 1, token: 'confab_wrong', cursors: {} })
  bad.send({ t: 'call', ref: 7, op: 'me.get', input: {} })
  assert.equal(await bad.closed, 4001)
  assert.deepEqual(
    bad.frames.map(frame => frame.t),
    ['bye'],
  )
})

for (const [what, upgrade] of [
  ['a cookie that is no session', { cookie: 'confab=nothing' }],
  ['an empty bearer', { bearer: '' }],
  ['a bearer that is no token', { bearer: 'confab_0000' }],
] as const)
  test(`[P4] ${what} is upgraded and closed with 4001, or refused, and hears nothing`, async () => {
    using socket = new TestSocket(server.url, { ...upgrade, origin: server.url })
    if ((await socket.opened()) !== 'open') return
    socket.send({ t: 'hello', v: 1, cursors: {} })
    assert.equal(await socket.closed, 4001)
    assert.deepEqual(
      socket.frames.map(frame => frame.t),
      ['bye'],
    )
  })

test('[P4] sockets without identity are bounded per address, and those who say who they are come in beside them', async () => {
  await using strict = await TestServer.bare({ limits: 'on' })
  const owner = await strict.setUp()
  const waiting = Array.from({ length: limits.unnamedSocketsAnAddress }, () => new TestSocket(strict.url))
  await Promise.all(waiting.map(socket => socket.opened()))
  using more = new TestSocket(strict.url)
  assert.equal(await more.opened(), 429)
  using known = await TestSocket.in(strict.url, { cookie: owner.cookie, origin: strict.url })
  await known.settled()
  for (const socket of waiting) socket.raw.terminate()
})

test('[P5] a wrong origin, and a cookie without any, are refused before the upgrade', async () => {
  using foreign = new TestSocket(server.url, { cookie: alice.cookie, origin: 'https://mallory.example' })
  assert.equal(await foreign.opened(), 403)
  using none = new TestSocket(server.url, { cookie: alice.cookie })
  assert.equal(await none.opened(), 403)
  const { token } = await alice.token()
  using bearer = new TestSocket(server.url, { bearer: token, origin: 'https://mallory.example' })
  assert.equal(await bearer.opened(), 403)
  using host = new TestSocket(server.url, { bearer: token, host: 'mallory.example' })
  assert.equal(await host.opened(), 421)
})

test('[P3] a wrong version closes with 4003, in the hello and as another subprotocol', async () => {
  using socket = new TestSocket(server.url, byCookie(alice))
  await socket.opened()
  socket.send({ t: 'hello', v: 2, cursors: {} })
  assert.equal(await socket.closed, 4003)
  using later = new TestSocket(server.url, { ...byCookie(alice), protocols: ['confab.v9'] })
  assert.equal(await later.opened(), 'open')
  assert.equal(await later.closed, 4003)
  using other = new TestSocket(server.url, { ...byCookie(alice), protocols: ['chat'] })
  assert.equal(await other.opened(), 400)
})

test('[P2] a frame over the bound closes with 4013, and the longest frame within it does not', async () => {
  using socket = await TestSocket.in(server.url, byCookie(alice))
  const empty = JSON.stringify({ t: 'call', ref: 1, op: 'me.get', input: '' }).length
  socket.send({ t: 'call', ref: 1, op: 'me.get', input: 'x'.repeat(limits.frameBytes - empty) })
  await socket.frame('reply', reply => reply.ref === 1)
  socket.send('x'.repeat(limits.frameBytes + 1))
  assert.equal(await socket.closed, 4013)
})

test('[P1] an unknown frame, field or operation is an error, and the connection stays', async () => {
  using socket = await TestSocket.in(server.url, byCookie(alice))
  socket.send({ t: 'shout' })
  assert.equal((await socket.frame('error')).code, 'invalid')
  socket.send({ t: 'ping', loud: true })
  assert.equal((await socket.frame('error', error => error.field === 'loud')).code, 'invalid')
  for (const [op, input, field] of [
    ['messages.shout', {}, 'op'],
    ['messages.post', { id: newId(), room, text: 'hi', loud: true }, 'loud'],
    ['messages.post', { id: { $ne: null }, room, text: 'hi' }, 'id'],
    ['messages.post', null, undefined],
  ] as const) {
    const reply = await socket.call(op as 'me.get', input as never)
    assert.ok('error' in reply && reply.error.code === 'invalid', JSON.stringify(reply))
    if (field) assert.equal(reply.error.field, field)
  }
  socket.send({ t: 'call', ref: 99, op: 'me.get', input: {}, extra: 1 })
  assert.ok('error' in (await socket.frame('reply', reply => reply.ref === 99)))
  assert.ok('ok' in (await socket.call('me.get', {})))
})

test('[P1] what is no protocol at all closes with 4002', async () => {
  for (const wrong of ['not json', '[]', '"hello"', '{"t":"hello","v":1,"cursors":{}}']) {
    using socket = await TestSocket.in(server.url, byCookie(alice))
    socket.send(wrong)
    assert.equal(await socket.closed, 4002, wrong)
  }
  using binary = await TestSocket.in(server.url, byCookie(alice))
  binary.raw.send(Buffer.from('{"t":"ping"}'), { binary: true })
  assert.equal(await binary.closed, 4002)
})

test('[P1] a hello with a wrong cursor is an error, and may be said again', async () => {
  using socket = new TestSocket(server.url, byCookie(alice))
  await socket.opened()
  socket.send({ t: 'hello', v: 1, cursors: { '__proto__:x': 3 } })
  assert.equal((await socket.frame('error')).code, 'invalid')
  socket.send({ t: 'hello', v: 1, cursors: {} })
  await socket.frame('welcome')
})

test('two hundred posts that alice sends at once on one socket are appended in her order', async () => {
  using socket = await TestSocket.in(server.url, byCookie(alice))
  const ids = Array.from({ length: 200 }, () => newId<MessageId>())
  const replies = await Promise.all(
    ids.map((id, n) =>
      socket.call('messages.post', { id, room, text: `${n} `.padEnd(1 + ((n * 37) % 900), 'x') }),
    ),
  )
  const seqs = replies.map(reply => ('ok' in reply ? reply.ok.seq : 0))
  assert.deepEqual(
    seqs,
    [...seqs].sort((a, b) => a - b),
  )
  assert.equal(new Set(seqs).size, 200)
})

test('[F4] signing out closes the sockets of that session and no others', async () => {
  const carol = await server.signUp('carol')
  const again = await server.signIn('carol')
  using one = await TestSocket.in(server.url, byCookie(carol))
  using two = await TestSocket.in(server.url, byCookie(again))
  await carol.call('account.signOut', {})
  assert.equal(await one.closed, 4001)
  await two.settled()
})

test('[F4] revoking a token and deactivating a user close their sockets', async () => {
  const dave = await server.signUp('dave')
  const { id, token } = await dave.token()
  using script = await TestSocket.in(server.url, { bearer: token })
  using page = await TestSocket.in(server.url, byCookie(dave))
  await dave.call('tokens.remove', { id })
  assert.equal(await script.closed, 4001)
  await page.settled()
  await alice.call('users.change', { id: dave.id, state: 'deactivated' })
  assert.equal(await page.closed, 4001)
})

test('[F4] a session that ends between the upgrade and the hello gets nothing after it', async () => {
  const erin = await server.signUp('erin')
  using socket = new TestSocket(server.url, byCookie(erin))
  await socket.opened()
  await erin.call('account.signOut', {})
  socket.send({ t: 'hello', v: 1, cursors: {} })
  assert.equal(await socket.closed, 4001)
})

test('[S1] typing reaches the other members, not oneself, not outsiders, and is stored nowhere', async () => {
  const mallory = await server.signUp('mallory')
  using typist = await TestSocket.in(server.url, byCookie(alice))
  using reader = await TestSocket.in(server.url, byCookie(bob))
  using outsider = await TestSocket.in(server.url, byCookie(mallory))
  const before = await alice.call('rooms.get', { id: room })
  outsider.send({ t: 'signal', s: 'typing', room })
  await outsider.settled()
  typist.send({ t: 'signal', s: 'typing', room })
  const signal = await reader.frame('signal', frame => frame.s === 'typing')
  assert.deepEqual(signal, { t: 'signal', s: 'typing', room, user: alice.id })
  for (const socket of [typist, outsider]) {
    await socket.settled()
    assert.equal(
      socket.frames.some(frame => frame.t === 'signal'),
      false,
    )
  }
  assert.equal((await alice.call('rooms.get', { id: room })).seq, before.seq)
})

test('bob sees alice come and go, and hears of nobody whom he does not watch', async () => {
  const frank = await server.signUp('frank')
  using watcher = await TestSocket.in(server.url, byCookie(bob))
  watcher.send({ t: 'watch', users: [frank.id] })
  const state = (s: string) =>
    watcher.frame('signal', frame => frame.s === 'presence' && frame.user === frank.id && frame.state === s)
  await state('offline')
  const page = await TestSocket.in(server.url, byCookie(frank))
  await state('online')
  page.close()
  await watcher.frame(
    'signal',
    frame => frame.s === 'presence' && frame.state === 'offline',
    watcher.frames.length,
  )
  assert.equal(
    watcher.frames.some(frame => frame.t === 'signal' && frame.user !== frank.id),
    false,
  )
})

test('[S2] the presence of somebody whose line died without a goodbye ends within 60 s', async () => {
  const clock = new HandClock()
  await using quiet = await TestServer.bare({}, { clock })
  const owner = await quiet.setUp()
  const gone = await quiet.signUp('gone')
  using watcher = await TestSocket.in(quiet.url, { cookie: owner.cookie, origin: quiet.url })
  using mute = await TestSocket.in(quiet.url, { cookie: gone.cookie, origin: quiet.url, mute: true })
  watcher.send({ t: 'watch', users: [gone.id] })
  await watcher.frame('signal', frame => frame.s === 'presence' && frame.state === 'online')
  for (let seconds = 0; seconds < 60; seconds += 5) {
    clock.turn(5_000)
    await watcher.settled()
  }
  await watcher.frame('signal', frame => frame.s === 'presence' && frame.state === 'offline')
  assert.equal(watcher.raw.readyState, watcher.raw.OPEN)
  await mute.closed
})

test('when the server ends, every socket is told when to come back', async () => {
  const other = await TestServer.bare()
  const owner = await other.setUp()
  using socket = await TestSocket.in(other.url, { cookie: owner.cookie, origin: other.url })
  await other[Symbol.asyncDispose]()
  const bye = await socket.frame('bye')
  assert.equal(bye.code, 4000)
  assert.ok((bye.after ?? 0) > 0)
  assert.equal(await socket.closed, 4000)
})

test('a room that alice is not in is gone, the same whether it is there or not', async () => {
  const theirs = await bob.room('secret', 'private')
  const absent = newId<RoomId>()
  using socket = await TestSocket.in(server.url, byCookie(alice), {
    [roomTopic(theirs)]: 1,
    [roomTopic(absent)]: 1,
  })
  const gone = [roomTopic(theirs), roomTopic(absent)]
  for (const topic of gone) await socket.frame('gone', frame => frame.topic === topic)
})
