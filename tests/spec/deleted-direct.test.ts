import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { MessageId, RoomId } from '../../contract/ids.ts'
import { newId, roomTopic } from '../../contract/ids.ts'
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

/** A conversation of the two that alice deleted for herself and opened again, with her old message in it. */
async function begunAnew(): Promise<{ room: RoomId; old: MessageId; since: number }> {
  const { room } = await alice.call('direct.open', { users: [bob.id] })
  const { id: old } = await alice.says(room.id, 'the old secret')
  await bob.says(room.id, 'the old answer')
  await alice.call('direct.remove', { id: room.id })
  const { membership } = await alice.call('direct.open', { users: [bob.id] })
  assert.ok(membership)
  return { room: room.id, old, since: membership.since }
}

test('[F4] whoever deleted a direct room for themselves hears nothing from before it by an old cursor', async () => {
  const begun = await begunAnew()
  const { room } = begun
  let { since } = begun
  const topic = roomTopic(room)
  for (const cursor of [0, 1, since - 1]) {
    using socket = await TestSocket.of(server, alice, { [topic]: cursor })
    const reset = await socket.frame('reset', frame => frame.topic === topic)
    assert.deepEqual([reset.head, reset.why], [since, 'behind'])
    const { seq } = await bob.says(room, 'new')
    await socket.until(topic, seq)
    assert.ok(socket.heard(topic).every(heard => heard.seq > since))
    await alice.call('direct.remove', { id: room })
    const again = await alice.call('direct.open', { users: [bob.id] })
    assert.ok(again.membership)
    since = again.membership.since
  }
})

test('[F4] that holds on a node that had the room in memory when it was deleted, and the other has all of it', async () => {
  using alices = await TestSocket.of(server, alice)
  const { room } = await begunAnew()
  const topic = roomTopic(room)
  await alices.frame('gone', frame => frame.topic === topic)
  using again = await TestSocket.of(server, alice, { [topic]: 0 })
  await again.frame('reset', frame => frame.topic === topic && frame.why === 'behind')
  await again.settled()
  assert.deepEqual(again.heard(topic), [])
  const { membership } = await bob.call('rooms.get', { id: room })
  assert.ok(membership)
  using bobs = await TestSocket.of(server, bob, { [topic]: membership.since })
  const { seq } = await bob.says(room, 'all of it')
  await bobs.until(topic, seq)
  const heard = bobs.heard(topic).filter(({ event }) => event.e === 'message.posted')
  assert.ok(heard.length >= 3)
})

test('[A2] whoever deleted a direct room for themselves quotes nothing from before it, and the other may', async () => {
  const { room, old } = await begunAnew()
  const refused = await alice.refused('messages.post', {
    id: newId<MessageId>(),
    room,
    text: 'I said',
    quote: old,
  })
  const nowhere = await alice.refused('messages.post', {
    id: newId<MessageId>(),
    room,
    text: 'I said',
    quote: newId<MessageId>(),
  })
  assert.deepEqual(refused, nowhere)
  assert.deepEqual([refused.code, refused.field], ['not_found', 'quote'])
  await bob.call('messages.post', { id: newId<MessageId>(), room, text: 'You said', quote: old })
  const { id } = await bob.says(room, 'new')
  await alice.call('messages.post', { id: newId<MessageId>(), room, text: 'Yes', quote: id })
})
