import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { SessionId, TokenId } from '../../../contract/ids.ts'
import { newId } from '../../../contract/ids.ts'
import { password, TestCore } from '../../../tests/support/core.ts'
import type { Store } from '../ports/store.ts'
import { tokenPrefix } from './secrets.ts'

const dayMs = 24 * 3_600_000
const minuteMs = 60_000

/** Lets a test wait until a use of a session is written down, which no answer waits for. */
function watched(): { wrap: (store: Store) => Store; told: () => Promise<void> } {
  const writes: Promise<void>[] = []
  const wrap = (store: Store): Store => ({
    ...store,
    sessionSeen: (session, at) => {
      const write = store.sessionSeen(session, at)
      writes.push(write)
      return write
    },
  })
  return { wrap, told: async () => void (await Promise.all(writes)) }
}

test('a session ends when it was idle for thirty days, and lives as long as it is used', async () => {
  const { wrap, told } = watched()
  await using chat = await TestCore.open({ wrap })
  const alice = await chat.setUp('alice')
  const proof = { cookie: alice.cookie }
  for (let month = 0; month < 3; month++) {
    chat.clock.turn(29 * dayMs)
    assert.ok(await chat.core.identify(proof))
    await alice.ok('me.get', {})
    await told()
  }
  chat.clock.turn(30 * dayMs)
  assert.equal(await chat.core.identify(proof), null)
})

test('a session ends after a hundred and eighty days, however much it is used', async () => {
  const { wrap, told } = watched()
  await using chat = await TestCore.open({ wrap })
  const alice = await chat.setUp('alice')
  for (let day = 0; day < 179; day++) {
    chat.clock.turn(dayMs)
    await alice.ok('me.get', {})
    await told()
  }
  assert.ok(await chat.core.identify({ cookie: alice.cookie }))
  chat.clock.turn(dayMs)
  assert.equal(await chat.core.identify({ cookie: alice.cookie }), null)
})

test('what has ended is also taken out of the store, so that open sockets end with it', async () => {
  const ended = Promise.withResolvers<readonly string[]>()
  const wrap = (store: Store): Store => ({
    ...store,
    expire: async bounds => {
      const ids = await store.expire(bounds)
      if (ids.length > 0) ended.resolve(ids)
      return ids
    },
  })
  await using chat = await TestCore.open({ wrap })
  const alice = await chat.setUp('alice')
  chat.clock.turn(31 * dayMs)
  assert.deepEqual(await ended.promise, [alice.identity?.id])
})

test('nobody is who brings half a secret, an empty one, or one of another kind', async () => {
  await using chat = await TestCore.open()
  const alice = await chat.setUp('alice')
  const { secret } = await alice.script()
  assert.ok(secret.startsWith(tokenPrefix))
  for (const cookie of [
    '',
    alice.cookie.slice(1),
    `${alice.cookie}x`,
    secret,
    'null',
    '[object Object]',
    '%',
  ])
    assert.equal(await chat.core.identify({ cookie }), null, cookie)
  for (const bearer of [
    '',
    secret.slice(0, -1),
    tokenPrefix,
    alice.cookie,
    secret.slice(tokenPrefix.length),
    'null',
  ])
    assert.equal(await chat.core.identify({ bearer }), null, bearer)
})

test('secrets are stored as hashes alone', async () => {
  await using chat = await TestCore.open()
  const alice = await chat.setUp('alice')
  const { secret } = await alice.script()
  for (const kept of [alice.cookie, secret, secret.slice(tokenPrefix.length), password])
    assert.equal(await chat.grep(kept), false, kept)
})

test('a token is made after a confirmation, told once, and answered without its secret when asked again', async () => {
  await using chat = await TestCore.open()
  const alice = await chat.setUp('alice')
  const wanted = { id: newId<TokenId>(), name: 'script' }
  chat.clock.turn(10 * minuteMs + 1)
  await alice.refused('tokens.create', wanted, 'confirm_needed')
  await alice.refused('me.confirm', { password: 'not hers' }, 'wrong_password', 'password')
  await alice.ok('me.confirm', { password })
  const { token } = await alice.ok('tokens.create', wanted)
  assert.ok(token && (await chat.core.identify({ bearer: token })))
  assert.deepEqual(await alice.ok('tokens.create', wanted), wanted)
  await alice.refused('tokens.create', { ...wanted, name: 'another' }, 'id_taken')
  const { tokens } = await alice.ok('tokens.list', {})
  assert.deepEqual(
    tokens.map(of => of.name),
    ['script'],
  )
})

test('a token ends when it expires, when it is revoked, and with a new password', async () => {
  await using chat = await TestCore.open()
  const alice = await chat.setUp('alice')
  const make = async (expires?: number) => {
    const id = newId<TokenId>()
    const { token } = await alice.ok('tokens.create', { id, name: 'script', ...(expires ? { expires } : {}) })
    return { id, bearer: token ?? '' }
  }
  const past = { id: newId<TokenId>(), name: 'late', expires: chat.clock.now() }
  await alice.refused('tokens.create', past, 'invalid', 'expires')
  const short = await make(chat.clock.now() + minuteMs)
  const [revoked, lasting] = [await make(), await make()]
  assert.ok(await chat.core.identify(short))
  chat.clock.turn(minuteMs)
  assert.equal(await chat.core.identify(short), null)
  await alice.ok('tokens.remove', { id: revoked.id })
  assert.equal(await chat.core.identify(revoked), null)
  await alice.ok('me.changePassword', { current: password, password: 'another good one' })
  assert.equal(await chat.core.identify(lasting), null)
})

test('a new password ends the other sessions and not this one', async () => {
  await using chat = await TestCore.open()
  const alice = await chat.setUp('alice')
  const other = await chat.signIn('alice')
  const change = { current: 'not hers', password: 'another good one' }
  await alice.refused('me.changePassword', change, 'wrong_password', 'current')
  await alice.ok('me.changePassword', { ...change, current: password })
  assert.equal(await chat.core.identify({ cookie: other.cookie }), null)
  assert.ok(await chat.core.identify({ cookie: alice.cookie }))
  await chat.nobody.refused(
    'account.signIn',
    { username: 'alice', password },
    'wrong_credentials',
    'password',
  )
  await chat.signIn('alice', 'another good one')
})

test('mallory ends none of the sessions and tokens of alice', async () => {
  await using chat = await TestCore.open()
  const alice = await chat.setUp('alice')
  const mallory = await chat.signUp('mallory')
  const { id, secret } = await alice.script()
  await mallory.ok('sessions.remove', { id: alice.identity?.id as SessionId })
  await mallory.ok('tokens.remove', { id })
  assert.ok(await chat.core.identify({ cookie: alice.cookie }))
  assert.ok(await chat.core.identify({ bearer: secret }))
})

test('one sees where one is signed in, which of them this is, and ends one', async () => {
  await using chat = await TestCore.open()
  const alice = await chat.setUp('alice')
  const other = await chat.signIn('alice')
  const { sessions } = await alice.ok('sessions.list', {})
  assert.deepEqual(
    sessions.filter(of => of.current).map(of => of.id),
    [alice.identity?.id],
  )
  assert.deepEqual(
    sessions.map(of => of.agent),
    ['a test', 'a test'],
  )
  await alice.ok('sessions.remove', { id: other.identity?.id as SessionId })
  assert.equal(await chat.core.identify({ cookie: other.cookie }), null)
})

test('who is deactivated is nobody by any key', async () => {
  await using chat = await TestCore.open()
  const alice = await chat.setUp('alice')
  const bob = await chat.signUp('bob')
  const { secret } = await bob.script()
  await alice.ok('users.change', { id: bob.id, state: 'deactivated' })
  assert.equal(await chat.core.identify({ cookie: bob.cookie }), null)
  assert.equal(await chat.core.identify({ bearer: secret }), null)
  await alice.ok('users.change', { id: bob.id, state: 'active' })
  assert.equal(await chat.core.identify({ cookie: bob.cookie }), null)
  await chat.signIn('bob')
})
