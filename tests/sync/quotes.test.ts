import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { MessageId } from '../../contract/ids.ts'
import { postsOf, rows } from './posts.ts'
import {
  bob,
  general,
  generalTopic,
  online,
  refusal,
  ScriptedServer,
  said,
  scriptedDevice,
  settle,
  TurnedClock,
} from './scripted.ts'

const world = () => {
  const server = new ScriptedServer()
  const clock = new TurnedClock()
  return { server, clock, device: scriptedDevice(server, clock) }
}

test('a quoted message that is not loaded is known as it is: fetched, edited, deleted', async () => {
  const { server, device } = world()
  const old = said(3, bob, 'who comes?')
  server.handlers['messages.get'] = () => ({ ok: { message: old, seq: 10 } })
  await using client = await online(server, device)
  using open = client.open(general)
  await settle()
  let drawn = 0
  open.subscribe(() => drawn++)
  assert.equal(open.known(old.id), undefined)
  await open.quoted(old.id)
  assert.equal(open.known(old.id)?.text, 'who comes?')
  assert.ok(drawn > 0)
  const event = { by: bob, at: 11, id: old.id }
  server.socket.events(generalTopic, 11, { e: 'message.edited', ...event, text: 'who comes along?', rev: 1 })
  assert.equal(open.known(old.id)?.text, 'who comes along?')
  drawn = 0
  server.socket.events(generalTopic, 12, { e: 'message.deleted', ...event, of: 3 } as never)
  assert.equal(open.known(old.id), null)
  assert.ok(drawn > 0)
})

test('a loaded message is known to be deleted in the turn in which that is heard, and one that was never seen after one question', async () => {
  const { server, device } = world()
  const last = said(10, bob, 'here')
  server.handlers['messages.list'] = () => ({
    ok: { messages: [last], before: false, after: false, seq: 10 },
  })
  await using client = await online(server, device)
  using open = client.open(general)
  await settle()
  server.socket.events(generalTopic, 11, {
    e: 'message.deleted',
    by: bob,
    at: 11,
    id: last.id,
    of: 10,
  } as never)
  assert.equal(open.known(last.id), null)
  const gone = said(2, bob, '').id
  assert.equal(await open.quoted(gone), null)
  assert.equal(open.known(gone), null)
  assert.equal(server.called('messages.get').length, 1)
})

for (const answer of [
  refusal('rate_limited', { retryAfter: 2 }),
  refusal('unavailable'),
  { unreachable: true } as const,
])
  test(`a quoted message whose read was refused (${JSON.stringify(answer)}) is read in a while, on the same connection, while its room is open`, async () => {
    const { server, clock, device } = world()
    const old = said(3, bob, 'who comes?')
    server.handlers['messages.get'] = () => answer
    await using client = await online(server, device)
    const open = client.open(general)
    await settle()
    void open.quoted(old.id)
    await settle()
    const asked = server.called('messages.get').length
    await clock.turn(40_000)
    assert.ok(server.called('messages.get').length > asked)
    open[Symbol.dispose]()
    const left = server.called('messages.get').length
    await clock.turn(70_000)
    assert.equal(server.called('messages.get').length, left)
    server.handlers['messages.get'] = () => ({ ok: { message: old, seq: 10 } })
    using again = client.open(general)
    await settle()
    assert.equal(again.known(old.id)?.text, 'who comes?')
  })

test('a row that is refused for its quote is sent without it, under its id', async () => {
  const { server, device } = world()
  const posts = postsOf(server)
  await using client = await online(server, device)
  using open = client.open(general)
  await settle()
  open.write({ text: 'I do', quote: said(3, bob, '').id })
  await open.send()
  await settle()
  assert.deepEqual([...client.snapshot().unsentRooms], [general])
  await posts.answer(refusal('not_found', { field: 'quote' }))
  assert.deepEqual(rows(open), ['failed I do'])
  const { draft } = open.snapshot().rows[0] as { draft: { id: MessageId } }
  await open.retryUnquoted(draft.id)
  await settle()
  assert.deepEqual(server.called('messages.post').at(-1), { id: draft.id, room: general, text: 'I do' })
  await posts.answer({ ok: { seq: 11 } })
  assert.equal(client.snapshot().unsentRooms.size, 0)
})
