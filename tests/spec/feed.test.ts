import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { MessageId, RoomId, Seq, Topic } from '../../contract/ids.ts'
import { newId, roomTopic, userTopic } from '../../contract/ids.ts'
import { limits } from '../../contract/limits.ts'
import type { Store } from '../../server/core/ports/store.ts'
import type { Person } from '../support/app.ts'
import { TestServer } from '../support/app.ts'
import { TestSocket } from '../support/socket.ts'

let server: TestServer
let alice: Person
let bob: Person

before(async () => {
  server = await TestServer.bare()
  alice = await server.setUp('alice')
  bob = await server.signUp('bob')
})
after(() => server[Symbol.asyncDispose]())

const open = (who: Person, cursors: Partial<Record<Topic, Seq>> = {}, more: object = {}) =>
  TestSocket.in(server.url, { cookie: who.cookie, origin: server.url }, cursors, more)

/** Posts so many texts, many at once on alice's own socket, and answers the room's head after them. */
async function fill(room: RoomId, count: number): Promise<Seq> {
  using socket = await open(alice)
  let head = 0
  for (let left = count; left > 0; left -= 50) {
    const posts = Array.from({ length: Math.min(50, left) }, () => {
      const id = newId<MessageId>()
      return socket.call('messages.post', { id, room, text: `text of ${id}` })
    })
    for (const reply of await Promise.all(posts)) {
      assert.ok('ok' in reply, JSON.stringify(reply))
      head = Math.max(head, reply.ok.seq)
    }
  }
  return head
}

const seqsOf = (socket: TestSocket, topic: Topic): Seq[] => socket.heard(topic).map(({ seq }) => seq)
const range = (from: Seq, to: Seq): Seq[] => Array.from({ length: to - from + 1 }, (_, n) => from + n)

test('[F1] [F2] bob hears each seq once and in order, from where he was to the head', async () => {
  const room = await alice.room('one', 'private', [bob])
  const head = await fill(room, 40)
  using socket = await open(bob, { [roomTopic(room)]: 10 })
  await socket.until(roomTopic(room), head)
  const next = await fill(room, 40)
  await socket.until(roomTopic(room), next)
  assert.deepEqual(seqsOf(socket, roomTopic(room)), range(11, next))
})

test('[F7] [L5] catching up while alice goes on posting leaves no gap and doubles nothing', async () => {
  const room = await alice.room('two', 'private', [bob])
  await fill(room, 1_200)
  const posting = fill(room, 600)
  const sockets = await Promise.all(range(0, 9).map(n => open(bob, { [roomTopic(room)]: n * 100 + 1 })))
  const head = await posting
  for (const [n, socket] of sockets.entries()) {
    await socket.until(roomTopic(room), head)
    assert.deepEqual(seqsOf(socket, roomTopic(room)), range(n * 100 + 2, head))
    socket.close()
  }
})

test('[F6] topics that the hello does not name are opened anew, and events follow the head at once', async () => {
  const room = await alice.room('three', 'private', [bob])
  const head = await fill(room, 5)
  using socket = await open(bob)
  const reset = await socket.frame('reset', frame => frame.topic === roomTopic(room))
  assert.deepEqual(reset, { t: 'reset', topic: roomTopic(room), head, why: 'new' })
  const next = await fill(room, 1)
  await socket.until(roomTopic(room), next)
  assert.deepEqual(seqsOf(socket, roomTopic(room)), [next])
})

test('[F6] a cursor ahead, of another epoch or too far behind is answered with one reset', async () => {
  const room = await alice.room('four', 'private', [bob])
  const topic = roomTopic(room)
  const head = await fill(room, 3)
  const resets = (socket: TestSocket) =>
    socket.frames.filter(frame => frame.t === 'reset' && frame.topic === topic)
  using ahead = await open(bob, { [topic]: head + 7 })
  assert.equal((await ahead.frame('reset', frame => frame.topic === topic)).why, 'ahead')
  using epoch = await open(bob, { [topic]: head }, { epoch: newId() })
  assert.equal((await epoch.frame('reset', frame => frame.topic === topic)).why, 'epoch')
  const next = await fill(room, 2)
  for (const socket of [ahead, epoch]) {
    await socket.until(topic, next)
    assert.equal(resets(socket).length, 1)
    assert.deepEqual(seqsOf(socket, topic), range(head + 1, next))
  }
})

test('[F6] a gap above 5,000 events, or behind the start of a trimmed log, is a reset and never a flood', async () => {
  const room = await alice.room('five', 'private', [bob])
  const topic = roomTopic(room)
  const head = await fill(room, limits.gapEvents + 1)
  using far = await open(bob, { [topic]: 1 })
  assert.equal((await far.frame('reset', frame => frame.topic === topic)).why, 'behind')
  using near = await open(bob, { [topic]: head - limits.gapEvents })
  await near.until(topic, head)
  assert.deepEqual(seqsOf(near, topic), range(head - limits.gapEvents + 1, head))
  await server.app.store.trim({ before: Date.now() + 1_000, keep: 100 })
  using trimmed = await open(bob, { [topic]: head - 200 })
  assert.equal((await trimmed.frame('reset', frame => frame.topic === topic)).why, 'behind')
})

test('[F4] a removed member hears the removal at most, is told that the room is gone, and nothing after it', async () => {
  const room = await alice.room('six', 'private', [bob])
  const topic = roomTopic(room)
  using socket = await open(bob)
  await fill(room, 3)
  const { seq } = await alice.call('members.remove', { id: room, user: bob.id })
  await socket.frame('gone', frame => frame.topic === topic)
  const head = await fill(room, 20)
  await socket.settled()
  assert.ok(seqsOf(socket, topic).every(heard => heard <= seq))
  assert.ok(head > seq)
  using later = await open(bob, { [topic]: seq })
  await later.frame('gone', frame => frame.topic === topic)
  assert.deepEqual(seqsOf(later, topic), [])
})

test('[F4] posts that race a removal never reach the removed', async () => {
  const room = await alice.room('seven', 'private', [bob])
  const topic = roomTopic(room)
  using socket = await open(bob)
  await socket.frame('reset', frame => frame.topic === topic)
  const posting = fill(room, 300)
  const { seq } = await alice.call('members.remove', { id: room, user: bob.id })
  await posting
  await socket.frame('gone', frame => frame.topic === topic)
  await socket.settled()
  assert.ok(seqsOf(socket, topic).every(heard => heard <= seq))
})

test('who joins is told by their own log, begins the room anew, and hears on', async () => {
  const room = await alice.room('eight')
  using socket = await open(bob)
  const { seq } = await bob.call('rooms.join', { id: room })
  const reset = await socket.frame('reset', frame => frame.topic === roomTopic(room))
  assert.equal(reset.head, seq)
  const added = socket.heard(userTopic(bob.id)).at(-1)?.event
  assert.equal(added?.e, 'room.added')
  const next = await fill(room, 2)
  await socket.until(roomTopic(room), next)
  assert.deepEqual(seqsOf(socket, roomTopic(room)), range(seq + 1, next))
})

test('bob leaves and comes back while he is away: his old cursor is plain catch-up', async () => {
  const room = await alice.room('nine', 'private', [bob])
  const topic = roomTopic(room)
  const before = await bob.call('bootstrap.get', {})
  await bob.call('rooms.leave', { id: room })
  await fill(room, 3)
  await alice.call('members.put', { id: room, user: bob.id })
  const head = await fill(room, 1)
  using socket = await open(bob, before.cursors)
  await socket.until(topic, head)
  const own = socket.heard(userTopic(bob.id)).map(({ event }) => event.e)
  assert.deepEqual(own, ['room.removed', 'room.added'])
  const { seq } = await alice.says(room, 'welcome back')
  await socket.until(topic, seq)
  assert.deepEqual(seqsOf(socket, topic), range((before.cursors[topic] ?? 0) + 1, seq))
  assert.ok(
    !socket.frames.some(frame => (frame.t === 'gone' || frame.t === 'reset') && frame.topic === topic),
  )
})

test('[F1] [F6] bob is taken out and put back while he catches up: he begins the room anew, and the old catch-up is over', async () => {
  const held = Promise.withResolvers<void>()
  const asked = Promise.withResolvers<void>()
  let isHeld = false
  const store = (own: Store): Store => ({
    ...own,
    events: async (...of) => {
      const read = await own.events(...of)
      if (!isHeld || !of[0].startsWith('room:')) return read
      asked.resolve()
      await held.promise
      return read
    },
  })
  const one = await TestServer.owned({}, { store })
  await using _ = one
  const bobby = await one.server.signUp('bobby')
  const room = await one.owner.room('Plans', 'private', [bobby])
  const topic = roomTopic(room)
  for (const text of ['one', 'two', 'three']) await one.owner.says(room, text)
  const { cursors } = await bobby.call('bootstrap.get', {})
  isHeld = true
  using socket = await TestSocket.of(one.server, bobby, { ...cursors, [topic]: 2 })
  await asked.promise
  await one.owner.call('members.remove', { id: room, user: bobby.id })
  await one.owner.call('members.put', { id: room, user: bobby.id })
  const { head } = await socket.frame('reset', frame => frame.topic === topic)
  held.resolve()
  const { seq } = await one.owner.says(room, 'welcome back')
  await socket.until(topic, seq)
  await socket.settled()
  assert.deepEqual(seqsOf(socket, topic), range(head + 1, seq))
})

test('[F5] a reader that stops reading is cut at its bound and delays nobody', async () => {
  const room = await alice.room('ten', 'private', [bob])
  const topic = roomTopic(room)
  using stuck = await open(bob)
  using quick = await open(alice)
  await stuck.frame('reset', frame => frame.topic === topic)
  stuck.raw.pause()
  const long = 'x'.repeat(16_000)
  let seq = 0
  while (server.app.sockets.metrics.cut === 0) {
    const said = await Promise.all(range(1, 20).map(() => alice.says(room, long)))
    seq = Math.max(...said.map(one => one.seq))
    await quick.until(topic, seq)
  }
  assert.equal(server.app.sockets.metrics.cut, 1)
  stuck.raw.terminate()
  const { seq: last } = await alice.says(room, 'still here')
  await quick.until(topic, last)
})

test('[L4] edits, deletions, joins and removals are events, and what was deleted is in no catch-up', async () => {
  const room = await alice.room('eleven', 'private', [bob])
  const topic = roomTopic(room)
  const { id, seq } = await alice.says(room, 'canary-in-the-first-text')
  await alice.call('messages.edit', { id, text: 'canary-in-the-second-text', was: 0 })
  await alice.call('messages.remove', { id })
  const { seq: head } = await alice.says(room, 'the end')
  using socket = await open(bob, { [topic]: seq - 1 })
  await socket.until(topic, head)
  assert.deepEqual(
    socket.heard(topic).map(({ event }) => event.e),
    ['message.posted', 'message.edited', 'message.deleted', 'message.posted'],
  )
  assert.equal(JSON.stringify(socket.frames).includes('canary'), false)
})
