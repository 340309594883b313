import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { RoomId } from '../../contract/ids.ts'
import { TestServer } from '../support/app.ts'
import { HandClock } from '../support/hand-clock.ts'
import { agrees, history, messagesOf, until } from './compare.ts'
import { deviceOf } from './real-network.ts'

test('[C4] alice and bob talk: each sees what the other says, pending until the server has it', async () => {
  await using world = await TestServer.owned()
  const { server, owner: alice } = world
  const bob = await server.signUp('bob')
  await using hers = await deviceOf(server.url, alice).tab()
  await using his = await deviceOf(server.url, bob).tab()
  await hers.ready
  await his.ready
  const general = [...hers.snapshot().rooms.values()].find(room => room.name === 'General')?.id
  assert.ok(general)
  using hersOpen = hers.open(general)
  using hisOpen = his.open(general)
  for (const text of ['one', 'two', 'three']) await hersOpen.post(text)
  await hisOpen.post('four')
  for (const open of [hersOpen, hisOpen])
    assert.ok(
      await until(
        listener => open.subscribe(listener),
        () => messagesOf(open).length === 4,
      ),
    )
  assert.deepEqual(messagesOf(hersOpen), await history(bob, general))
  assert.deepEqual(messagesOf(hisOpen), await history(bob, general))
  await agrees(hers, alice)
  await agrees(his, bob)
})

test('the app opened, twenty rooms looked into and two thousand messages scrolled through cost less than may be read at once', async () => {
  const clock = new HandClock()
  await using world = await TestServer.owned({ limits: 'on' }, { clock })
  const { server, owner: alice } = world
  const rooms: RoomId[] = []
  for (let n = 0; n < 20; n++) {
    clock.turn(60_000)
    rooms.push(await alice.room(`Room ${n}`))
  }
  const [long] = rooms
  assert.ok(long)
  for (const room of rooms.slice(1)) await alice.says(room, 'Shall we meet at noon?')
  for (let n = 0; n < 2_000; n += 10) {
    clock.turn(5_000)
    const ten = Array.from({ length: 10 }, (_, at) => `${n + at}: the room upstairs is free. `.repeat(8))
    await Promise.all(ten.map(text => alice.says(long, text)))
  }
  // From here on the server's time stands still: no budget grows, and what was refused once would be refused for ever.
  await using client = await deviceOf(server.url, alice).tab()
  await client.ready
  for (const room of rooms.slice(1)) {
    using open = client.open(room)
    assert.ok(
      await until(
        listener => open.subscribe(listener),
        () => open.snapshot().status === 'ready',
      ),
    )
    assert.equal(open.snapshot().error, null)
  }
  using open = client.open(long)
  await until(
    listener => open.subscribe(listener),
    () => open.snapshot().isSettled,
  )
  let seen = new Set<string>()
  while (open.snapshot().before) {
    await open.loadBefore()
    seen = new Set([...seen, ...messagesOf(open).map(({ id }) => id)])
  }
  assert.equal(seen.size, 2_000)
  assert.equal((await alice.fetch('/api/me')).status, 200)
})
