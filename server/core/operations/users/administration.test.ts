import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { UserId } from '../../../../contract/ids.ts'
import { newId, userTopic } from '../../../../contract/ids.ts'
import { password, TestCore } from '../../../../tests/support/core.ts'

test('alice makes an account for bob, once, and he is in the rooms of everyone', async () => {
  await using chat = await TestCore.open()
  const alice = await chat.setUp('alice')
  const wanted = { id: newId<UserId>(), username: 'bob', password, email: 'bob@example.org' }
  const first = await alice.ok('users.create', wanted)
  assert.deepEqual(await alice.ok('users.create', wanted), first)
  assert.deepEqual(
    [first.user.email, first.user.displayName, first.user.role],
    ['bob@example.org', 'bob', 'member'],
  )
  await alice.refused('users.create', { ...wanted, username: 'robert' }, 'id_taken')
  await alice.refused('users.create', { ...wanted, id: newId<UserId>() }, 'taken', 'username')
  const bob = await chat.signIn('bob')
  assert.equal((await bob.ok('rooms.list', { which: 'mine' })).rooms.length, 2)
})

test('[A1] an e-mail address is seen by oneself and by administrators, and stands in nobody else’s log', async () => {
  await using chat = await TestCore.open()
  const [alice, bob, carol] = [
    await chat.setUp('alice'),
    await chat.signUp('bob'),
    await chat.signUp('carol'),
  ]
  await bob.ok('me.change', { email: 'bob@example.org' })
  assert.equal((await bob.ok('me.get', {})).me.email, 'bob@example.org')
  assert.equal((await bob.ok('users.get', { id: bob.id })).user.email, 'bob@example.org')
  assert.equal((await alice.ok('users.get', { id: bob.id })).user.email, 'bob@example.org')
  for (const seen of [
    await carol.ok('users.get', { id: bob.id }),
    await carol.ok('users.list', {}),
    await carol.ok('bootstrap.get', {}),
    await chat.events('workspace'),
    await chat.events(userTopic(carol.id)),
  ])
    assert.doesNotMatch(JSON.stringify(seen), /bob@example/)
})

test('people come page by page in the order of their ids, or by their ids', async () => {
  await using chat = await TestCore.open()
  const people = [await chat.setUp('alice'), await chat.signUp('bob'), await chat.signUp('carol')]
  const [bob] = people.slice(1)
  assert.ok(bob)
  const ids = people.map(person => person.id).sort()
  const first = await bob.ok('users.list', { limit: 2 })
  assert.deepEqual([first.users.map(user => user.id), first.more], [ids.slice(0, 2), true])
  const second = await bob.ok('users.list', { limit: 2, after: ids[1] })
  assert.deepEqual([second.users.map(user => user.id), second.more], [ids.slice(2), false])
  const named = await bob.ok('users.list', { ids: [bob.id, newId<UserId>()] })
  assert.deepEqual([named.users.map(user => user.id), named.more], [[bob.id], false])
})

test('a workspace keeps one owner, whatever is tried', async () => {
  await using chat = await TestCore.open()
  const alice = await chat.setUp('alice')
  await alice.refused('users.change', { id: alice.id, role: 'member' }, 'last_owner')
  await alice.refused('users.change', { id: alice.id, state: 'deactivated' }, 'last_owner')
  await alice.refused('me.remove', { messages: 'keep' }, 'last_owner')
  const bob = await chat.signUp('bob')
  await alice.ok('users.change', { id: bob.id, role: 'owner' })
  await alice.ok('users.change', { id: bob.id, state: 'deactivated' })
  await alice.refused('users.change', { id: alice.id, role: 'administrator' }, 'last_owner')
  await alice.ok('users.change', { id: bob.id, state: 'active' })
  await alice.ok('users.change', { id: alice.id, role: 'administrator' })
  await alice.refused('users.change', { id: alice.id, role: 'owner' }, 'denied', 'role')
})

test('nobody goes round the way that asks for their own password', async () => {
  await using chat = await TestCore.open()
  const alice = await chat.setUp('alice')
  await alice.refused('users.change', { id: alice.id, password: 'another good one' }, 'denied', 'password')
  await alice.refused('users.remove', { id: alice.id, messages: 'keep' }, 'denied')
  const { script } = await alice.script()
  await script.refused('users.change', { id: alice.id, email: 'a@example.org' }, 'session_needed')
  await script.refused('me.change', { email: 'a@example.org' }, 'session_needed')
  await script.refused('me.change', { username: 'somebody' }, 'session_needed')
  await script.ok('me.change', { status: 'a script' })
})

test('a new password by an administrator ends all sessions of whoever it is for', async () => {
  await using chat = await TestCore.open()
  const [alice, bob] = [await chat.setUp('alice'), await chat.signUp('bob')]
  await alice.ok('users.change', { id: bob.id, password: 'another good one' })
  assert.equal(await chat.core.identify({ cookie: bob.cookie }), null)
  await chat.signIn('bob', 'another good one')
})

test('two who change one person at once undo nothing of each other, a deactivation least of all', async () => {
  await using chat = await TestCore.open()
  const [alice, bob] = [await chat.setUp('alice'), await chat.signUp('bob')]
  await Promise.all([
    bob.ask('me.change', { status: 'here' }),
    alice.ok('users.change', { id: bob.id, displayName: 'Bob the Builder' }),
    bob.ask('me.change', { firstName: 'Bob' }),
    alice.ok('users.change', { id: bob.id, state: 'deactivated' }),
  ])
  const { user } = await alice.ok('users.get', { id: bob.id })
  assert.deepEqual([user.state, user.displayName], ['deactivated', 'Bob the Builder'])
})

test('a new username is as unique as a first one', async () => {
  await using chat = await TestCore.open()
  const [alice, bob] = [await chat.setUp('alice'), await chat.signUp('bob')]
  await bob.refused('me.change', { username: 'ALICE' }, 'taken', 'username')
  await alice.refused('users.change', { id: bob.id, username: 'alice' }, 'taken', 'username')
  await bob.ok('me.change', { username: 'Bob' })
  assert.equal((await bob.ok('me.get', {})).me.username, 'Bob')
})

test('what an administrator did is in the log of the server, and no password is', async () => {
  await using chat = await TestCore.open()
  const [alice, bob] = [await chat.setUp('alice'), await chat.signUp('bob')]
  await alice.ok('users.change', { id: bob.id, password: 'another good one' })
  assert.ok(
    chat.logged.some(
      line => line.includes('users.change') && line.includes(alice.id) && line.includes(bob.id),
    ),
  )
  assert.ok(!chat.logged.some(line => line.includes('another good one')))
})
