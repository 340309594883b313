import assert from 'node:assert/strict'
import { test } from 'node:test'
import { TestServer } from '../support/app.ts'
import { bring, dataOf, historyOf, roomNamed } from './bring.ts'
import { ChatApp } from './chatapp.ts'

/** A ChatApp where alice is the administrator; who she is once set-up is done. */
async function asAlice(chat: ChatApp) {
  const server = await TestServer.bare({ data: dataOf(chat) })
  return {
    server,
    alice: await server.setUpImported('alice'),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  }
}

function withAlice(): ChatApp {
  const chat = new ChatApp()
  chat.user({ username: 'alice', is_superuser: 1 })
  return chat
}

test('messages come in the order of their dates, and of one date in that of their ids, with their dates and authors', async () => {
  using chat = withAlice()
  chat.user({ username: 'bob' })
  chat.room('The Lobby', 'lobby')
  chat.message({ message_content: 'third', date_added: '2023-05-01 12:00:00.000002' })
  chat.message({ message_content: 'first', date_added: '2023-05-01 11:59:59', username: 'bob' })
  chat.message({ message_content: 'second', date_added: '2023-05-01 12:00:00' })
  chat.message({ message_content: 'fourth', date_added: '2023-05-01 12:00:00.000002' })
  chat.message({ message_content: 'fifth', date_added: '2023-05-01 14:00:01+02:00' })
  chat.message({ message_content: 'elsewhere', room: 'attic', date_added: '2020-01-01 00:00:00' })
  const { report } = await bring(chat)
  assert.match(report, /messages +6 +\(from 2020-01-01 to 2023-05-01\)/)
  await using there = await asAlice(chat)
  const { alice } = there
  const seen = await historyOf(alice, await roomNamed(alice, 'The Lobby'))
  assert.deepEqual(
    seen.map(({ author, text, at }) => [author, text, at]),
    [
      ['bob', 'first', '2023-05-01T11:59:59.000Z'],
      ['alice', 'second', '2023-05-01T12:00:00.000Z'],
      ['alice', 'third', '2023-05-01T12:00:00.000Z'],
      ['alice', 'fourth', '2023-05-01T12:00:00.000Z'],
      ['alice', 'fifth', '2023-05-01T12:00:01.000Z'],
    ],
  )
})

test("a message's room may have no row: it is made from what the message calls it, be it nothing", async () => {
  using chat = withAlice()
  chat.room('The Lobby', 'lobby')
  chat.message({ room: 'lobby', message_content: 'by slug' })
  chat.message({ room: 'The Lobby', message_content: 'by name' })
  chat.message({ room: 'attic', message_content: 'by nothing' })
  chat.message({ room: '', message_content: 'nowhere' })
  const { report } = await bring(chat)
  assert.match(report, /because chat_room has no row for them \(2\)/)
  await using there = await asAlice(chat)
  const { alice } = there
  const texts = async (room: string) =>
    (await historyOf(alice, await roomNamed(alice, room))).map(({ text }) => text)
  assert.deepEqual(await texts('The Lobby'), ['by slug', 'by name'])
  assert.deepEqual(await texts('attic'), ['by nothing'])
  assert.deepEqual(await texts('Unnamed room'), ['nowhere'])
})

test('rooms whose names cannot stand side by side, or are too long, come under another, and the report tells', async () => {
  using chat = withAlice()
  chat.room('Lunch', 'lunch')
  chat.room('LUNCH', 'lunch-2')
  chat.room(`${'long '.repeat(40)}`, 'long')
  chat.room('a\u202eb', 'bidi')
  chat.message({ room: 'lunch-2', message_content: 'in the second' })
  const { report } = await bring(chat)
  assert.match(report, /"LUNCH" \("lunch-2" in its address\) comes as LUNCH 2\./)
  await using there = await asAlice(chat)
  const { alice } = there
  const second = await historyOf(alice, await roomNamed(alice, 'LUNCH 2'))
  assert.deepEqual(
    second.map(({ text }) => text),
    ['in the second'],
  )
  const { rooms } = await alice.call('rooms.list', {})
  assert.ok(rooms.every(room => [...room.name].length <= 80 && room.kind === 'public'))
  assert.ok(rooms.some(room => room.name === 'ab'))
})

test('two rows of one address, which a whole ChatApp never has, are one room', async () => {
  using chat = new ChatApp({
    instead: { chat_room: '"id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "name" text, "slug" text' },
  })
  chat.user({ username: 'alice', is_superuser: 1 })
  chat.room('One', 'same')
  chat.room('Two', 'same')
  chat.message({ room: 'same' })
  const { report } = await bring(chat)
  assert.match(report, /rooms +1\n/)
  assert.match(report, /"Two" has the address of another room, and is one with it\./)
})

test('everybody is in every room, has read what was said there, and who comes later reads it too', async () => {
  using chat = withAlice()
  for (const username of ['bob', 'carol']) chat.user({ username })
  chat.user({ username: 'mallory', is_active: 0 })
  for (const [name, slug] of [
    ['Lobby', 'lobby'],
    ['General', 'general'],
    ['Empty', 'empty'],
  ] as const)
    chat.room(name, slug)
  for (let n = 0; n < 30; n++)
    chat.message({ username: ['alice', 'bob', 'mallory'][n % 3] ?? '', room: n % 2 ? 'lobby' : 'general' })
  await bring(chat)
  await using there = await asAlice(chat)
  const { server, alice } = there
  for (const reader of [alice, await server.signIn('bob'), await server.signIn('carol')]) {
    const { rooms, unread, memberships } = await reader.call('bootstrap.get', {})
    assert.deepEqual(rooms.map(room => room.name).sort(), ['Empty', 'General', 'Lobby', 'Random'])
    assert.equal(memberships.length, 4)
    assert.ok(
      Object.values(unread).every(count => count === 0),
      JSON.stringify(unread),
    )
  }
  const lobby = await roomNamed(alice, 'Lobby')
  const dan = await server.signUp('dan')
  const { rooms } = await dan.call('rooms.list', { which: 'mine' })
  assert.deepEqual(rooms.map(room => room.name).sort(), ['General', 'Random'])
  await dan.call('rooms.join', { id: lobby })
  await alice.says(lobby, 'Welcome, dan')
  assert.equal((await historyOf(dan, lobby)).length, 16)
  const { unread } = await dan.call('bootstrap.get', {})
  assert.equal(unread[lobby], 1)
})

test('texts that are empty, hostile or too long come as what can be kept, and the report tells', async () => {
  using chat = withAlice()
  const long = 'ä'.repeat(10_000)
  chat.message({ message_content: '' })
  chat.message({ message_content: '   ' })
  chat.message({ message_content: '<img src=x onerror=alert(1)> \u202e __proto__' })
  chat.message({ message_content: 'a\0b' })
  chat.message({ message_content: Buffer.from([0x61, 0xed, 0xa0, 0x80, 0xff]) })
  chat.message({ message_content: long })
  chat.message({ message_content: Buffer.alloc(17 * 1024 * 1024, 0x61) })
  const { report } = await bring(chat)
  assert.match(
    report,
    /bytes that are no text, which become U\+FFFD \(2\):\n {2}Message 4 in lobby\.\n {2}Message 5 in lobby\./,
  )
  assert.match(report, /Message 6 in lobby: of 20,000 bytes, 16,384 come\./)
  assert.match(report, /Message 7 in lobby: of 17,825,792 bytes, 0 come\./)
  await using there = await asAlice(chat)
  const seen = await historyOf(there.alice, await roomNamed(there.alice, 'lobby'))
  const texts = seen.map(({ text }) => text)
  assert.deepEqual(texts.slice(0, 4), [
    '',
    '   ',
    '<img src=x onerror=alert(1)> \u202e __proto__',
    'a\uFFFDb',
  ])
  assert.match(texts[4] ?? '', /^a\uFFFD+$/)
  assert.equal(texts[5], 'ä'.repeat(8_192))
  assert.equal(texts[6], '')
})

test('a message whose date cannot be read stands where its id is', async () => {
  using chat = withAlice()
  chat.message({ message_content: 'one', date_added: 'sometime' })
  chat.message({ message_content: 'two', date_added: '2023-05-01 12:00:00' })
  chat.message({ message_content: 'three', date_added: 1682942400 })
  chat.message({ message_content: 'four', date_added: '2023-05-02 12:00:00' })
  const { report } = await bring(chat)
  assert.match(report, /unreadable date.*\(2\):\n {2}Message 1\.\n {2}Message 3\./)
  await using there = await asAlice(chat)
  const seen = await historyOf(there.alice, await roomNamed(there.alice, 'lobby'))
  assert.deepEqual(
    seen.map(({ text, at }) => `${text} ${at.slice(0, 10)}`),
    ['one 2023-05-01', 'two 2023-05-01', 'three 2023-05-01', 'four 2023-05-02'],
  )
})

test('with very many rooms everybody is in those they wrote in, and finds the others', async () => {
  using chat = withAlice()
  chat.user({ username: 'bob' })
  for (let n = 0; n < 60; n++) chat.message({ username: n % 10 ? 'alice' : 'bob', room: `room-${n}` })
  const { report } = await bring(chat)
  assert.match(report, /There are 60 rooms: everybody is put in those they wrote in/)
  await using there = await asAlice(chat)
  const bob = await there.server.signIn('bob')
  const { rooms } = await bob.call('rooms.list', { which: 'mine' })
  assert.equal(rooms.length, 6 + 2)
  assert.equal((await bob.call('rooms.list', {})).rooms.length, 60 + 2)
  assert.equal((await historyOf(bob, await roomNamed(bob, 'room-7'))).length, 1)
})

test('what was said without Markdown is shown as it was, until somebody edits it', async () => {
  using chat = withAlice()
  chat.room('Lobby', 'lobby')
  chat.message({ message_content: '2 *3* 4', username: 'alice' })
  await bring(chat)
  await using there = await asAlice(chat)
  const { alice } = there
  const room = await roomNamed(alice, 'Lobby')
  const listed = async () => (await alice.call('messages.list', { room })).messages
  const [message] = await listed()
  assert.deepEqual([message?.text, message?.plain], ['2 *3* 4', true])
  assert.ok(message)
  await alice.call('messages.edit', { id: message.id, text: '2 *3* 4!', was: 0 })
  assert.deepEqual(
    (await listed()).map(({ text, plain }) => [text, plain]),
    [['2 *3* 4!', undefined]],
  )
})
