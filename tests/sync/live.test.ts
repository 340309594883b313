import assert from 'node:assert/strict'
import { test } from 'node:test'
import { TestServer } from '../support/app.ts'
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
