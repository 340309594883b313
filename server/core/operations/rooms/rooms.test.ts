import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { MessageId, RoomId, UserId } from '../../../../contract/ids.ts'
import { newId, roomTopic, userTopic } from '../../../../contract/ids.ts'
import type { Actor } from '../../../../tests/support/core.ts'
import { TestCore } from '../../../../tests/support/core.ts'

/** Names of the events of a log from a seq on. */
const namesFrom = async (chat: TestCore, topic: Parameters<TestCore['events']>[0], after: number) =>
  (await chat.events(topic)).slice(after).map(event => event.e)

async function three(chat: TestCore): Promise<[Actor, Actor, Actor]> {
  return [await chat.setUp('alice'), await chat.signUp('bob'), await chat.signUp('carol')]
}

test('[L4] making, joining, being removed and deleting are events of everyone they concern', async () => {
  await using chat = await TestCore.open()
  const [alice, bob] = await three(chat)
  const told = (await chat.events('workspace')).length
  const room = await alice.room('Plans')
  await bob.ok('rooms.join', { id: room })
  await alice.ok('members.put', { id: room, user: bob.id, role: 'manager' })
  await bob.ok('rooms.change', { id: room, topic: 'What next' })
  await alice.ok('members.remove', { id: room, user: bob.id })
  const log = [
    'room.changed',
    'member.added',
    'member.added',
    'member.changed',
    'room.changed',
    'member.removed',
  ]
  assert.deepEqual(await namesFrom(chat, roomTopic(room), 0), log)
  assert.deepEqual(await namesFrom(chat, userTopic(bob.id), 2), ['room.added', 'room.removed'])
  await alice.ok('rooms.remove', { id: room })
  assert.deepEqual(await namesFrom(chat, 'workspace', told), [
    'room.listed',
    'room.listed',
    'room.listed',
    'room.unlisted',
  ])
  assert.equal((await namesFrom(chat, userTopic(alice.id), 2)).at(-1), 'room.removed')
  await alice.refused('rooms.get', { id: room }, 'not_found')
})

test('[L3] a room is made once, however often the call comes', async () => {
  await using chat = await TestCore.open()
  const [alice, bob] = await three(chat)
  const wanted = { id: newId<RoomId>(), kind: 'private', name: 'Plans' } as const
  const first = await alice.ok('rooms.create', wanted)
  assert.deepEqual(await alice.ok('rooms.create', wanted), first)
  await alice.refused('rooms.create', { ...wanted, name: 'Others' }, 'id_taken')
  await bob.refused('rooms.create', wanted, 'id_taken')
})

test('two public rooms have no name in common, nor names that look the same; private rooms have what names they like', async () => {
  await using chat = await TestCore.open()
  const [alice] = await three(chat)
  await alice.room('Tea Time')
  for (const name of ['tea time', 'TEA TIME', 'Tea  Time'])
    await alice.refused('rooms.create', { id: newId<RoomId>(), kind: 'public', name }, 'taken', 'name')
  const hidden = await alice.room('Tea Time', 'private')
  await alice.refused('rooms.change', { id: hidden, kind: 'public' }, 'taken', 'name')
  await alice.ok('rooms.create', { id: newId<RoomId>(), kind: 'public', name: 'Tea-Time!' })
  await alice.ok('rooms.create', { id: newId<RoomId>(), kind: 'public', name: '🫖' })
})

test('an archived room is read, left and cleaned, and takes nothing', async () => {
  await using chat = await TestCore.open()
  const [alice, bob, carol] = await three(chat)
  const room = await alice.room('Plans', 'public', [bob])
  const { id } = await bob.says(room, 'the first')
  await alice.ok('rooms.change', { id: room, archived: true })
  await bob.refused('messages.post', { id: newId<MessageId>(), room, text: 'more' }, 'archived')
  await bob.refused('messages.edit', { id, text: 'more', was: 0 }, 'archived')
  await carol.refused('rooms.join', { id: room }, 'archived')
  await alice.refused('members.put', { id: room, user: carol.id }, 'archived')
  assert.equal((await bob.ok('messages.list', { room })).messages.length, 1)
  await bob.ok('messages.remove', { id })
  await bob.ok('rooms.leave', { id: room })
  await alice.ok('rooms.change', { id: room, archived: false })
  await carol.ok('rooms.join', { id: room })
})

test('[A1] a public room that turns private is nobody else’s from then on, and back again is everybody’s', async () => {
  await using chat = await TestCore.open()
  const [alice, bob, carol] = await three(chat)
  const room = await alice.room('Plans', 'public', [bob])
  const { id } = await bob.says(room, 'for now for all')
  await carol.ok('messages.get', { id })
  await alice.ok('rooms.change', { id: room, kind: 'private' })
  await carol.refused('messages.get', { id }, 'not_found')
  await carol.refused('rooms.join', { id: room }, 'not_found')
  assert.ok(!(await carol.ok('rooms.list', {})).rooms.some(of => of.id === room))
  await bob.refused('rooms.change', { id: room, kind: 'public' }, 'denied')
  await alice.ok('rooms.change', { id: room, kind: 'public' })
  await carol.ok('messages.get', { id })
})

test('two managers who change a room at once undo nothing of each other', async () => {
  await using chat = await TestCore.open()
  const [alice, bob] = await three(chat)
  const room = await alice.room('Plans', 'public', [bob])
  await alice.ok('members.put', { id: room, user: bob.id, role: 'manager' })
  await Promise.all([
    alice.ok('rooms.change', { id: room, name: 'Better plans' }),
    bob.ok('rooms.change', { id: room, topic: 'What next' }),
    alice.ok('rooms.change', { id: room, archived: true }),
  ])
  const { room: now } = await alice.ok('rooms.get', { id: room })
  assert.deepEqual([now.name, now.topic, now.archived], ['Better plans', 'What next', true])
})

test('a change that changes nothing is no event', async () => {
  await using chat = await TestCore.open()
  const [alice] = await three(chat)
  const room = await alice.room('Plans')
  const before = await chat.events(roomTopic(room))
  await alice.ok('rooms.change', { id: room, name: 'Plans', archived: false })
  await alice.ok('rooms.join', { id: room })
  await alice.ok('members.put', { id: room, user: alice.id })
  assert.deepEqual(await chat.events(roomTopic(room)), before)
})

test('who is not active, or not there, is put in no room', async () => {
  await using chat = await TestCore.open()
  const [alice, bob] = await three(chat)
  const room = await alice.room('Plans')
  await alice.ok('users.change', { id: bob.id, state: 'deactivated' })
  for (const user of [bob.id, newId<UserId>()])
    await alice.refused('members.put', { id: room, user }, 'not_found', 'user')
})

test('members come page by page in the order of their ids', async () => {
  await using chat = await TestCore.open()
  const [alice, bob, carol] = await three(chat)
  const room = await alice.room('Plans', 'private', [bob, carol])
  const people = [alice.id, bob.id, carol.id].sort()
  const first = await bob.ok('members.list', { id: room, limit: 2 })
  assert.deepEqual([first.members.map(of => of.user), first.more], [people.slice(0, 2), true])
  const after = people[1] as UserId
  const second = await bob.ok('members.list', { id: room, limit: 2, after })
  assert.deepEqual([second.members.map(of => of.user), second.more], [people.slice(2), false])
})

test('a name leads to the public room that has it, else to the one that had it last; and to none that one may not see', async () => {
  await using chat = await TestCore.open()
  const [alice, bob, carol] = await three(chat)
  const plans = await alice.room('Summer plans', 'public', [bob])
  const named = async (name: string) => (await carol.ok('rooms.named', { name })).id
  await alice.ok('rooms.change', { id: plans, name: 'Autumn plans' })
  await alice.ok('rooms.change', { id: plans, name: 'Winter plans' })
  for (const name of ['summer-plans', 'Autumn Plans', 'winter plans']) assert.equal(await named(name), plans)
  const taken = await bob.room('Autumn plans', 'public')
  assert.equal(await named('autumn-plans'), taken)
  await bob.ok('rooms.change', { id: taken, name: '🍂' })
  assert.equal(await named('autumn-plans'), taken)
  assert.equal(await named('🍂'), taken)
  await alice.ok('rooms.change', { id: plans, kind: 'private' })
  await carol.refused('rooms.named', { name: 'summer-plans' }, 'not_found')
  assert.equal((await bob.ok('rooms.named', { name: 'summer-plans' })).id, plans)
  await carol.refused('rooms.named', { name: 'never was' }, 'not_found')
})

test('what a room was called while it was private leads nowhere, and neither does the name of one that is gone', async () => {
  await using chat = await TestCore.open()
  const [alice, bob] = await three(chat)
  const room = await bob.room('Surprise party', 'private')
  await bob.ok('rooms.change', { id: room, name: 'Picnic', kind: 'public' })
  await bob.ok('rooms.change', { id: room, name: 'Outing' })
  await alice.refused('rooms.named', { name: 'surprise-party' }, 'not_found')
  assert.equal((await alice.ok('rooms.named', { name: 'picnic' })).id, room)
  await alice.ok('rooms.remove', { id: room })
  await alice.refused('rooms.named', { name: 'picnic' }, 'not_found')
  await alice.refused('rooms.named', { name: 'outing' }, 'not_found')
})
