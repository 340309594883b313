import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bring, dataOf } from '../import/bring.ts'
import { ChatApp } from '../import/chatapp.ts'
import { TestServer } from '../support/app.ts'

test('a ChatApp with 50 users, 10 rooms and 100,000 messages comes, and everybody signs in', async t => {
  using chat = new ChatApp()
  chat.db.exec('BEGIN')
  for (let n = 0; n < 50; n++) chat.user({ username: `user${n}`, is_superuser: n === 0 ? 1 : 0 })
  for (let n = 0; n < 10; n++) chat.room(`Room ${n}`, `room-${n}`)
  for (let n = 0; n < 100_000; n++)
    chat.message({
      username: `user${(n * 7) % 50}`,
      room: `room-${(n * 13) % 10}`,
      message_content: `What user ${n % 50} said. `.repeat(1 + (n % 8)),
      date_added: new Date(1.6e12 + n * 60_000).toISOString().replace('T', ' ').replace('Z', '000'),
    })
  chat.db.exec('COMMIT')
  const begun = performance.now()
  const { code, report } = await bring(chat)
  t.diagnostic(`imported in ${((performance.now() - begun) / 1000).toFixed(1)} s`)
  assert.equal(code, 0)
  assert.match(report, /users +50/)
  assert.match(report, /messages +100,000/)

  await using server = await TestServer.bare({ data: dataOf(chat) })
  const owner = await server.setUpImported('user0')
  for (let n = 0; n < 50; n++) await server.signIn(`user${n}`)
  const { rooms } = await owner.call('rooms.list', { which: 'mine' })
  assert.equal(rooms.length, 12)
  for (const room of rooms.filter(({ name }) => name.startsWith('Room '))) {
    const { room: seen, unread, members } = await owner.call('rooms.get', { id: room.id })
    assert.deepEqual({ unread, members, last: seen.last?.seq }, { unread: 0, members: 50, last: 10_001 })
  }
})
