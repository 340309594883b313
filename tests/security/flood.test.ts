import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { RoomId } from '../../contract/ids.ts'
import { newId, roomTopic } from '../../contract/ids.ts'
import { limits } from '../../contract/limits.ts'
import type { Actor } from '../support/core.ts'
import { TestCore } from '../support/core.ts'

/** Groups of three with somebody: many rooms between few people. */
async function groupsWith(chat: TestCore, victim: Actor, many: number): Promise<(readonly [Actor, Actor])[]> {
  const people: Actor[] = []
  for (let n = 0; (n * (n - 1)) / 2 < many; n++) people.push(await chat.signUp(`sock${n}`))
  const pairs = people.flatMap((one, n) => people.slice(n + 1).map(other => [one, other] as const))
  assert.ok(!people.includes(victim))
  return pairs.slice(0, many)
}

/** So many conversations that strangers begin with somebody, one after the other, each with a message. */
async function flood(chat: TestCore, victim: Actor, many: number): Promise<RoomId[]> {
  const opened: RoomId[] = []
  for (const [one, other] of await groupsWith(chat, victim, many)) {
    chat.clock.turn(1)
    const room = await one.direct(victim, other)
    await one.says(room, 'Buy this.')
    opened.push(room)
  }
  return opened
}

const textsFor = async (who: Actor, room: RoomId): Promise<string[]> =>
  (await who.ok('messages.list', { room })).messages.map(({ text }) => text)

const directsOf = async (who: Actor): Promise<RoomId[]> =>
  (await who.ok('bootstrap.get', {})).rooms.filter(room => room.kind === 'direct').map(room => room.id)

test('[A3] rooms that others open with somebody are nothing to them until something is said', async () => {
  await using chat = await TestCore.open()
  const victim = await chat.setUp('alice')
  const before = await victim.ok('bootstrap.get', {})
  for (const [one, other] of await groupsWith(chat, victim, 40)) await one.direct(victim, other)
  const after = await victim.ok('bootstrap.get', {})
  assert.deepEqual([after.rooms.length, after.memberships], [before.rooms.length, before.memberships])
})

test('[A3] of conversations that others begin and somebody never answers they have the newest, and lose none that they answered', async () => {
  await using chat = await TestCore.open()
  const victim = await chat.setUp('alice')
  const friend = await chat.signUp('bob')
  const answered = await friend.direct(victim)
  await friend.says(answered, 'Tea?')
  await victim.says(answered, 'Gladly.')
  const opened = await flood(chat, victim, limits.unansweredDirects + 10)
  const has = await directsOf(victim)
  assert.equal(has.length, limits.unansweredDirects + 1)
  assert.ok(has.includes(answered) && has.includes(opened.at(-1) as RoomId))
  assert.ok(!has.includes(opened[0] as RoomId))
  chat.clock.turn(1)
  const [first] = await groupsWithIn(chat, opened[0] as RoomId)
  await first?.says(opened[0] as RoomId, 'And this.')
  assert.ok((await directsOf(victim)).includes(opened[0] as RoomId), 'it comes back with its next message')
  assert.deepEqual(await textsFor(victim, opened[0] as RoomId), ['Buy this.', 'And this.'])
  assert.equal((await directsOf(victim)).length, limits.unansweredDirects + 1)
})

test('[A3] an unread conversation that newer ones set aside is lost to nobody, and nobody is told that its reader left', async () => {
  await using chat = await TestCore.open()
  const victim = await chat.setUp('alice')
  const [bob, carol, dave] = [await chat.signUp('bob'), await chat.signUp('carol'), await chat.signUp('dave')]
  const [ofBob, ofCarol, ofDave] = [
    await bob.direct(victim),
    await carol.direct(victim),
    await dave.direct(victim),
  ]
  await bob.says(ofBob, 'The keys are under the mat.')
  await carol.says(ofCarol, 'The door is open.')
  await dave.says(ofDave, 'The cat is fed.')
  await carol.ok('direct.remove', { id: ofCarol })
  await flood(chat, victim, limits.unansweredDirects)
  const has = await directsOf(victim)
  for (const room of [ofBob, ofCarol, ofDave]) assert.ok(!has.includes(room))
  assert.deepEqual(await textsFor(victim, ofBob), ['The keys are under the mat.'], 'what one may read stays')
  const told = await chat.events(roomTopic(ofBob))
  assert.ok(!told.some(event => event.e === 'member.removed'))
  assert.equal((await bob.ok('members.list', { id: ofBob })).members.length, 2)

  chat.clock.turn(1)
  await bob.says(ofBob, 'Did you find them?')
  assert.deepEqual(await textsFor(victim, ofBob), ['The keys are under the mat.', 'Did you find them?'])
  const { unread, rooms } = await victim.ok('bootstrap.get', {})
  assert.equal(unread[ofBob], 2)
  assert.deepEqual(rooms.find(({ id }) => id === ofBob)?.people, [victim.id, bob.id].sort())

  assert.equal(await carol.direct(victim), ofCarol)
  await carol.says(ofCarol, 'It is shut again.')
  assert.deepEqual(await textsFor(victim, ofCarol), ['The door is open.', 'It is shut again.'])

  await dave.ok('direct.remove', { id: ofDave })
  assert.equal(await victim.direct(dave), ofDave)
  assert.ok((await directsOf(victim)).includes(ofDave))
  assert.deepEqual(await textsFor(victim, ofDave), ['The cat is fed.'])
})

test('[A3] what somebody has read is set aside before what they have not, and what they write in comes back', async () => {
  await using chat = await TestCore.open()
  const victim = await chat.setUp('alice')
  const [bob, carol, dave] = [await chat.signUp('bob'), await chat.signUp('carol'), await chat.signUp('dave')]
  const unread = await bob.direct(victim)
  await bob.says(unread, 'Unread.')
  const opened = await flood(chat, victim, limits.unansweredDirects - 2)
  chat.clock.turn(1)
  const read = await carol.direct(victim)
  const { seq } = await carol.says(read, 'Read.')
  await victim.ok('reads.move', { id: read, seq })
  chat.clock.turn(1)
  await dave.says(await dave.direct(victim), 'One more.')
  const has = await directsOf(victim)
  assert.deepEqual(
    [has.includes(read), has.includes(unread), has.length],
    [false, true, limits.unansweredDirects],
  )
  await victim.says(read, 'I remember.')
  assert.ok((await directsOf(victim)).includes(read))
  assert.deepEqual(await textsFor(victim, read), ['Read.', 'I remember.'])
  assert.ok(opened.every(room => has.includes(room)))
})

/** Whoever is in a room, but for the owner. */
async function groupsWithIn(chat: TestCore, room: RoomId): Promise<Actor[]> {
  const { users } = await chat.store.memberIds(room)
  const people = await chat.store.users({ ids: users })
  return Promise.all(
    people.users.filter(({ role }) => role === 'member').map(user => chat.signIn(user.username)),
  )
}

test('[A3] what others put somebody in takes nothing of what they may join themselves', async () => {
  await using chat = await TestCore.open()
  const [victim, mallory] = [await chat.setUp('alice'), await chat.signUp('mallory')]
  for (let n = 0; n < 5; n++) await mallory.room(`Trap ${n}`, 'private', [victim])
  const own = { if: 'fewer rooms', user: victim.id, refuse: 'too_many' } as const
  const holds = async (which: 'own' | 'others' | 'any', than: number) =>
    (await chat.store.commit({ guards: [{ ...own, which, than }], appends: [], rows: [] })).is === 'done'
  assert.deepEqual([await holds('own', 3), await holds('own', 2)], [true, false])
  assert.deepEqual([await holds('others', 6), await holds('others', 5)], [true, false])
  assert.deepEqual([await holds('any', 8), await holds('any', 7)], [true, false])
  const [trap] = (await victim.ok('rooms.list', { which: 'mine' })).rooms.filter(
    room => room.name === 'Trap 0',
  )
  assert.ok(trap)
  await victim.says(trap.id, 'Why am I here?')
  assert.equal(await holds('others', 5), true, 'where somebody writes is their own')
})

test('[A3] nobody begins conversations, nor puts one person in rooms, as fast as they can', async () => {
  await using chat = await TestCore.open({
    limits: 'on',
    rates: { messages: 1_000, changes: 1_000, signIns: 1_000, signUps: 1_000 },
  })
  const victim = await chat.setUp('alice')
  const mallory = await chat.signUp('mallory')
  const others: Actor[] = []
  for (let n = 0; n < 31; n++) others.push(await chat.signUp(`sock${n}`))
  for (const other of others.slice(0, 30)) await mallory.direct(victim, other)
  const last = others[30] as Actor
  const late = await mallory.refused('direct.open', { users: [victim.id, last.id] }, 'rate_limited')
  assert.ok(late.retryAfter && late.retryAfter > 0)
  await mallory.direct(victim, others[0] as Actor)
  // Of the rooms that one makes in ten minutes there are 30 too.
  const [first, apart] = [await mallory.room('Trap 0', 'private'), await mallory.room('Others', 'private')]
  chat.clock.turn(10 * 60_000)
  for (let n = 0; n < 31; n++) {
    const id = n === 0 ? first : await mallory.room(`Trap ${n}`, 'private')
    const added = await mallory.ask('members.put', { id, user: victim.id })
    assert.equal('error' in added ? added.error.code : 'ok', n < 30 ? 'ok' : 'rate_limited')
  }
  await mallory.ok('members.put', { id: apart, user: last.id })
  assert.ok(await victim.ok('rooms.create', { id: newId<RoomId>(), kind: 'private', name: 'Mine' }))
})

test('[A3] nobody makes rooms as fast as they can, though they leave each', async () => {
  await using chat = await TestCore.open({ limits: 'on' })
  await chat.setUp('alice')
  const [bob, mallory] = [await chat.signUp('bob'), await chat.signUp('mallory')]
  const refused = async (n: number) => {
    const input = { id: newId<RoomId>(), kind: 'public', name: `Refused ${n}` } as const
    const { retryAfter, message } = await mallory.refused('rooms.create', input, 'rate_limited')
    assert.ok(retryAfter && retryAfter > 0, message)
  }
  const make = async (n: number) => {
    const input = { id: newId<RoomId>(), kind: 'public', name: `Spam ${n}` } as const
    await mallory.ok('rooms.create', input)
    return input
  }
  let made = 0
  while (made < limits.roomsMadeADay) {
    const few = Math.min(limits.roomsMadeInTenMinutes, limits.roomsMadeADay - made)
    for (let n = 0; n < few; n++) {
      chat.clock.turn(100)
      const input = await make(made++)
      // Asked again, as after a lost answer, it is the same room.
      if (n === few - 1) await mallory.ok('rooms.create', input)
      await mallory.ok('rooms.leave', { id: input.id })
    }
    await refused(made)
    chat.clock.turn(10 * 60_000)
  }
  await refused(made)
  await bob.room('Mine', 'public')
  chat.clock.turn(24 * 3600_000)
  await make(made)
})
