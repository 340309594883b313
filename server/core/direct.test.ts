import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { RoomId } from '../../contract/ids.ts'
import { newId } from '../../contract/ids.ts'
import type { Actor } from '../../tests/support/core.ts'
import { TestCore } from '../../tests/support/core.ts'

/** Whether the room is in one's list: not hidden, or something was said since. */
async function isListed(actor: Actor, id: RoomId): Promise<boolean> {
  const { room, membership } = await actor.ok('rooms.get', { id })
  return membership?.hidden === 0 || (room.last?.seq ?? 0) > (membership?.hidden ?? 0)
}

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
  const { room: seen } = await bob.ok('rooms.get', { id: room })
  assert.deepEqual(seen.people, [alice.id, bob.id, carol.id].sort())
})

test('both open the room at once, and there is one', async () => {
  await using chat = await TestCore.open()
  const [alice, bob] = [await chat.setUp('alice'), await chat.signUp('bob')]
  const opened = await Promise.all([alice, bob, alice, bob].map((who, n) => who.direct(n % 2 ? alice : bob)))
  assert.equal(new Set(opened).size, 1)
  assert.equal((await bob.ok('members.list', { id: opened[0] as RoomId })).members.length, 2)
})

test('bob sees the room when something is said in it', async () => {
  await using chat = await TestCore.open()
  const [alice, bob] = [await chat.setUp('alice'), await chat.signUp('bob')]
  const room = await alice.direct(bob)
  assert.deepEqual([await isListed(alice, room), await isListed(bob, room)], [true, false])
  await alice.says(room, 'hello')
  assert.equal(await isListed(bob, room), true)
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
