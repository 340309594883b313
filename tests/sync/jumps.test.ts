import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { MessageId } from '../../contract/ids.ts'
import { messagesOf } from './compare.ts'
import { world } from './history.ts'
import { bob, general, generalTopic, online, refusal, said, settle } from './scripted.ts'

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
  const plain = server.handlers['messages.list']
  server.handlers['messages.list'] = () => refusal('not_found')
  const answer = await open.jumpTo(history[9]?.id as MessageId)
  assert.deepEqual('error' in answer && [answer.error.code, answer.error.field], ['not_found', 'around'])
  const late: (() => void)[] = []
  server.handlers['messages.list'] = input =>
    new Promise(resolve => late.push(() => resolve(plain?.(input) as never)))
  const jump = open.jumpTo(history[9]?.id as MessageId)
  await settle()
  server.socket.say({ t: 'reset', topic: generalTopic, head: 301, why: 'behind' })
  history.push(said(301, bob, 'meanwhile'))
  server.handlers['messages.list'] = plain as never
  await settle()
  for (const send of late) send()
  assert.ok('ok' in (await jump))
  assert.ok(messagesOf(open).some(message => message.id === history[9]?.id))
})

test('a jump whose answer is from before the room began anew arrives, and blames no network', async () => {
  const { server, device, history } = world()
  await using client = await online(server, device)
  using open = client.open(general)
  await settle()
  const plain = server.handlers['messages.list']
  const late: (() => void)[] = []
  server.handlers['messages.list'] = async input => {
    const before = await plain?.(input)
    return new Promise(resolve => late.push(() => resolve(before as never)))
  }
  const jump = open.jumpTo(history[9]?.id as MessageId)
  await settle()
  server.socket.say({ t: 'reset', topic: generalTopic, head: 301, why: 'behind' })
  history.push(said(301, bob, 'meanwhile'))
  server.handlers['messages.list'] = plain as never
  await settle()
  for (const send of late) send()
  assert.ok('ok' in (await jump))
  assert.ok(messagesOf(open).some(message => message.id === history[9]?.id))
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
