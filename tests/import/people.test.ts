import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setupCode, TestServer, password as testPassword } from '../support/app.ts'
import { bring, dataOf, storeOf } from './bring.ts'
import { ChatApp, djangoHash, oldPassword } from './chatapp.ts'

assert.equal(oldPassword, testPassword)

/** The stored hash of somebody, while no server runs. */
async function hashOf(chat: ChatApp, username: string): Promise<string | null> {
  await using store = await storeOf(chat)
  const user = await store.userNamed(username)
  assert.ok(user, `${username} is there`)
  return await store.credential(user.id)
}

test('alice signs in with her old password, which is kept as argon2id from then on', async () => {
  using chat = new ChatApp()
  chat.user({ username: 'alice', password: djangoHash(oldPassword, 600_000) })
  assert.equal((await bring(chat)).code, 0)
  assert.match((await hashOf(chat, 'alice')) ?? '', /^pbkdf2_sha256\$600000\$/)
  {
    await using server = await TestServer.bare({ data: dataOf(chat) })
    await server.setUp()
    await server.signIn('alice', oldPassword)
  }
  assert.match((await hashOf(chat, 'alice')) ?? '', /^\$argon2id\$/)
  await using server = await TestServer.bare({ data: dataOf(chat) })
  assert.equal((await server.signIn('alice', oldPassword)).me.username, 'alice')
})

test('users come with their names, addresses and dates, and a password that is wrong stays wrong', async () => {
  using chat = new ChatApp()
  chat.user({
    username: 'alice',
    first_name: 'Alice',
    last_name: 'Liddell',
    email: 'alice@example.org',
    date_joined: '2022-06-03 12:00:00.500000',
  })
  chat.user({ username: 'bob' })
  await bring(chat)
  await using server = await TestServer.bare({ data: dataOf(chat) })
  await server.setUp()
  const alice = await server.signIn('alice')
  const { firstName, lastName, displayName, email, role, createdAt } = alice.me
  assert.deepEqual(
    { firstName, lastName, displayName, email, role, createdAt },
    {
      firstName: 'Alice',
      lastName: 'Liddell',
      displayName: 'Alice Liddell',
      email: 'alice@example.org',
      role: 'member',
      createdAt: Date.UTC(2022, 5, 3, 12, 0, 0, 500),
    },
  )
  assert.equal((await server.signIn('bob')).me.displayName, 'bob')
  await assert.rejects(server.signIn('bob', 'not his password'), /wrong_credentials/)
})

test('superusers and staff become administrators, and who was inactive is deactivated', async () => {
  using chat = new ChatApp()
  chat.user({ username: 'alice', is_superuser: 1 })
  chat.user({ username: 'bob', is_staff: 1 })
  chat.user({ username: 'carol' })
  chat.user({ username: 'mallory', is_active: 0 })
  const { report } = await bring(chat)
  assert.match(report, /users +4 +\(2 administrators, 1 deactivated\)/)
  await using server = await TestServer.bare({ data: dataOf(chat) })
  const owner = await server.setUp()
  assert.equal((await server.signIn('alice')).me.role, 'administrator')
  assert.equal((await server.signIn('bob')).me.role, 'administrator')
  assert.equal((await server.signIn('carol')).me.role, 'member')
  await assert.rejects(server.signIn('mallory'), /"denied".*deactivated/)
  const { users } = await owner.call('users.list', {})
  assert.equal(users.find(user => user.username === 'mallory')?.state, 'deactivated')
})

test('set-up stays pending, and its code names an imported administrator, who gives their old password, the owner', async () => {
  using chat = new ChatApp()
  chat.user({ username: 'alice', is_superuser: 1 })
  chat.user({ username: 'bob' })
  await bring(chat)
  await using server = await TestServer.bare({ data: dataOf(chat) })
  assert.ok(server.app.core.setUpPending())
  const found = async () =>
    /"confab-found" content="(\w*)"/.exec(await (await server.nobody.fetch('/')).text())?.[1]
  assert.equal(await found(), 'imported')
  await assert.rejects(server.setUpImported('bob'), /"denied".*no administrator.*"username"/)
  await assert.rejects(server.setUpImported('alcie'), /"not_found".*No imported account.*"username"/)
  await assert.rejects(server.setUp('Alice'), /"taken".*imported account.*"username"/)
  const unsaid = await server.nobody.fetch('/api/setup', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ code: setupCode, workspace: 'Test', username: 'alcie', password: testPassword }),
  })
  const { error } = (await unsaid.json()) as { error: { code: string; field: string } }
  assert.deepEqual([error.code, error.field], ['invalid', 'account'])
  assert.ok(server.app.core.setUpPending())
  const alice = await server.setUpImported('alice')
  assert.equal(alice.me.role, 'owner')
  assert.equal(await found(), 'home')
  assert.equal((await server.signIn('alice')).me.role, 'owner')
  const bob = await server.signIn('bob')
  const { rooms } = await bob.call('rooms.list', { which: 'mine' })
  assert.deepEqual(rooms.map(room => room.name).sort(), ['General', 'Random'])
})

test('names equal after NFKC and case folding get a suffix, which the report tells, and with it they sign in', async () => {
  using chat = new ChatApp()
  chat.user({ username: 'bob', password: djangoHash('the password of bob') })
  chat.user({ username: 'Bob', password: djangoHash('the password of Bob') })
  chat.user({ username: 'ＢＯＢ' })
  chat.message({ username: 'Bob', message_content: 'I am Bob' })
  const { report } = await bring(chat)
  assert.match(report, /"Bob" \(user 2\) signs in as Bob-2\./)
  assert.match(report, /"ＢＯＢ" \(user 3\) signs in as BOB-3\./)
  await using server = await TestServer.bare({ data: dataOf(chat) })
  await server.setUp()
  assert.equal((await server.signIn('bob', 'the password of bob')).me.username, 'bob')
  const second = await server.signIn('Bob-2', 'the password of Bob')
  assert.equal((await server.signIn('bob-3')).me.username, 'BOB-3')
  const { users, rooms } = await second.call('bootstrap.get', {})
  const lobby = rooms.find(room => room.name === 'lobby')
  assert.ok(lobby)
  const { messages } = await second.call('messages.list', { room: lobby.id })
  assert.equal(users.find(user => user.id === messages[0]?.author)?.username, 'Bob-2')
})

test('more than 2,000,000 iterations and other kinds of hashes are refused: the user comes without a password, and the report tells', async () => {
  using chat = new ChatApp()
  const tag = Buffer.alloc(32).toString('base64')
  chat.user({ username: 'alice', password: `pbkdf2_sha256$2000001$salt$${tag}` })
  chat.user({ username: 'bob', password: `pbkdf2_sha256$99999999999$salt$${tag}` })
  chat.user({ username: 'carol', password: 'argon2$argon2id$v=19$m=102400,t=2,p=8$c2FsdA$aGFzaA' })
  chat.user({ username: 'dan', password: '!9bKj2' })
  chat.user({ username: 'erin', password: 'pbkdf2_sha256$1000$salt$short' })
  chat.user({ username: 'frank', password: '' })
  chat.user({ username: 'grace', password: `pbkdf2_sha256$2000000$salt$${tag}` })
  const { report } = await bring(chat)
  assert.match(report, /People without a usable password.*\(6\)/)
  assert.match(
    report,
    /Everybody but the 6 named above signs in with the username and password that they had\./,
  )
  assert.match(report, /"alice" \(user 1\): its hash takes 2000001 iterations, more than 2000000\./)
  assert.match(report, /"bob" \(user 2\): its hash takes 99999999999 iterations/)
  assert.match(report, /"carol" \(user 3\): it is kept as "argon2"/)
  assert.match(report, /"dan" \(user 4\): none is set/)
  assert.match(report, /"erin" \(user 5\): its hash is damaged/)
  for (const name of ['alice', 'bob', 'carol', 'dan', 'erin', 'frank'])
    assert.equal(await hashOf(chat, name), null, name)
  assert.ok(await hashOf(chat, 'grace'))
  await using server = await TestServer.bare({ data: dataOf(chat) })
  const owner = await server.setUp()
  await assert.rejects(server.signIn('alice'), /wrong_credentials/)
  const { users, passwordless = [] } = await owner.call('users.list', {})
  const without = users.filter(user => passwordless.includes(user.id)).map(user => user.username)
  assert.deepEqual(new Set(without), new Set(['alice', 'bob', 'carol', 'dan', 'erin', 'frank']))
  const alice = users.find(user => user.username === 'alice')
  assert.ok(alice)
  await owner.call('users.change', { id: alice.id, password: 'a new one for alice' })
  const signedIn = await server.signIn('alice', 'a new one for alice')
  const { passwordless: left } = await owner.call('users.list', {})
  assert.ok(left?.length === 5 && !left.includes(alice.id))
  assert.equal((await signedIn.call('users.list', {})).passwordless, undefined)
})

test('a username that belongs to nobody becomes a placeholder, who cannot sign in', async () => {
  using chat = new ChatApp()
  chat.user({ username: 'alice', is_superuser: 1 })
  chat.message({ username: 'ghost', message_content: 'Boo', date_added: '2021-01-01 00:00:00' })
  chat.message({ username: '', message_content: 'Nameless' })
  const { report } = await bring(chat)
  assert.match(report, /placeholders +2/)
  assert.match(report, /"ghost" comes as ghost\./)
  await using server = await TestServer.bare({ data: dataOf(chat) })
  const alice = await server.setUpImported('alice')
  const { users } = await alice.call('users.list', {})
  const ghost = users.find(user => user.username === 'ghost')
  assert.equal(ghost?.state, 'placeholder')
  assert.equal(ghost?.createdAt, Date.UTC(2021, 0, 1))
  for (const guess of ['ghost', '', oldPassword, 'null'])
    await assert.rejects(server.signIn('ghost', guess), /wrong_credentials|invalid/)
  await assert.rejects(server.signUp('Ghost'), /taken/)
})

test('hostile and overlong names and addresses come as what can be kept, and the report shows nothing that a terminal obeys', async () => {
  using chat = new ChatApp()
  chat.user({ username: 'eve <script>\u001b[2J', first_name: 'x'.repeat(150), last_name: 'a\u202eb' })
  chat.user({ username: '\u202e', email: 'not an address', date_joined: 'yesterday' })
  chat.user({ username: 'y'.repeat(5_000) })
  const { report, code } = await bring(chat)
  assert.equal(code, 0)
  assert.ok(!report.includes('\u001b') && !report.includes('\u202e'))
  assert.match(report, /signs in as eve_script_2J\.|signs in as eve_script__2J\./)
  assert.match(report, /\(user 2\) signs in as user-2\./)
  await using server = await TestServer.bare({ data: dataOf(chat) })
  const owner = await server.setUp()
  const { users } = await owner.call('users.list', {})
  assert.equal(users.length, 4)
  assert.ok(users.every(user => [...user.firstName].length <= 80 && user.username.length <= 150))
  assert.equal(users.find(user => user.username === 'user-2')?.email, '')
})

test('a ChatApp with columns that Confab does not know, and without those it can do without, comes as well', async () => {
  using chat = new ChatApp({
    without: ['users_profile', 'chat_room', 'django_migrations'],
    instead: {
      auth_user:
        '"id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "username" varchar(150), "password" varchar(128), "pronouns" text DEFAULT \'they\'',
    },
  })
  chat.db.prepare('INSERT INTO auth_user (username, password) VALUES (?, ?)').run('alice', djangoHash())
  chat.message()
  const { code, report } = await bring(chat)
  assert.equal(code, 0)
  assert.match(report, /There is no table users_profile: no pictures of users come\./)
  assert.match(report, /There is no table chat_room: rooms are made from the messages\./)
  await using server = await TestServer.bare({ data: dataOf(chat) })
  await server.setUp()
  assert.equal((await server.signIn('alice')).me.role, 'member')
})
