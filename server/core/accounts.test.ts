import assert from 'node:assert/strict'
import { test } from 'node:test'
import { TestCore } from '../../tests/support/core.ts'

test('alice sets up the workspace and becomes its owner, in General and Random', async () => {
  await using chat = await TestCore.open()
  assert.equal(chat.core.setUpPending(), true)
  const alice = await chat.setUp('alice')
  assert.equal(chat.core.setUpPending(), false)
  const { me, workspace, rooms, memberships } = await alice.ok('bootstrap.get', {})
  assert.equal(me.role, 'owner')
  assert.equal(workspace.name, 'Test')
  assert.deepEqual(rooms.map(room => room.name).sort(), ['General', 'Random'])
  assert.equal(memberships.length, 2)
})
