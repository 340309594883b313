import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { MessageId } from '../../contract/ids.ts'
import { messagesOf } from './compare.ts'
import { world } from './history.ts'
import { general, online, refusal, settle } from './scripted.ts'

test('a jump that is refused says why, and never that the message is gone', async () => {
  const { server, device, history } = world()
  await using client = await online(server, device)
  using open = client.open(general)
  await settle()
  for (const answer of [refusal('unavailable'), refusal('internal')]) {
    server.handlers['messages.list'] = () => answer
    assert.deepEqual(await open.jumpTo(history[9]?.id as MessageId), answer)
  }
})

test('alice goes to the first unread message, be it loaded or long ago', async () => {
  const { server, device } = world(300, 40)
  await using client = await online(server, device)
  using open = client.open(general)
  await settle()
  assert.ok('ok' in (await open.jumpToUnread()))
  const shown = messagesOf(open).map(message => message.seq)
  assert.ok(shown.includes(41) && shown.includes(40))
})
