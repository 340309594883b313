import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { UserId } from '../../../../contract/ids.ts'
import { newId } from '../../../../contract/ids.ts'
import { password, TestCore } from '../../../../tests/support/core.ts'
import type { Change } from '../../log/change.ts'
import type { Store } from '../../ports/store.ts'

/** Resolves when the purge of somebody's messages is done. */
function purged(): { wrap: (store: Store) => Store; done: Promise<void>; commits: Change[] } {
  const { promise, resolve } = Promise.withResolvers<void>()
  const commits: Change[] = []
  const wrap = (store: Store): Store => ({
    ...store,
    commit: async change => {
      const outcome = await store.commit(change)
      commits.push(change)
      if (change.rows.some(row => row.row === 'purged')) resolve()
      return outcome
    },
  })
  return { wrap, done: promise, commits }
}

test('bob deletes his account: his names, keys and rooms go, and what he said stays as by somebody deleted', async () => {
  await using chat = await TestCore.open()
  const [alice, bob] = [await chat.setUp('alice'), await chat.signUp('bob')]
  const room = await alice.room('Plans', 'private', [bob])
  const direct = await alice.direct(bob)
  await bob.ok('me.change', { displayName: 'Bob the Builder', email: 'bob@example.org' })
  const { id } = await bob.says(room, 'I was here')
  const { secret } = await bob.script()
  const answer = await bob.ask('me.remove', { messages: 'keep' })
  assert.ok('ok' in answer && answer.cookie === null)
  assert.equal(await chat.core.identify({ cookie: bob.cookie }), null)
  assert.equal(await chat.core.identify({ bearer: secret }), null)
  const { user } = await alice.ok('users.get', { id: bob.id })
  assert.deepEqual([user.state, user.username, user.displayName], ['deleted', '', ''])
  assert.equal((await alice.ok('messages.get', { id })).message.text, 'I was here')
  assert.deepEqual(
    (await alice.ok('members.list', { id: room })).members.map(of => of.user),
    [alice.id],
  )
  assert.deepEqual((await alice.ok('rooms.get', { id: direct })).room.people, [alice.id, bob.id].sort())
  assert.doesNotMatch(JSON.stringify(await chat.events('workspace')), /[Bb]ob/)
  await chat.nobody.refused('account.signIn', { username: 'bob', password }, 'wrong_credentials', 'password')
  await chat.signUp('bob')
})

test('[L6] bob deletes his account and everything he said, in every room', async () => {
  const { wrap, done, commits } = purged()
  await using chat = await TestCore.open({ wrap })
  const [alice, bob] = [await chat.setUp('alice'), await chat.signUp('bob')]
  const [room, direct] = [await alice.room('Plans', 'private', [bob]), await bob.direct(alice)]
  for (let n = 0; n < 150; n++) await bob.says(room, `canary ${n}`)
  await bob.says(direct, 'canary between us')
  await alice.says(room, 'hers')
  await bob.ok('me.remove', { messages: 'delete' })
  await done
  const said = (await alice.ok('messages.list', { room })).messages
  assert.deepEqual(
    said.map(message => message.text),
    ['hers'],
  )
  assert.equal((await alice.ok('messages.list', { room: direct })).messages.length, 0)
  assert.deepEqual(await chat.store.purges(), [])
  assert.ok(commits.every(change => change.appends.length <= 100))
  for (const topic of [`room:${room}`, `room:${direct}`] as const)
    assert.doesNotMatch(JSON.stringify(await chat.events(topic)), /canary/)
})

test('a purge that a stop interrupted goes on at the next start', async () => {
  let stop = () => {}
  const failing = (store: Store): Store => ({
    ...store,
    messagesBy: async (author, limit) => {
      stop()
      return store.messagesBy(author, limit)
    },
  })
  await using chat = await TestCore.open({ wrap: failing })
  const [alice, bob] = [await chat.setUp('alice'), await chat.signUp('bob')]
  const room = await alice.room('Plans', 'private', [bob])
  for (let n = 0; n < 250; n++) await bob.says(room, `${n}`)
  stop = () => void chat.core[Symbol.asyncDispose]()
  await bob.ok('me.remove', { messages: 'delete' })
  await chat.core[Symbol.asyncDispose]()
  assert.deepEqual(await chat.store.purges(), [bob.id])
  stop = () => {}
  const { wrap, done } = purged()
  await using next = chat.another(wrap)
  await next.start()
  await done
  assert.equal((await chat.store.history(room, { limit: 100 })).messages.length, 0)
})

test('a purge goes on at another node when the one that did it ended', async () => {
  let stop = () => {}
  const failing = (store: Store): Store => ({
    ...store,
    messagesBy: async (author, limit) => {
      stop()
      return store.messagesBy(author, limit)
    },
  })
  await using chat = await TestCore.open({ wrap: failing })
  const { wrap, done } = purged()
  await using other = chat.another(wrap)
  await other.start()
  const [alice, bob] = [await chat.setUp('alice'), await chat.signUp('bob')]
  const room = await alice.room('Plans', 'private', [bob])
  for (let n = 0; n < 250; n++) await bob.says(room, `${n}`)
  stop = () => void chat.core[Symbol.asyncDispose]()
  await bob.ok('me.remove', { messages: 'delete' })
  await chat.core[Symbol.asyncDispose]()
  stop = () => {}
  chat.clock.turn(10 * 60_000)
  await done
  assert.equal((await chat.store.history(room, { limit: 100 })).messages.length, 0)
})

test('one’s own account goes only after a confirmation', async () => {
  await using chat = await TestCore.open()
  await chat.setUp('alice')
  const bob = await chat.signUp('bob')
  chat.clock.turn(10 * 60_000 + 1)
  await bob.refused('me.remove', { messages: 'keep' }, 'confirm_needed')
  await bob.ok('me.confirm', { password })
  await bob.ok('me.remove', { messages: 'keep' })
})

test('alice deletes the account of bob, and nobody that is not there', async () => {
  await using chat = await TestCore.open()
  const [alice, bob] = [await chat.setUp('alice'), await chat.signUp('bob')]
  await alice.ok('users.remove', { id: bob.id, messages: 'keep' })
  const gone = await alice.refused('users.remove', { id: bob.id, messages: 'keep' }, 'not_found')
  assert.deepEqual(
    await alice.refused('users.remove', { id: newId<UserId>(), messages: 'keep' }, 'not_found'),
    gone,
  )
  await alice.refused('users.change', { id: bob.id, displayName: 'Bob again' }, 'not_found')
})
