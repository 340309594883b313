import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, existsSync, mkdirSync, readFileSync, statSync } from 'node:fs'
import { join, relative } from 'node:path'
import { test } from 'node:test'
import { steps } from '../../server/adapters/store/sql/schema.ts'
import { openToRead, openToWrite } from '../../server/adapters/store/sqlite/connection.ts'
import { migrate } from '../../server/adapters/store/sqlite/migrate.ts'
import { TestServer } from '../support/app.ts'
import { bring, dataOf, historyOf, roomNamed, storeOf } from './bring.ts'
import { ChatApp } from './chatapp.ts'

/** A ChatApp with three people, two rooms and this many messages. */
function chatOf(messages: number): ChatApp {
  const chat = new ChatApp()
  chat.user({ username: 'alice', is_superuser: 1 })
  for (const username of ['bob', 'carol']) chat.user({ username })
  chat.room('Lobby', 'lobby')
  chat.room('Attic', 'attic')
  say(chat, 0, messages)
  return chat
}

/** Messages numbered from `first`, a second apart, in turn by everybody and a ghost, in both rooms. */
function say(chat: ChatApp, first: number, count: number): void {
  chat.db.exec('BEGIN')
  for (let n = first; n < first + count; n++)
    chat.message({
      username: ['alice', 'bob', 'carol', 'ghost'][n % 4] ?? '',
      room: n % 3 === 0 ? 'attic' : 'lobby',
      message_content: `message ${n}`,
      date_added: new Date(1.68e12 + n * 1000).toISOString().replace('T', ' ').replace('Z', ''),
    })
  chat.db.exec('COMMIT')
}

/** All that is there, as the store keeps it: people, rooms, members, logs. */
async function everything(chat: ChatApp) {
  await using store = await storeOf(chat)
  const { users } = await store.users({ after: null, limit: 500 })
  const alice = users.find(user => user.username === 'alice')
  assert.ok(alice)
  const { rooms } = await store.rooms(alice.id, 'all')
  const whole = await Promise.all(
    rooms.map(async room => {
      const { bodies } = await store.events(`room:${room.id}`, 0, { events: 1e6, bytes: 1e9 })
      const events = bodies.map(body => JSON.parse(body) as Record<string, unknown>)
      const { users: members } = await store.memberIds(room.id)
      return {
        name: room.name,
        members: members.length,
        texts: events.filter(event => event.e === 'message.posted').map(event => event.text),
        joins: events.filter(event => event.e === 'member.added').length,
      }
    }),
  )
  return {
    users: users.map(user => user.username).sort(),
    rooms: whole.sort((a, b) => (a.name < b.name ? -1 : 1)),
  }
}

/** What must be there once all messages have come. */
function expected(messages: number) {
  const numbers = Array.from({ length: messages }, (_, n) => n)
  const texts = (of: (n: number) => boolean) => numbers.filter(of).map(n => `message ${n}`)
  return {
    users: ['alice', 'bob', 'carol', 'ghost'],
    rooms: [
      { name: 'Attic', members: 3, texts: texts(n => n % 3 === 0), joins: 3 },
      { name: 'Lobby', members: 3, texts: texts(n => n % 3 !== 0), joins: 3 },
    ],
  }
}

test('a dry run tells what would come, in the same numbers as the run, and writes nothing', async () => {
  using chat = chatOf(50)
  const before = readFileSync(chat.database)
  const trial = await bring(chat, '--dry-run')
  assert.equal(trial.code, 0)
  assert.match(trial.report, /Nothing was written/)
  assert.ok(!existsSync(dataOf(chat)))
  assert.ok(readFileSync(chat.database).equals(before))
  const run = await bring(chat)
  const told = (report: string) => report.split('\n').slice(1, -3)
  assert.deepEqual(told(trial.report).slice(0, 8), told(run.report).slice(0, 8))
  const again = await bring(chat, '--dry-run')
  assert.match(again.report, /Here from an earlier run.*: 4 people, 2 rooms, 50 messages/)
  assert.deepEqual(await everything(chat), expected(50))
})

test('a dry run leaves an older schema as it is, and says what to do', async () => {
  using chat = chatOf(1)
  mkdirSync(dataOf(chat))
  const db = openToWrite(dataOf(chat))
  migrate(db, dataOf(chat), 0, steps.slice(0, -1))
  db.close()
  const { code, problem } = await bring(chat, '--dry-run')
  assert.equal(code, 1)
  assert.match(
    problem,
    /is of another Confab \(schema \d+; this one writes \d+\)\. .* start this one on it first/,
  )
  const after = openToRead(dataOf(chat))
  assert.equal(after.pragma('user_version', { simple: true }), steps.length - 1)
  after.close()
})

test('files and folders may begin with ~, which no shell puts in the place of a flag', async () => {
  using chat = chatOf(3)
  const { HOME } = process.env
  process.env.HOME = chat.folder
  try {
    const media = `~/${relative(chat.folder, chat.media)}`
    const database = `~/${relative(chat.folder, chat.database)}`
    const { code, problem } = await bring(chat, `--database=${database}`, `--media=${media}`, '--data=~/data')
    assert.equal(code, 0, problem)
    assert.ok(existsSync(join(chat.folder, 'data', 'confab.db')))
  } finally {
    process.env.HOME = HOME
  }
})

test('running twice adds nothing twice', async () => {
  using chat = chatOf(500)
  await bring(chat)
  const { code, report } = await bring(chat)
  assert.equal(code, 0)
  assert.match(report, /messages +0/)
  assert.match(report, /4 people, 2 rooms, 500 messages/)
  assert.deepEqual(await everything(chat), expected(500))
})

test('a second run brings what was written in the ChatApp since the first', async () => {
  using chat = chatOf(100)
  await bring(chat)
  chat.user({ username: 'dan' })
  say(chat, 100, 20)
  const before = await everything(chat)
  assert.match((await bring(chat, '--dry-run')).report, /messages +20/)
  assert.deepEqual(await everything(chat), before)
  const { report } = await bring(chat)
  assert.match(report, /users +1/)
  assert.match(report, /messages +20/)
  const { users, rooms } = await everything(chat)
  assert.ok(users.includes('dan'))
  assert.deepEqual(
    rooms.map(({ texts, members, joins }) => ({ texts, members, joins })),
    expected(120).rooms.map(({ texts }) => ({ texts, members: 4, joins: 4 })),
  )
})

test('whoever is renamed in the ChatApp between two runs, or leaves it, stays who they were: no ghost takes what they wrote', async () => {
  using chat = chatOf(40)
  await bring(chat)
  chat.db.exec("UPDATE auth_user SET username = 'robert' WHERE username = 'bob'")
  chat.db.exec(
    "DELETE FROM users_profile WHERE user_id = (SELECT id FROM auth_user WHERE username = 'carol')",
  )
  chat.db.exec("DELETE FROM auth_user WHERE username = 'carol'")
  // A page that was open all the time still says bob; carol's are brought though she is gone.
  for (const username of ['robert', 'bob', 'carol'])
    chat.message({
      username,
      room: 'lobby',
      message_content: `late, by ${username}`,
      date_added: '2024-01-01 00:00:00',
    })
  const { report, code } = await bring(chat)
  assert.equal(code, 0, report)
  assert.match(report, /placeholders +0/)
  assert.match(report, /messages +3/)
  assert.deepEqual((await everything(chat)).users, expected(40).users)
  await using server = await TestServer.bare({ data: dataOf(chat) })
  const alice = await server.setUpImported('alice')
  const said = (await historyOf(alice, await roomNamed(alice, 'Lobby'))).filter(({ text }) =>
    text.startsWith('late'),
  )
  assert.deepEqual(
    said.map(({ author }) => author),
    ['bob', 'bob', 'carol'],
  )
})

test('a copy of the database is the same ChatApp, and another one is not', async () => {
  using chat = chatOf(10)
  using other = chatOf(10)
  await bring(chat)
  const copy = join(chat.folder, 'copy.sqlite3')
  copyFileSync(chat.database, copy)
  assert.match((await bring(chat, '--database', copy)).report, /4 people, 2 rooms, 10 messages/)
  const { report } = await bring(chat, '--database', other.database)
  assert.match(report, /users +3/)
  assert.match(report, /"alice" \(user 1\) signs in as alice-2/)
  assert.match(report, /"Lobby" \("lobby" in its address\) comes as Lobby 2/)
})

test('what was deleted since an earlier run does not come back', async () => {
  using chat = chatOf(30)
  await bring(chat)
  {
    await using server = await TestServer.bare({ data: dataOf(chat) })
    const alice = await server.setUpImported('alice')
    const bob = await server.signIn('bob')
    for (const name of ['Lobby', 'Random']) await bob.call('rooms.leave', { id: await roomNamed(bob, name) })
    await alice.call('users.remove', { id: (await server.signIn('carol')).id, messages: 'keep' })
    await alice.call('rooms.remove', { id: await roomNamed(alice, 'Attic') })
    const [first] = await historyOf(alice, await roomNamed(alice, 'Lobby'))
    assert.ok(first)
    await alice.call('messages.remove', { id: first.id })
  }
  const { report, code } = await bring(chat)
  assert.equal(code, 0)
  assert.match(
    report,
    /Left out, because their rooms came with an earlier run and were deleted since: 10 messages/,
  )
  await using server = await TestServer.bare({ data: dataOf(chat) })
  const alice = await server.signIn('alice')
  const { rooms, users } = await alice.call('bootstrap.get', {})
  assert.deepEqual(rooms.map(room => room.name).sort(), ['General', 'Lobby', 'Random'])
  assert.ok(!users.some(user => user.username === 'carol'))
  const lobby = await roomNamed(alice, 'Lobby')
  assert.equal((await historyOf(alice, lobby)).length, 19)
  for (const room of [lobby, await roomNamed(alice, 'Random')]) {
    const { members } = await alice.call('members.list', { id: room })
    assert.deepEqual(
      members.map(member => member.user),
      [alice.id],
    )
  }
})

test('into a workspace that has people and rooms already, it comes beside them', async () => {
  using chat = chatOf(10)
  chat.room('General', 'general')
  {
    await using server = await TestServer.bare({ data: dataOf(chat) })
    await server.setUp('alice')
    await server.signUp('bob')
  }
  const { report } = await bring(chat)
  assert.match(report, /"alice" \(user 1\) signs in as alice-2\./)
  assert.match(report, /"bob" \(user 2\) signs in as bob-2\./)
  assert.match(report, /"General" \("general" in its address\) comes as General 2\./)
  await using server = await TestServer.bare({ data: dataOf(chat) })
  assert.equal((await server.signIn('alice')).me.role, 'owner')
  const carol = await server.signIn('carol')
  const { rooms } = await carol.call('rooms.list', { which: 'mine' })
  assert.deepEqual(rooms.map(room => room.name).sort(), ['Attic', 'General', 'General 2', 'Lobby', 'Random'])
  const { unread } = await carol.call('bootstrap.get', {})
  assert.ok(Object.values(unread).every(count => count === 0))
})

test('a run that is killed at any instant is finished by running it again', async () => {
  using chat = chatOf(10_000)
  const main = join(import.meta.dirname, '..', '..', 'server', 'main.ts')
  const args = ['import', 'django', '--database', chat.database, '--data', dataOf(chat)]
  let killed = 0
  // Each run is killed once the database has grown a little further than when the last one was.
  for (let round = 1; round <= 4; round++) {
    const child = spawn(process.execPath, [main, ...args], { stdio: 'ignore' })
    const ended = once(child, 'exit')
    await grown(chat, () => child.exitCode !== null, round)
    if (child.exitCode === null) killed++
    child.kill('SIGKILL')
    await ended
  }
  assert.ok(killed > 0, 'no run was killed before it was done')
  const { code } = await bring(chat)
  assert.equal(code, 0)
  assert.deepEqual(await everything(chat), expected(10_000))
})

/** Resolves once the database has so many bytes, or the run is over. */
async function grown(chat: ChatApp, over: () => boolean, round: number): Promise<void> {
  while (!over() && bytesIn(chat) < round * 700_000) await new Promise(resolve => setTimeout(resolve, 2))
}

function bytesIn(chat: ChatApp): number {
  const sizes = ['', '-wal'].map(end =>
    statSync(join(dataOf(chat), `confab.db${end}`), { throwIfNoEntry: false }),
  )
  return sizes.reduce((sum, stats) => sum + (stats?.size ?? 0), 0)
}
