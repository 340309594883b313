import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { MessageId } from '../../contract/ids.ts'
import { newId } from '../../contract/ids.ts'
import type { Answer } from '../../server/core/answer.ts'
import { createPasswords } from '../../server/core/authentication/passwords.ts'
import { password, setupCode, TestCore } from '../support/core.ts'

const times = <T>(count: number, make: (n: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, n) => make(n)))

/** How many were answered, and why the others were not. */
function tally(answers: readonly Answer<unknown>[]): Record<string, number> {
  const count: Record<string, number> = {}
  for (const answer of answers) {
    const code = 'error' in answer ? answer.error.code : 'ok'
    count[code] = (count[code] ?? 0) + 1
  }
  return count
}

test('[A3] twenty set up the workspace at once, and one wins', async () => {
  await using chat = await TestCore.open()
  const answers = await times(20, n =>
    chat.nobody.ask('workspace.setUp', { code: setupCode, workspace: 'W', username: `owner${n}`, password }),
  )
  assert.deepEqual(tally(answers), { ok: 1, setup_done: 19 })
  const owner = await chat.signIn(`owner${answers.findIndex(answer => 'ok' in answer)}`)
  const { users } = await owner.ok('users.list', {})
  assert.equal(users.length, 1)
  assert.equal((await owner.ok('rooms.list', {})).rooms.length, 2)
})

test('[A3] twenty sign up by one name at once, and one has it', async () => {
  await using chat = await TestCore.open()
  await chat.setUp()
  const answers = await times(20, n =>
    chat.nobody.ask('account.signUp', { username: n % 2 ? 'alice' : 'ALICE', password }),
  )
  assert.deepEqual(tally(answers), { ok: 1, taken: 19 })
})

test('[A3] a deactivation that comes while the password is verified wins over the sign-in', async () => {
  let verifying = () => {}
  const gate = { is: Promise.resolve() }
  const passwords = createPasswords({
    derive: async () => {
      verifying()
      await gate.is
      return new Uint8Array(32)
    },
  })
  await using chat = await TestCore.open({ passwords })
  const alice = await chat.setUp('alice')
  const bob = await chat.signUp('bob')
  const opened = Promise.withResolvers<void>()
  const begun = Promise.withResolvers<void>()
  gate.is = opened.promise
  verifying = begun.resolve
  const late = chat.nobody.ask('account.signIn', { username: 'bob', password })
  await begun.promise
  await alice.ok('users.change', { id: bob.id, state: 'deactivated' })
  opened.resolve()
  assert.deepEqual(tally([await late]), { wrong_credentials: 1 })
  assert.deepEqual(await chat.store.sessions(bob.id), [])
})

test('[A3] a new password that comes while the old one is verified wins over the sign-in', async () => {
  await using chat = await TestCore.open()
  const alice = await chat.setUp('alice')
  const answers = await Promise.all([
    chat.nobody.ask('account.signIn', { username: 'alice', password }),
    alice.ask('me.changePassword', { current: password, password: 'another good one' }),
    chat.nobody.ask('account.signIn', { username: 'alice', password }),
  ])
  assert.ok('ok' in answers[1])
  const sessions = await chat.store.sessions(alice.id)
  assert.deepEqual(
    sessions.map(session => session.id),
    [alice.identity?.id],
  )
})

test('[A3] two owners who end each other at once leave one', async () => {
  await using chat = await TestCore.open()
  const alice = await chat.setUp('alice')
  const bob = await chat.signUp('bob')
  await alice.ok('users.change', { id: bob.id, role: 'owner' })
  await Promise.all([
    alice.ask('users.change', { id: bob.id, role: 'member' }),
    bob.ask('users.change', { id: alice.id, state: 'deactivated' }),
    alice.ask('me.remove', { messages: 'keep' }),
    bob.ask('me.remove', { messages: 'keep' }),
  ])
  const { users } = await chat.store.users({ after: null, limit: 10 })
  const owners = users.filter(user => user.role === 'owner' && user.state === 'active')
  assert.ok(owners.length >= 1)
})

test('[A3] who is removed while they write has said it before the removal or not at all', async () => {
  await using chat = await TestCore.open()
  const alice = await chat.setUp('alice')
  const bob = await chat.signUp('bob')
  const room = await alice.room('Plans', 'private', [bob])
  const posts = times(20, n => bob.ask('messages.post', { id: newId<MessageId>(), room, text: `${n}` }))
  await alice.ok('members.remove', { id: room, user: bob.id })
  assert.deepEqual(
    Object.keys(tally(await posts)).filter(code => code !== 'ok' && code !== 'not_found'),
    [],
  )
  const log = await chat.events(`room:${room}`)
  const removed = log.findIndex(event => event.e === 'member.removed')
  assert.ok(log.slice(removed).every(event => event.e !== 'message.posted'))
})

test('[A3] who joins while the room is deleted is in no room that is not there', async () => {
  await using chat = await TestCore.open()
  const alice = await chat.setUp('alice')
  const people = await times(8, n => chat.signUp(`person${n}`))
  const room = await alice.room('Plans')
  await Promise.all([
    ...people.map(person => person.ask('rooms.join', { id: room })),
    alice.ok('rooms.remove', { id: room }),
  ])
  for (const person of people) {
    assert.equal((await person.ok('rooms.list', { which: 'mine' })).rooms.length, 2)
    const told = (await chat.events(`user:${person.id}`)).filter(
      event => 'room' in event && event.room === room,
    )
    assert.ok(told.length === 0 || told.at(-1)?.e === 'room.removed', JSON.stringify(told))
  }
})

test('[A3] who joins a room while their account is deleted is in none', async () => {
  await using chat = await TestCore.open()
  const alice = await chat.setUp('alice')
  const bob = await chat.signUp('bob')
  const rooms = await times(5, n => alice.room(`Room ${n}`))
  await Promise.all([
    ...rooms.map(id => bob.ask('rooms.join', { id })),
    ...rooms.map(id => alice.ask('members.put', { id, user: bob.id })),
    bob.ok('me.remove', { messages: 'keep' }),
  ])
  assert.deepEqual(await chat.store.roomsOf(bob.id), [])
})

test('[L1] five hundred write in one room at once, and each is heard once', async () => {
  await using chat = await TestCore.open()
  const alice = await chat.setUp('alice')
  const room = await alice.room('Plans')
  const people = await times(20, n => chat.signUp(`person${n}`))
  await Promise.all(people.map(person => person.ok('rooms.join', { id: room })))
  const before = (await chat.events(`room:${room}`)).length
  const said = await times(500, n => (people[n % 20] ?? alice).says(room, `${n}`))
  const seqs = said.map(({ seq }) => seq).sort((a, b) => a - b)
  assert.deepEqual(
    seqs,
    Array.from({ length: 500 }, (_, n) => before + 1 + n),
  )
})
