import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { MessageId } from '../../contract/ids.ts'
import type { OpenRoom } from '../../web/sync/model.ts'
import { messagesOf } from './compare.ts'
import { world } from './history.ts'
import type { ScriptedServer } from './scripted.ts'
import { bob, general, generalTopic, online, refusal, said, settle } from './scripted.ts'

type List = NonNullable<ScriptedServer['handlers']['messages.list']>

/** A jump arrives whose answer, given when it is `released`, comes only after the room began anew and was read again. */
async function assertOvertakenArrives(
  {
    server,
    history,
    open,
    plain,
  }: Pick<ReturnType<typeof world>, 'server' | 'history'> & { open: OpenRoom; plain: List },
  answering: (released: () => Promise<void>) => List,
): Promise<void> {
  const late: (() => void)[] = []
  server.handlers['messages.list'] = answering(() => new Promise(resolve => late.push(resolve)))
  const jump = open.jumpTo(history[9]?.id as MessageId)
  await settle()
  server.socket.say({ t: 'reset', topic: generalTopic, head: 301, why: 'behind' })
  history.push(said(301, bob, 'meanwhile'))
  server.handlers['messages.list'] = plain
  await settle()
  for (const release of late) release()
  assert.ok('ok' in (await jump))
  assert.ok(messagesOf(open).some(message => message.id === history[9]?.id))
}

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

test('a jump to a message that is not there says so, and one that the room beginning anew took the place of arrives', async () => {
  const { server, device, history } = world()
  await using client = await online(server, device)
  using open = client.open(general)
  await settle()
  const plain = server.handlers['messages.list'] as List
  server.handlers['messages.list'] = () => refusal('not_found')
  const answer = await open.jumpTo(history[9]?.id as MessageId)
  assert.deepEqual('error' in answer && [answer.error.code, answer.error.field], ['not_found', 'around'])
  await assertOvertakenArrives({ server, history, open, plain }, released => async input => {
    await released()
    return plain(input)
  })
})

test('a jump whose answer is from before the room began anew arrives, and blames no network', async () => {
  const { server, device, history } = world()
  await using client = await online(server, device)
  using open = client.open(general)
  await settle()
  const plain = server.handlers['messages.list'] as List
  await assertOvertakenArrives({ server, history, open, plain }, released => async input => {
    const before = await plain(input)
    await released()
    return before
  })
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
