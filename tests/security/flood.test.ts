import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { RoomId } from '../../contract/ids.ts'
import { newId } from '../../contract/ids.ts'
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
  const opened: RoomId[] = []
  for (const [one, other] of await groupsWith(chat, victim, limits.unansweredDirects + 10)) {
    chat.clock.turn(1)
    const room = await one.direct(victim, other)
    await one.says(room, 'Buy this.')
    opened.push(room)
  }
  const has = await directsOf(victim)
  assert.equal(has.length, limits.unansweredDirects + 1)
  assert.ok(has.includes(answered) && has.includes(opened.at(-1) as RoomId))
  assert.ok(!has.includes(opened[0] as RoomId))
  chat.clock.turn(1)
  const [first] = await groupsWithIn(chat, opened[0] as RoomId)
  await first?.says(opened[0] as RoomId, 'And this.')
  assert.ok((await directsOf(victim)).includes(opened[0] as RoomId), 'it comes back with its next message')
  assert.equal((await directsOf(victim)).length, limits.unansweredDirects + 1)
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
  for (let n = 0; n < 31; n++) {
    const id = await mallory.room(`Trap ${n}`, 'private')
    const added = await mallory.ask('members.put', { id, user: victim.id })
    assert.equal('error' in added ? added.error.code : 'ok', n < 30 ? 'ok' : 'rate_limited')
  }
  await mallory.ok('members.put', { id: await mallory.room('Others', 'private'), user: last.id })
  assert.ok(await victim.ok('rooms.create', { id: newId<RoomId>(), kind: 'private', name: 'Mine' }))
})
