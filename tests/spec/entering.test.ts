import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { RoomId, Topic } from '../../contract/ids.ts'
import { roomTopic, userTopic } from '../../contract/ids.ts'
import type { Announcement } from '../../server/core/ports/bus.ts'
import type { Store } from '../../server/core/ports/store.ts'
import type { Person } from '../support/app.ts'
import { joinedBuses } from '../support/joined-bus.ts'
import { Nodes } from '../support/nodes.ts'
import { TestSocket } from '../support/socket.ts'

/** Something that is held up when the test says so, until it lets it go. */
class Gate {
  readonly asked = Promise.withResolvers<void>()
  readonly #open = Promise.withResolvers<void>()
  shut = false

  async pass(): Promise<void> {
    if (!this.shut) return
    this.asked.resolve()
    await this.#open.promise
  }

  letGo(): void {
    this.shut = false
    this.#open.resolve()
  }
}

/** Two nodes, the second of whose reading and hearing is spoilt as the test says: alice and carol are in a room whose log is live on it; bob is not yet. */
async function lagging(wrap: (store: Store) => Store = store => store) {
  const lost = { is: (_: Announcement): boolean => false }
  const buses = joinedBuses(2, (announcement, tell) => lost.is(announcement) || tell(announcement))
  const nodes = await Nodes.open(2, { buses, overrides: n => (n === 1 ? { store: wrap } : {}) })
  const alice = await nodes.first.setUp('alice')
  const bob = await nodes.first.signUp('bob')
  const carol = await nodes.first.signUp('carol')
  const room = await alice.room('Plans', 'public', [carol])
  await nodes.seen()
  const carols = await TestSocket.of(nodes.second, nodes.at(nodes.second, carol))
  return { lost, nodes, alice, bob, room, carols, bobThere: nodes.at(nodes.second, bob) }
}

/** What is said now is heard, with everything from the room's beginning anew on. */
async function hears(socket: TestSocket, alice: Person, room: RoomId): Promise<void> {
  const { seq } = await alice.says(room, 'for all of us')
  await socket.until(roomTopic(room), seq)
}

test('[F2] [F7] whoever is added to a room while they connect is served it', async () => {
  const gate = new Gate()
  const held = (store: Store): Store => ({
    ...store,
    roomsOf: async user => {
      const rooms = await store.roomsOf(user)
      await gate.pass()
      return rooms
    },
  })
  const { nodes, alice, bob, room, carols, bobThere } = await lagging(held)
  await using _ = nodes
  using _carols = carols
  gate.shut = true
  const connecting = TestSocket.of(nodes.second, bobThere)
  await gate.asked.promise
  const { seq } = await alice.call('members.put', { id: room, user: bob.id })
  await carols.until(roomTopic(room), seq)
  gate.letGo()
  using bobs = await connecting
  await bobs.frame('reset', frame => frame.topic === roomTopic(room))
  await hears(bobs, alice, room)
})

test('[F2] [F3] a node that has not heard yet that somebody is in a room serves it to them all the same', async () => {
  const { lost, nodes, alice, bob, room, carols, bobThere } = await lagging()
  await using _ = nodes
  using _carols = carols
  lost.is = () => true
  const { seq } = await alice.call('members.put', { id: room, user: bob.id })
  const { cursors } = await bob.call('bootstrap.get', {})
  using bobs = await TestSocket.of(nodes.second, bobThere, cursors)
  lost.is = () => false
  await hears(bobs, alice, room)
  assert.deepEqual(
    bobs.frames.filter(frame => frame.t === 'gone'),
    [],
  )
  assert.ok(bobs.heard(roomTopic(room)).every(heard => heard.seq > seq))
})

test('[F2] [F3] whose room cannot be read when they come into it is told to come again', async () => {
  const spoilt = { topic: '' }
  const failing = (store: Store): Store => ({
    ...store,
    events: (topic, after, page) =>
      topic === spoilt.topic ? Promise.reject(new Error('out of reach')) : store.events(topic, after, page),
  })
  const { lost, nodes, alice, bob, room, carols, bobThere } = await lagging(failing)
  await using _ = nodes
  using _carols = carols
  using bobs = await TestSocket.of(nodes.second, bobThere)
  spoilt.topic = roomTopic(room)
  lost.is = ({ topic }) => topic === roomTopic(room)
  await alice.call('members.put', { id: room, user: bob.id })
  assert.equal(await bobs.closed, 1001)
})

test('[F2] [F3] a reading of the room that began before somebody came into it is not taken for one after', async () => {
  const gate = new Gate()
  let held: Topic | null = null
  const slow = (store: Store): Store => ({
    ...store,
    events: async (topic, after, page) => {
      const read = await store.events(topic, after, page)
      if (topic === held) await gate.pass()
      return read
    },
  })
  const { lost, nodes, alice, bob, room, carols, bobThere } = await lagging(slow)
  await using _ = nodes
  using _carols = carols
  using bobs = await TestSocket.of(nodes.second, bobThere)
  held = roomTopic(room)
  gate.shut = true
  // One is lost: the gap that the next shows is read, slowly.
  let announced = 0
  lost.is = ({ topic }) => topic === roomTopic(room) && announced++ === 0
  await alice.says(room, 'lost on its way')
  await alice.says(room, 'heard')
  await gate.asked.promise
  lost.is = ({ topic }) => topic === roomTopic(room)
  const { seq } = await alice.call('members.put', { id: room, user: bob.id })
  await bobs.frame('events', frame => frame.topic === userTopic(bob.id))
  gate.letGo()
  lost.is = () => false
  await bobs.frame('reset', frame => frame.topic === roomTopic(room) && frame.head >= seq)
  await hears(bobs, alice, room)
})

test('[F4] [F6] who deleted a direct room and has it again gets nothing from before it from a node that heard of neither', async () => {
  const { lost, nodes, alice, bob, carols, bobThere } = await lagging()
  await using _ = nodes
  using _carols = carols
  const { room } = await bob.call('direct.open', { users: [alice.id] })
  const topic = roomTopic(room.id)
  const { seq: cursor } = await bob.says(room.id, 'hello')
  await nodes.seen()
  using earlier = await TestSocket.of(nodes.second, bobThere)
  await earlier.settled()
  lost.is = () => true
  await bob.says(room.id, 'what is deleted')
  await bob.call('direct.remove', { id: room.id })
  const { membership } = await bob.call('direct.open', { users: [alice.id] })
  assert.ok(membership)
  using bobs = await TestSocket.of(nodes.second, bobThere, { [topic]: cursor })
  const { head } = await bobs.frame('reset', frame => frame.topic === topic && frame.why === 'behind')
  assert.ok(head >= membership.since)
  lost.is = () => false
  await hears(bobs, alice, room.id)
  assert.ok(bobs.heard(topic).every(({ seq }) => seq > membership.since))
})

test('[F2] [F4] who was removed and added again before the node heard of either is served the room', async () => {
  const { lost, nodes, alice, bob, room, carols, bobThere } = await lagging()
  await using _ = nodes
  using _carols = carols
  await alice.call('members.put', { id: room, user: bob.id })
  using bobs = await TestSocket.of(nodes.second, bobThere)
  await hears(bobs, alice, room)
  lost.is = ({ topic }) => topic === roomTopic(room)
  await alice.call('members.remove', { id: room, user: bob.id })
  await bobs.frame('gone', frame => frame.topic === roomTopic(room))
  const { seq } = await alice.call('members.put', { id: room, user: bob.id })
  await bobs.frame('reset', frame => frame.topic === roomTopic(room))
  lost.is = () => false
  await carols.until(roomTopic(room), seq)
  await hears(bobs, alice, room)
})
