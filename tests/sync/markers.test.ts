import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Message } from '../../contract/entities.ts'
import type { Event } from '../../contract/events.ts'
import type { Seq } from '../../contract/ids.ts'
import { generalRead, world } from './history.ts'
import { postsOf } from './posts.ts'
import { alice, aliceTopic, general, online, refusal, settle } from './scripted.ts'

/** The event of alice's marker. */
const movedTo = (seq: Seq): Event => ({ e: 'read.moved', by: alice, at: 1, room: general, seq, head: 300 })

test('the divider "new" stands where alice left off, and does not move while she reads; her marker moves once, and only forward', async () => {
  const { server, clock, device } = world(300, 290)
  await using client = await online(server, device)
  const moves: unknown[] = []
  server.handlers['reads.move'] = input => {
    moves.push(input)
    return { ok: { read: Number(input.seq), unread: 0, seq: 300 } }
  }
  using open = client.open(general)
  await settle()
  assert.equal(open.snapshot().newAfter, 290)
  assert.equal(client.snapshot().unread.get(general), 10)
  void open.markRead()
  assert.equal(client.snapshot().unread.get(general), undefined)
  void open.markRead()
  await clock.turn(1_000)
  assert.deepEqual(moves, [{ id: general, seq: 300 }])
  assert.equal(client.snapshot().unread.get(general), undefined)
  server.socket.events(aliceTopic, 4, movedTo(300))
  assert.equal(client.snapshot().unread.get(general), undefined)
  assert.equal(open.snapshot().newAfter, 290)
  void open.markRead()
  await clock.turn(1_000)
  assert.equal(moves.length, 1)
  // From another device she marks it unread, and here she reads it once more.
  server.handlers['rooms.get'] = () => ({ ok: generalRead(299, 1) })
  server.socket.events(aliceTopic, 5, movedTo(299))
  await settle()
  assert.equal(client.snapshot().unread.get(general), 1)
  void open.markRead()
  assert.equal(client.snapshot().unread.has(general), false)
  await clock.turn(1_000)
  assert.equal(moves.length, 2)
})

test('what alice read when her tab goes out of view is told at once, once, and so that it outlives the tab', async () => {
  const { server, clock, device } = world(300, 290)
  await using client = await online(server, device)
  using open = client.open(general)
  await settle()
  device.hide()
  void open.markRead()
  device.hide()
  await settle()
  assert.deepEqual(server.called('reads.move'), [{ id: general, seq: 300 }])
  assert.deepEqual(server.lasting, ['reads.move'])
  device.hide()
  await clock.turn(60_000)
  assert.equal(server.called('reads.move').length, 1)
})

test('what alice reads while she is offline counts as read, and the server is told when she is back', async () => {
  const { server, clock, device } = world(300, 290)
  await using client = await online(server, device)
  using open = client.open(general)
  await settle()
  server.isReachable = false
  server.socket.close(1006)
  void open.markRead()
  await clock.turn(1_000)
  assert.equal(client.snapshot().unread.get(general), undefined)
  server.isReachable = true
  client.reconnect()
  await settle()
  const before = server.called('reads.move').length
  server.socket.welcome()
  await clock.turn(1_000)
  assert.equal(server.called('reads.move').length, before + 1)
  assert.equal(client.snapshot().unread.get(general), undefined)
})

test('alice marks a message unread, and looking at it does not undo that', async () => {
  const { server, clock, device, history } = world()
  await using client = await online(server, device)
  server.handlers['reads.back'] = () => ({ ok: { read: 279, unread: 21, seq: 300 } })
  server.handlers['rooms.get'] = () => ({ ok: generalRead(279, 21) })
  using open = client.open(general)
  await settle()
  await open.markUnreadFrom(history[279] as Message)
  server.socket.events(aliceTopic, 4, movedTo(279))
  await settle()
  assert.equal(client.snapshot().unread.get(general), 21)
  assert.equal(open.snapshot().newAfter, 279)
  assert.equal(open.look({ first: 285, last: 300, newest: 300, position: null, isWatched: true }), 280)
  await clock.turn(1_000)
  assert.equal(server.called('reads.move').length, 0)
})

test('a server that cannot take the marker now is asked again patiently, and what alice read stays read meanwhile', async () => {
  const { server, clock, device } = world(300, 290)
  await using client = await online(server, device)
  server.handlers['reads.move'] = () => refusal('unavailable')
  using open = client.open(general)
  await settle()
  let shown = 0
  using _shown = {
    [Symbol.dispose]: client.subscribe(() => client.snapshot().unread.has(general) && shown++),
  }
  // As the page does: whenever something that is looked at is unread.
  void open.markRead()
  client.subscribe(() => client.snapshot().unread.has(general) && void open.markRead())
  await clock.turn(60_000)
  const tries = server.called('reads.move').length
  assert.ok(tries > 1 && tries <= 12, `${tries} tries in a minute`)
  assert.equal(shown, 0)
  server.handlers['reads.move'] = input => ({ ok: { read: Number(input.seq), unread: 0, seq: 300 } })
  await clock.turn(40_000)
  assert.equal(server.called('reads.move').length, tries + 1)
})

test('a marker that is refused is not told again', async () => {
  const { server, clock, device } = world(300, 290)
  await using client = await online(server, device)
  server.handlers['reads.move'] = () => refusal('denied')
  using open = client.open(general)
  await settle()
  void open.markRead()
  client.subscribe(() => client.snapshot().unread.has(general) && void open.markRead())
  await clock.turn(60_000)
  assert.equal(server.called('reads.move').length, 1)
})

test('[C3] what alice reads offline counts, and is told when the page was closed and opened anew', async () => {
  const { server, clock, device } = world(300, 290)
  const client = await online(server, device)
  const open = client.open(general)
  await settle()
  server.isReachable = false
  server.socket.close(1006)
  void open.markRead()
  await clock.turn(1_000)
  await client[Symbol.asyncDispose]()
  server.isReachable = true
  await using again = await device.tab()
  await settle()
  assert.equal(again.snapshot().unread.has(general), false)
  const before = server.called('reads.move').length
  server.socket.welcome()
  await settle()
  assert.deepEqual(server.called('reads.move').slice(before), [{ id: general, seq: 300 }])
  assert.deepEqual(await device.storage.rows(alice), [])
  assert.equal(again.snapshot().unread.has(general), false)
})

test('[C3] what alice marks unread offline is told, and in the place of what she had read', async () => {
  const { server, clock, device, history } = world(300, 290)
  server.handlers['reads.back'] = () => ({ ok: { read: 279, unread: 21, seq: 300 } })
  const client = await online(server, device)
  const open = client.open(general)
  await settle()
  server.isReachable = false
  server.socket.close(1006)
  void open.markRead()
  await clock.turn(1_000)
  await open.markUnreadFrom(history[279] as Message)
  await client[Symbol.asyncDispose]()
  server.isReachable = true
  await using again = await online(server, device)
  await settle()
  assert.deepEqual(server.called('reads.back'), [{ id: general, seq: 279 }])
  assert.deepEqual(server.called('reads.move'), [])
  assert.equal(again.snapshot().unread.get(general), 10)
})

test('a marker that has to wait holds up no message', async () => {
  const { server, clock, device, history } = world()
  await using client = await online(server, device)
  const posts = postsOf(server)
  server.handlers['reads.back'] = () => refusal('rate_limited', { retryAfter: 60 })
  using open = client.open(general)
  await settle()
  await open.markUnreadFrom(history[279] as Message)
  await clock.turn(1_000)
  await open.post('one')
  await settle()
  assert.deepEqual(posts.texts, ['one'])
})

test('[C3] a marker whose answer was lost is not told again once its event came, and what alice then marks unread elsewhere is unread here', async () => {
  const { server, clock, device } = world(300, 290)
  await using client = await online(server, device)
  server.handlers['reads.move'] = () => ({ unreachable: true })
  using open = client.open(general)
  await settle()
  void open.markRead()
  await clock.turn(500)
  const asked = server.called('reads.move').length
  assert.ok(asked > 0)
  server.socket.events(aliceTopic, 4, movedTo(300))
  await clock.turn(10_000)
  assert.equal(server.called('reads.move').length, asked)
  assert.deepEqual(await device.storage.rows(alice), [])
  server.handlers['rooms.get'] = () => ({ ok: generalRead(299, 1) })
  server.socket.events(aliceTopic, 5, movedTo(299))
  await settle()
  assert.equal(client.snapshot().unread.get(general), 1)
})
