import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { MessageId, RoomId, UserId } from '../../contract/ids.ts'
import { newId } from '../../contract/ids.ts'
import { TestCore } from '../../tests/support/core.ts'

test('[A3] a read and what an administrator does ask the store once who that is now; a message asks nothing before its guards', async () => {
  let asked: UserId[] = []
  await using chat = await TestCore.open({
    wrap: store => ({
      ...store,
      user: id => {
        asked.push(id)
        return store.user(id)
      },
    }),
  })
  const owner = await chat.setUp()
  const room = newId<RoomId>()
  await owner.ok('rooms.create', { id: room, kind: 'public', name: 'Once' })
  const id = newId<MessageId>()
  const timesAsked = async (call: () => Promise<unknown>): Promise<number> => {
    asked = []
    await call()
    return asked.filter(user => user === owner.id).length
  }
  assert.equal(await timesAsked(() => owner.ok('messages.post', { id, room, text: 'hello' })), 0)
  const calls = [
    () => owner.ok('bootstrap.get', {}),
    () => owner.ok('me.get', {}),
    () => owner.ok('users.list', {}),
    () => owner.ok('users.get', { id: owner.id }),
    () => owner.ok('rooms.list', { which: 'all' }),
    () => owner.ok('rooms.get', { id: room }),
    () => owner.ok('rooms.named', { name: 'once' }),
    () => owner.ok('members.list', { id: room }),
    () => owner.ok('messages.list', { room }),
    () => owner.ok('messages.get', { id }),
    () => owner.ok('messages.oversee', {}),
    () => owner.ok('sessions.list', {}),
    () => owner.ok('tokens.list', {}),
    () => owner.ok('workspace.change', { name: 'Other' }),
    () => owner.ok('users.create', { id: newId(), username: 'bob', password: 'a long enough phrase' }),
    () => owner.ok('rooms.remove', { id: room }),
  ]
  for (const call of calls) assert.equal(await timesAsked(call), 1, String(call))
})
