import assert from 'node:assert/strict'
import { createHash, pbkdf2Sync } from 'node:crypto'
import { test } from 'node:test'
import { password, setupCode, TestCore } from '../../../../tests/support/core.ts'
import { createPasswords } from '../../authentication/passwords.ts'
import { change } from '../../log/write.ts'

const me = { username: 'alice', password }

test('alice sets up the workspace and becomes its owner, in General and Random', async () => {
  await using chat = await TestCore.open()
  assert.equal(chat.core.setUpPending(), true)
  const alice = await chat.setUp('alice')
  assert.equal(chat.core.setUpPending(), false)
  const { me, workspace, rooms, memberships } = await alice.ok('bootstrap.get', {})
  assert.equal(me.role, 'owner')
  assert.equal(workspace.name, 'Test')
  assert.deepEqual(rooms.map(room => room.name).sort(), ['General', 'Random'])
  assert.deepEqual(
    memberships.map(of => of.role),
    ['manager', 'manager'],
  )
})

test('mallory sets nothing up without the code, nor with it once there is an owner', async () => {
  await using chat = await TestCore.open()
  const mine = { workspace: 'Mine', username: 'mallory', password }
  await chat.nobody.refused('workspace.setUp', { ...mine, code: 'guessed-set-up-code' }, 'wrong_code', 'code')
  await chat.nobody.refused('workspace.setUp', { ...mine, code: '' }, 'wrong_code', 'code')
  await chat.setUp('alice')
  await chat.nobody.refused('workspace.setUp', { ...mine, code: setupCode }, 'setup_done')
})

test('an imported administrator becomes the owner with the password they had, and nobody else does', async () => {
  await using chat = await TestCore.open()
  const imported = await chat.signUp('alice')
  await chat.signUp('bob')
  const [alice] = (await chat.store.users({ ids: [imported.id] })).users
  assert.ok(alice)
  const { email: _, ...user } = { ...alice, role: 'administrator' as const }
  const stamp = { by: alice.id, at: chat.clock.now() }
  await chat.store.commit(
    change({ appends: [{ topic: 'workspace', event: { e: 'user.changed', ...stamp, user } }] }),
  )
  const asks = { code: setupCode, workspace: 'Test', username: 'Alice', account: 'imported' as const }
  await chat.nobody.refused('workspace.setUp', { ...asks, username: 'bob', password }, 'denied', 'username')
  await chat.nobody.refused(
    'workspace.setUp',
    { ...asks, password: 'not her password' },
    'wrong_password',
    'password',
  )
  const { me } = await chat.nobody.ok('workspace.setUp', { ...asks, password })
  assert.deepEqual({ id: me.id, role: me.role }, { id: alice.id, role: 'owner' })
  assert.equal((await imported.ok('rooms.list', { which: 'mine' })).rooms.length, 2)
})

test('bob signs up and is in the rooms of everyone', async () => {
  await using chat = await TestCore.open()
  const alice = await chat.setUp('alice')
  const bob = await chat.signUp('bob')
  const { rooms, unread } = await bob.ok('bootstrap.get', {})
  assert.deepEqual(rooms.map(room => room.name).sort(), ['General', 'Random'])
  assert.deepEqual(Object.values(unread), [0, 0])
  await alice.ok('rooms.change', { id: await alice.roomNamed('Random'), kind: 'private' })
  const carol = await chat.signUp('carol')
  assert.deepEqual(
    (await carol.ok('rooms.list', {})).rooms.map(room => room.name),
    ['General'],
  )
})

test('one name is one account, whatever its letters are written like', async () => {
  await using chat = await TestCore.open()
  await chat.setUp('alice')
  for (const username of ['alice', 'ALICE', 'ａｌｉｃｅ'])
    await chat.nobody.refused('account.signUp', { username, password }, 'taken', 'username')
})

test('a password that is guessed first is refused at every place where one is chosen', async () => {
  await using chat = await TestCore.open()
  const weak = ['password', 'PassWord1', 'bob-the-builder', 'Bob The Builder', 'my workplace']
  const owner = { code: setupCode, workspace: 'My Workplace', username: 'my-workplace', password }
  await chat.nobody.refused('workspace.setUp', { ...owner, password: 'My Workplace' }, 'invalid', 'password')
  const { me } = await chat.nobody.ok('workspace.setUp', owner)
  const bob = { username: 'bob-the-builder', displayName: 'Bob the Builder' }
  for (const password of weak)
    await chat.nobody.refused('account.signUp', { ...bob, password }, 'invalid', 'password')
  await chat.nobody.ok('account.signUp', { ...bob, password })
  const signedIn = await chat.signIn('bob-the-builder')
  for (const chosen of weak)
    await signedIn.refused(
      'me.changePassword',
      { current: password, password: chosen },
      'invalid',
      'password',
    )
  const alice = await chat.signIn('my-workplace')
  for (const password of weak)
    await alice.refused('users.change', { id: signedIn.id, password }, 'invalid', 'password')
  assert.equal(me.role, 'owner')
})

test('signing in makes a new session and ends the one that the browser came with', async () => {
  await using chat = await TestCore.open()
  await chat.setUp('mallory')
  const planted = await chat.signUp('bob')
  const answer = await planted.ask('account.signIn', { username: 'mallory', password })
  assert.ok('ok' in answer && answer.cookie)
  assert.notEqual(answer.cookie, planted.cookie)
  assert.equal(await chat.core.identify({ cookie: planted.cookie }), null)
  assert.ok(await chat.core.identify({ cookie: answer.cookie }))
})

test('who cannot sign in is told the same, for the same work, whoever they say they are', async () => {
  let derived = 0
  const passwords = createPasswords({
    derive: async (given, salt) => {
      derived += 1
      return createHash('sha256').update(salt).update(given).digest()
    },
  })
  await using chat = await TestCore.open({ passwords })
  const alice = await chat.setUp('alice')
  const gone = await chat.signUp('gone')
  await alice.ok('users.change', { id: gone.id, state: 'deactivated' })
  const answers = []
  for (const tried of [
    { username: 'nobody', password },
    { username: '', password },
    { username: 'gone', password: 'not their password' },
    { username: 'alice', password: 'not her password' },
  ]) {
    derived = 0
    answers.push(JSON.stringify([await chat.nobody.ask('account.signIn', tried), derived]))
  }
  assert.equal(new Set(answers).size, 1, answers.join('\n'))
  assert.match(answers[0] ?? '', /wrong_credentials.*,1]$/)
})

test('who was deactivated is told so by the right password alone, for the same work, and again let in when taken back', async () => {
  await using chat = await TestCore.open()
  const alice = await chat.setUp('alice')
  const bob = await chat.signUp('bob')
  const signIn = { username: 'bob', password }
  await alice.ok('users.change', { id: bob.id, state: 'deactivated' })
  const told = await chat.nobody.ask('account.signIn', signIn)
  assert.ok('error' in told)
  assert.deepEqual([told.error.code, told.error.field], ['denied', undefined])
  assert.match(told.error.message, /deactivated.*administrator/)
  await chat.nobody.refused(
    'account.signIn',
    { ...signIn, password: 'another one' },
    'wrong_credentials',
    'password',
  )
  assert.deepEqual(await chat.store.sessions(bob.id), [])
  await alice.ok('users.change', { id: bob.id, state: 'active' })
  await chat.nobody.ok('account.signIn', signIn)
})

test('who was imported signs in with the old password, which is kept as argon2id from then on', async () => {
  await using chat = await TestCore.open()
  const bob = await chat.signUp('bob')
  const tag = pbkdf2Sync('what bob had', 'salt', 1_000, 32, 'sha256').toString('base64')
  const hash = `pbkdf2_sha256$1000$salt$${tag}`
  await chat.store.commit(change({ rows: [{ row: 'credential', user: bob.id, hash }] }))
  await chat.nobody.refused('account.signIn', me, 'wrong_credentials', 'password')
  await chat.nobody.ok('account.signIn', { username: 'bob', password: 'what bob had' })
  assert.match((await chat.store.credential(bob.id)) ?? '', /^\$argon2id\$/)
  await chat.nobody.ok('account.signIn', { username: 'bob', password: 'what bob had' })
})

test('signing out ends the session on the server', async () => {
  await using chat = await TestCore.open()
  const alice = await chat.setUp('alice')
  const other = await chat.signIn('alice')
  const answer = await alice.ask('account.signOut', {})
  assert.ok('ok' in answer && answer.cookie === null)
  assert.equal(await chat.core.identify({ cookie: alice.cookie }), null)
  assert.ok(await chat.core.identify({ cookie: other.cookie }))
})

test('nobody has endless sessions: the one seen longest ago makes room', async () => {
  await using chat = await TestCore.open()
  const first = await chat.setUp('alice')
  for (let n = 0; n < 100; n++) {
    chat.clock.turn(1_000)
    await chat.signIn('alice')
  }
  const { sessions } = await (await chat.signIn('alice')).ok('sessions.list', {})
  assert.equal(sessions.length, 100)
  assert.equal(await chat.core.identify({ cookie: first.cookie }), null)
})
