import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { SessionId } from '../../contract/ids.ts'
import type { CallResult } from '../../web/sync/model.ts'
import { changes, edited, editsOf, hers, his, keyOfRow, removed, world } from './edits.ts'
import {
  alice,
  aliceTopic,
  bob,
  bootAt,
  epoch,
  general,
  generalTopic,
  online,
  refusal,
  settle,
} from './scripted.ts'

test('[C4] an edit that was overtaken keeps both texts: one saves it all the same, or takes it back', async () => {
  const { server, device } = world()
  await using client = await online(server, device)
  const edits = editsOf(server)
  using open = client.open(general)
  await settle()
  await open.edit(hers, 'mine')
  await settle()
  server.socket.events(generalTopic, 11, edited('from my phone'))
  await edits.answer(refusal('changed'))
  assert.deepEqual(changes(open), ['mine (changed)', 'his'])
  const [row] = open.snapshot().rows
  assert.ok(row?.is === 'message' && row.change)
  assert.equal(row.change.confirmed.text, 'from my phone')
  await open.edit(row.change.confirmed, 'mine')
  await settle()
  assert.deepEqual(edits.inputs.at(-1), { id: hers.id, text: 'mine', was: 1 })
  await edits.answer(refusal('denied'))
  assert.equal(await open.discard(keyOfRow(open, 0)), 'mine')
  assert.deepEqual(changes(open), ['from my phone', 'his'])
  assert.equal(client.snapshot().unsent, 0)
})

test('an edit of a message that was deleted meanwhile stands below all, and its text is not lost', async () => {
  const { server, device } = world()
  await using client = await online(server, device)
  const edits = editsOf(server)
  using open = client.open(general)
  await settle()
  await open.edit(hers, 'many words')
  await settle()
  server.socket.events(generalTopic, 11, removed(hers))
  assert.deepEqual(changes(open), ['his'])
  await edits.answer(refusal('not_found'))
  assert.deepEqual(changes(open), ['his', 'failed many words'])
  assert.equal(await open.discard(keyOfRow(open, 1)), 'many words')
  assert.deepEqual(changes(open), ['his'])
})

test('[C4] a deletion is shown at once as one that is not done; where it is refused, the message says so', async () => {
  const { server, device } = world()
  await using client = await online(server, device)
  const waiting: ((answer: CallResult<{ seq: number }>) => void)[] = []
  server.handlers['messages.remove'] = () => new Promise(resolve => waiting.push(resolve))
  using open = client.open(general)
  await settle()
  await open.remove(his.id)
  assert.deepEqual(changes(open), ['hers', 'his (pending)'])
  await settle()
  waiting.shift()?.(refusal('denied'))
  await settle()
  assert.deepEqual(changes(open), ['hers', 'his (denied)'])
  await open.retry(keyOfRow(open, 1))
  await settle()
  waiting.shift()?.({ ok: { seq: 11 } })
  await settle()
  server.socket.events(generalTopic, 11, removed(his))
  assert.deepEqual(changes(open), ['hers'])
  assert.deepEqual(await device.storage.rows(alice), [])
})

test('a message that somebody else deleted meanwhile is deleted as wanted', async () => {
  const { server, device } = world()
  await using client = await online(server, device)
  server.handlers['messages.remove'] = () => refusal('not_found')
  using open = client.open(general)
  await settle()
  await open.remove(his.id)
  await settle()
  server.socket.events(generalTopic, 11, removed(his))
  assert.deepEqual(changes(open), ['hers'])
  assert.equal(client.snapshot().unsent, 0)
  assert.deepEqual(await device.storage.rows(alice), [])
})

test('[C4] a deletion that arrives after alice was removed from the room is not taken for done', async () => {
  const { server, device } = world()
  await using client = await online(server, device)
  using open = client.open(general)
  await settle()
  const answer = Promise.withResolvers<CallResult<{ seq: number }>>()
  server.handlers['messages.remove'] = () => answer.promise
  await open.remove(hers.id)
  await settle()
  server.socket.events(aliceTopic, 4, { e: 'room.removed', by: bob, at: 20, room: general })
  server.socket.say({ t: 'gone', topic: generalTopic })
  answer.resolve(refusal('not_found'))
  await settle()
  assert.equal(client.snapshot().unsent, 1)
})

test('[A1] where bob has signed in meanwhile, nothing of what alice did offline is sent as his', async () => {
  const { server, clock, device } = world()
  await using client = await online(server, device)
  using open = client.open(general)
  await settle()
  server.isReachable = false
  server.socket.close(1006)
  await open.post('private words')
  await open.edit(hers, 'better')
  server.isReachable = true
  await clock.turn(60_000)
  server.socket.say({
    t: 'welcome',
    epoch,
    me: bob,
    session: 'x' as SessionId,
    node: 'one',
    heads: bootAt(10).cursors,
  })
  await settle()
  assert.equal(server.called('messages.post').length, 0)
  assert.equal(server.called('messages.edit').length, 0)
  assert.equal((await device.storage.rows(alice)).length, 2)
})

test('[C4] an edit that is begun on one that was overtaken is refused too, and asked about', async () => {
  const { server, device } = world()
  await using client = await online(server, device)
  const edits = editsOf(server)
  using open = client.open(general)
  await settle()
  await open.edit(hers, 'mine')
  await settle()
  server.socket.events(generalTopic, 11, edited('from my phone'))
  const [row] = open.snapshot().rows
  assert.ok(row?.is === 'message')
  await edits.answer(refusal('changed'))
  await open.edit(row.message, 'mine, longer')
  await settle()
  assert.deepEqual(edits.inputs.at(-1), { id: hers.id, text: 'mine, longer', was: 0 })
})

test('what alice deletes is not edited any more', async () => {
  const { server, clock, device } = world()
  await using client = await online(server, device)
  using open = client.open(general)
  await settle()
  server.isReachable = false
  server.socket.close(1006)
  await open.edit(hers, 'better')
  await open.remove(hers.id)
  server.isReachable = true
  server.handlers['messages.remove'] = () => ({ ok: { seq: 11 } })
  await clock.turn(60_000)
  server.socket.welcome()
  await settle()
  assert.equal(server.called('messages.edit').length, 0)
  assert.equal(server.called('messages.remove').length, 1)
  server.socket.events(generalTopic, 11, removed(hers))
  assert.deepEqual(changes(open), ['his'])
})

for (const order of ['before', 'after'])
  test(`[C3] an edit whose answer was lost does not overtake the next one, where its event comes ${order} that is sent`, async () => {
    const { server, clock, device } = world()
    await using client = await online(server, device)
    const edits = editsOf(server)
    using open = client.open(general)
    await settle()
    await open.edit(hers, 'first')
    await settle()
    server.socket.close(1006)
    await open.edit({ id: hers.id, rev: 1 }, 'second')
    await clock.turn(60_000)
    if (order === 'before') {
      server.socket.events(generalTopic, 11, edited('first'))
      await settle()
      server.socket.welcome()
      await settle()
    } else {
      server.socket.welcome()
      await settle()
      await edits.answer({ unreachable: true })
      await edits.answer(refusal('changed'))
      server.socket.events(generalTopic, 11, edited('first'))
      await settle()
    }
    assert.deepEqual(edits.inputs.at(-1), { id: hers.id, text: 'second', was: 1 })
    assert.deepEqual(changes(open), ['second (pending)', 'his'])
  })
