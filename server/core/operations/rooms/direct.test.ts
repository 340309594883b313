import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { RoomId } from '../../../../contract/ids.ts'
import { newId, userTopic } from '../../../../contract/ids.ts'
import type { Actor } from '../../../../tests/support/core.ts'
import { TestCore } from '../../../../tests/support/core.ts'
import { joins } from '../users/model.ts'
import { made } from './room-events.ts'

/** Whether the room is in one's list: not hidden, or something was said since. */
async function isListed(actor: Actor, id: RoomId): Promise<boolean> {
  const { room, membership } = await actor.ok('rooms.get', { id })
  return membership?.hidden === 0 || (room.last?.seq ?? 0) > (membership?.hidden ?? 0)
}

/** What somebody's own log tells of rooms, but for those that everyone is in. */
const namesOfLog = async (chat: TestCore, { id }: Actor) =>
  (await chat.events(userTopic(id))).slice(2).map(event => event.e)

test('the same people are the same direct room, in whatever order and whoever opens it', async () => {
  await using chat = await TestCore.open()
  const [alice, bob, carol] = [
    await chat.setUp('alice'),
    await chat.signUp('bob'),
    await chat.signUp('carol'),
  ]
  const room = await alice.direct(bob, carol)
  assert.equal(await carol.direct(bob, alice, carol, bob), room)
  assert.notEqual(await alice.direct(bob), room)
  assert.match(room, /^.{14}8/)
  const { room: seen } = await carol.ok('rooms.get', { id: room })
  assert.deepEqual(seen.people, [alice.id, bob.id, carol.id].sort())
})

test('both open the room at once, and there is one', async () => {
  await using chat = await TestCore.open()
  const [alice, bob] = [await chat.setUp('alice'), await chat.signUp('bob')]
  const opened = await Promise.all([alice, bob, alice, bob].map((who, n) => who.direct(n % 2 ? alice : bob)))
  assert.equal(new Set(opened).size, 1)
  assert.equal((await bob.ok('members.list', { id: opened[0] as RoomId })).members.length, 2)
})

test('bob has the room when something is said in it, and not before', async () => {
  await using chat = await TestCore.open()
  const [alice, bob] = [await chat.setUp('alice'), await chat.signUp('bob')]
  const room = await alice.direct(bob)
  assert.equal(await isListed(alice, room), true)
  await bob.refused('rooms.get', { id: room }, 'not_found')
  assert.deepEqual(await namesOfLog(chat, bob), [])
  await alice.says(room, 'hello')
  assert.equal(await isListed(bob, room), true)
  const { unread, room: seen } = await bob.ok('rooms.get', { id: room })
  assert.deepEqual([unread, seen.people], [1, [alice.id, bob.id].sort()])
})

test('twenty write the first message at once, and each is in the room once', async () => {
  await using chat = await TestCore.open()
  const [alice, bob, carol] = [
    await chat.setUp('alice'),
    await chat.signUp('bob'),
    await chat.signUp('carol'),
  ]
  const room = await alice.direct(bob, carol)
  await bob.direct(alice, carol)
  await Promise.all(Array.from({ length: 20 }, (_, n) => (n % 2 ? alice : bob).says(room, `${n}`)))
  assert.equal((await carol.ok('members.list', { id: room })).members.length, 3)
  assert.equal((await carol.ok('messages.list', { room })).messages.length, 20)
})

test('one hides a room until the next message, or until one opens it again', async () => {
  await using chat = await TestCore.open()
  const [alice, bob] = [await chat.setUp('alice'), await chat.signUp('bob')]
  const room = await alice.direct(bob)
  await alice.says(room, 'hello')
  await bob.ok('rooms.leave', { id: room })
  assert.equal(await isListed(bob, room), false)
  await alice.says(room, 'are you there?')
  assert.equal(await isListed(bob, room), true)
  await bob.ok('rooms.leave', { id: room })
  await bob.direct(alice)
  assert.equal(await isListed(bob, room), true)
  assert.equal((await bob.ok('rooms.get', { id: room })).membership?.hidden, 0)
  assert.equal((await bob.ok('messages.list', { room })).messages.length, 2)
})

test('nobody talks to themselves, to nobody, or to who may not sign in', async () => {
  await using chat = await TestCore.open()
  const [alice, bob] = [await chat.setUp('alice'), await chat.signUp('bob')]
  await alice.refused('direct.open', { users: [] }, 'invalid', 'users')
  await alice.refused('direct.open', { users: [alice.id] }, 'invalid', 'users')
  await alice.refused('direct.open', { users: [newId<never>()] }, 'not_found', 'users')
  await alice.ok('users.change', { id: bob.id, state: 'deactivated' })
  await alice.refused('direct.open', { users: [bob.id] }, 'not_found', 'users')
})

test('who deletes a conversation has none of it, and when it comes back it begins anew; the other keeps all', async () => {
  await using chat = await TestCore.open()
  const [alice, bob] = [await chat.setUp('alice'), await chat.signUp('bob')]
  const room = await alice.direct(bob)
  const before = await alice.says(room, 'before')
  await bob.ok('direct.remove', { id: room })
  for (const op of ['rooms.get', 'members.list'] as const) await bob.refused(op, { id: room }, 'not_found')
  await bob.refused('messages.list', { room }, 'not_found')
  const after = await alice.says(room, 'after')
  const texts = async (who: Actor, more: object = {}) =>
    (await who.ok('messages.list', { room, ...more })).messages.map(({ text }) => text)
  assert.deepEqual([await texts(alice), await texts(bob)], [['before', 'after'], ['after']])
  for (const more of [{ after: 0 }, { around: after.id }, { before: 99 }])
    assert.deepEqual(await texts(bob, more), ['after'])
  assert.equal((await bob.ok('messages.list', { room })).before, false)
  await bob.refused('messages.get', { id: before.id }, 'not_found')
  await bob.refused('messages.list', { room, around: before.id }, 'not_found')
  await alice.ok('messages.get', { id: before.id })
  assert.equal((await bob.ok('rooms.get', { id: room })).unread, 1)
})

test('[L6] the last who deletes a conversation deletes what was said; opened again, it is the same room and empty', async () => {
  await using chat = await TestCore.open()
  const [alice, bob] = [await chat.setUp('alice'), await chat.signUp('bob')]
  const room = await alice.direct(bob)
  const { id, seq } = await alice.says(room, 'between us')
  await Promise.all([alice, bob].map(who => who.ok('direct.remove', { id: room })))
  assert.equal(await chat.store.room(room, alice.id), null)
  assert.equal(await chat.store.message(id), null)
  assert.equal(await bob.direct(alice), room)
  assert.deepEqual((await bob.ok('messages.list', { room })).messages, [])
  assert.ok((await bob.says(room, 'anew')).seq > seq + 2)
  assert.equal((await alice.ok('messages.list', { room })).messages.length, 1)
})

test('a conversation in which nothing was said is gone when who opened it deletes it', async () => {
  await using chat = await TestCore.open()
  const [alice, bob] = [await chat.setUp('alice'), await chat.signUp('bob')]
  const room = await alice.direct(bob)
  await alice.ok('direct.remove', { id: room })
  assert.equal(await chat.store.room(room, alice.id), null)
})

test('who was deleted or deactivated is put in no conversation again', async () => {
  await using chat = await TestCore.open()
  const [alice, bob, carol] = [
    await chat.setUp('alice'),
    await chat.signUp('bob'),
    await chat.signUp('carol'),
  ]
  const room = await alice.direct(bob, carol)
  await alice.ok('users.change', { id: bob.id, state: 'deactivated' })
  await alice.says(room, 'hello')
  assert.equal((await alice.ok('members.list', { id: room })).members.length, 2)
  await alice.ok('users.change', { id: bob.id, state: 'active' })
  await alice.says(room, 'welcome back')
  assert.equal((await alice.ok('members.list', { id: room })).members.length, 3)
})

test('[P3] a direct room that an older node made, which tells of no people, is opened as theirs', async () => {
  await using chat = await TestCore.open()
  const [alice, bob, mallory] = [
    await chat.setUp('alice'),
    await chat.signUp('bob'),
    await chat.signUp('mallory'),
  ]
  const id = await alice.direct(bob)
  await chat.store.commit({ guards: [], appends: [], rows: [{ row: 'room erased', room: id }] })
  const room = {
    id,
    kind: 'direct',
    name: '',
    topic: '',
    archived: false,
    everyone: false,
    createdAt: 1,
  } as const
  const stamp = { by: alice.id, at: 1 }
  const joined = [alice, bob].flatMap(({ id: user }) => joins(id, user, 'member', stamp))
  await chat.store.commit({ guards: [], appends: [...made(room, stamp), ...joined], rows: [] })
  await bob.says(id, 'Said beside the upgrade.')
  assert.equal(await alice.direct(bob), id)
  const { rooms } = await bob.ok('bootstrap.get', {})
  assert.deepEqual(rooms.find(one => one.id === id)?.people, [alice.id, bob.id].sort())
  assert.equal((await alice.ok('messages.list', { room: id })).messages.length, 1)

  const other = await alice.direct(mallory)
  await chat.store.commit({ guards: [], appends: [], rows: [{ row: 'room erased', room: other }] })
  const strange = [...made({ ...room, id: other }, stamp), ...joins(other, bob.id, 'member', stamp)]
  await chat.store.commit({ guards: [], appends: strange, rows: [] })
  await alice.refused('direct.open', { users: [mallory.id] }, 'id_taken')
})
