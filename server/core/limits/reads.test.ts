import assert from 'node:assert/strict'
import { test } from 'node:test'
import { userTopic } from '../../../contract/ids.ts'
import { TestCore } from '../../../tests/support/core.ts'

test('bob reads on: his marker goes forward only, and counts what is left', async () => {
  await using chat = await TestCore.open()
  const [alice, bob] = [await chat.setUp('alice'), await chat.signUp('bob')]
  const id = await alice.room('Plans', 'private', [bob])
  const said = []
  for (let n = 0; n < 5; n++) said.push((await alice.says(id, `${n}`)).seq)
  assert.equal((await bob.ok('rooms.get', { id })).unread, 5)
  const [, second = 0, , fourth = 0, fifth = 0] = said
  assert.deepEqual(await bob.ok('reads.move', { id, seq: fourth }), { read: fourth, unread: 1, seq: fifth })
  assert.deepEqual(await bob.ok('reads.move', { id, seq: second }), { read: fourth, unread: 1, seq: fifth })
  assert.deepEqual(await bob.ok('reads.back', { id, seq: second }), { read: second, unread: 3, seq: fifth })
  assert.deepEqual(await bob.ok('reads.back', { id, seq: fourth }), { read: second, unread: 3, seq: fifth })
  const moves = (await chat.events(userTopic(bob.id))).filter(event => event.e === 'read.moved')
  assert.deepEqual(
    moves.map(event => event.seq),
    [fourth, second],
  )
})

test('nobody reads ahead of what was said', async () => {
  await using chat = await TestCore.open()
  const [alice, bob] = [await chat.setUp('alice'), await chat.signUp('bob')]
  const id = await alice.room('Plans', 'private', [bob])
  const { seq } = await alice.says(id, 'one')
  assert.equal((await bob.ok('reads.move', { id, seq: 1_000_000 })).read, seq)
  await alice.says(id, 'two')
  assert.equal((await bob.ok('rooms.get', { id })).unread, 1)
})

test('what one says oneself is read, and what was deleted is not unread', async () => {
  await using chat = await TestCore.open()
  const [alice, bob] = [await chat.setUp('alice'), await chat.signUp('bob')]
  const room = await alice.room('Plans', 'private', [bob])
  await alice.says(room, 'one')
  await bob.says(room, 'two')
  const { id } = await alice.says(room, 'three')
  assert.equal((await bob.ok('rooms.get', { id: room })).unread, 1)
  await alice.ok('messages.remove', { id })
  assert.equal((await bob.ok('rooms.get', { id: room })).unread, 0)
})
