import assert from 'node:assert/strict'
import { test } from 'node:test'
import { postsOf, rows } from './posts.ts'
import {
  alice,
  bob,
  general,
  generalTopic,
  online,
  posted,
  random,
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

test('[C1] [C4] what alice posts stands last, as pending, until the server tells of it', async () => {
  const { server, device } = world()
  await using client = await online(server, device)
  const posts = postsOf(server)
  using open = client.open(general)
  await settle()
  const id = await open.post('mine')
  await settle()
  server.socket.events(generalTopic, 11, posted(said(11, bob, 'earlier')))
  assert.deepEqual(rows(open), ['message earlier', 'pending mine'])
  assert.equal(client.snapshot().unsent, 1)
  // Acknowledged, and not heard of as an event yet: it stays, and is nowhere twice.
  await posts.answer({ ok: { seq: 12 } })
  assert.deepEqual(rows(open), ['message earlier', 'pending mine'])
  assert.equal(client.snapshot().unsent, 0)
  server.socket.events(generalTopic, 12, posted({ ...said(12, alice, 'mine'), id }))
  assert.deepEqual(rows(open), ['message earlier', 'message mine'])
})

test('[C1] an event that overtakes its reply makes the pending row the real one', async () => {
  const { server, device } = world()
  await using client = await online(server, device)
  const posts = postsOf(server)
  using open = client.open(general)
  const id = await open.post('mine')
  await settle()
  server.socket.events(generalTopic, 11, posted({ ...said(11, alice, 'mine'), id }))
  assert.deepEqual(rows(open), ['message mine'])
  assert.equal(client.snapshot().unsent, 0)
  await posts.answer({ ok: { seq: 11 } })
  assert.deepEqual(rows(open), ['message mine'])
  assert.deepEqual(posts.texts, ['mine'])
})

test('[C3] the next message to a room goes after the last one is answered; another room does not wait', async () => {
  const { server, device } = world()
  await using client = await online(server, device)
  const posts = postsOf(server)
  using open = client.open(general)
  using other = client.open(random)
  await open.post('one')
  await open.post('two')
  await settle()
  assert.deepEqual(posts.texts, ['one'])
  await posts.answer({ ok: { seq: 11 } })
  assert.deepEqual(posts.texts, ['one', 'two'])
  await posts.answer({ ok: { seq: 12 } })
  await open.post('three')
  await other.post('elsewhere')
  await settle()
  assert.deepEqual(posts.texts.slice(2), ['three', 'elsewhere'])
  await posts.answer({ ok: { seq: 13 } })
  await posts.answer({ ok: { seq: 1 } })
  assert.equal(client.snapshot().unsent, 0)
})

test('[C3] [C4] what alice wrote offline is sent once and in order, after the page was closed and opened anew', async () => {
  const { server, clock, device } = world()
  {
    await using client = await online(server, device)
    using open = client.open(general)
    await settle()
    server.isReachable = false
    server.socket.close(1006)
    for (const text of ['one', 'two', 'three']) await open.post(text)
    await clock.turn(60_000)
    assert.equal(client.snapshot().connection.is, 'offline')
    assert.deepEqual(rows(open), ['pending one', 'pending two', 'pending three'])
  }
  assert.equal(server.called('messages.post').length, 0)
  server.isReachable = true
  let seq = 10
  server.handlers['messages.post'] = () => ({ ok: { seq: ++seq } })
  await using client = await online(server, device)
  await settle()
  assert.deepEqual(
    server.called('messages.post').map(input => (input as { text: string }).text),
    ['one', 'two', 'three'],
  )
  assert.equal(client.snapshot().unsent, 0)
  assert.deepEqual(await device.storage.rows(alice), [])
})

test('[C3] a message whose answer was lost with the connection is sent again under the same id', async () => {
  const { server, clock, device } = world()
  await using client = await online(server, device)
  const posts = postsOf(server)
  using open = client.open(general)
  const id = await open.post('one')
  await settle()
  server.socket.close(1006)
  await clock.turn(2_000)
  server.socket.welcome()
  await clock.turn(2_000)
  assert.deepEqual(
    server.called('messages.post').map(input => (input as { id: string }).id),
    [id, id],
  )
  assert.equal(posts.texts.length, 2)
})

test('[C3] alice is asked to wait, and waits: nothing is lost or overtaken', async () => {
  const { server, clock, device } = world()
  await using client = await online(server, device)
  const posts = postsOf(server)
  using open = client.open(general)
  await open.post('one')
  await open.post('two')
  await settle()
  await posts.answer(refusal('rate_limited', { retryAfter: 7 }))
  await clock.turn(6_800)
  await open.post('three')
  await settle()
  assert.deepEqual(posts.texts, ['one'])
  await clock.turn(700)
  assert.deepEqual(posts.texts, ['one', 'one'])
  await posts.answer({ ok: { seq: 11 } })
  assert.deepEqual(posts.texts, ['one', 'one', 'two'])
})

test('[C4] a refusal for good marks that message failed and holds up no other; it can be sent again or taken back', async () => {
  const { server, device } = world()
  await using client = await online(server, device)
  const posts = postsOf(server)
  using open = client.open(general)
  await settle()
  const id = await open.post('one')
  await open.post('two')
  await settle()
  await posts.answer(refusal('archived'))
  assert.deepEqual(rows(open), ['failed one', 'pending two'])
  assert.deepEqual(posts.texts, ['one', 'two'])
  await posts.answer({ ok: { seq: 11 } })
  await open.retry(id)
  await settle()
  assert.deepEqual(posts.texts, ['one', 'two', 'one'])
  await posts.answer(refusal('archived'))
  assert.equal(await open.discard(id), 'one')
  assert.equal(client.snapshot().unsent, 0)
  assert.deepEqual(await device.storage.rows(alice), [])
})

test('[C4] a refusal of a kind that only a newer server knows is one all the same, and a wait is a wait', async () => {
  const { server, clock } = world()
  await using client = await online(server, scriptedDevice(server, clock))
  const posts = postsOf(server)
  using open = client.open(general)
  await open.post('one')
  await open.post('two')
  await settle()
  await posts.answer(refusal('muted' as never))
  assert.deepEqual(rows(open), ['failed one', 'pending two'])
  await posts.answer(refusal('slowed' as never, { retryAfter: 5 }))
  await clock.turn(10_000)
  assert.deepEqual(posts.texts, ['one', 'two', 'two'])
  await posts.answer({ ok: { seq: 11 } })
})

test('[P2] a message that is on its way when the connection is closed with 4013 is marked failed, and is not sent again', async () => {
  const { server, clock, device } = world()
  await using client = await online(server, device)
  const posts = postsOf(server)
  using open = client.open(general)
  await settle()
  await open.post('large')
  await settle()
  server.socket.close(4013)
  await clock.turn(2_000)
  server.socket.welcome()
  await clock.turn(10_000)
  assert.deepEqual(rows(open), ['failed large'])
  assert.deepEqual(posts.texts, ['large'])
})

test('[C5] two tabs do not send twice: one of them sends, both show it', async () => {
  const { server, device } = world()
  const posts = postsOf(server)
  await using one = await online(server, device)
  const first = server.socket
  await using two = await online(server, device)
  using here = one.open(general)
  using there = two.open(general)
  await settle()
  const ids = [await here.post('one'), await there.post('two')]
  await settle()
  assert.deepEqual(rows(here), ['pending one', 'pending two'])
  assert.deepEqual(rows(there), ['pending one', 'pending two'])
  assert.deepEqual(posts.texts, ['one'])
  await posts.answer({ ok: { seq: 11 } })
  await posts.answer({ ok: { seq: 12 } })
  assert.deepEqual(posts.texts, ['one', 'two'])
  for (const socket of [first, server.socket])
    socket.events(
      generalTopic,
      11,
      ...ids.map((id, n) => posted({ ...said(11 + n, alice, ['one', 'two'][n] ?? ''), id })),
    )
  assert.deepEqual(rows(here), ['message one', 'message two'])
  assert.deepEqual(rows(there), ['message one', 'message two'])
})

test('[C5] also tabs that do not hear one another do not send twice', async () => {
  const { server, device } = world()
  device.isMute = true
  const posts = postsOf(server)
  await using one = await online(server, device)
  await using two = await online(server, device)
  await one.open(general).post('one')
  await two.open(general).post('two')
  await settle()
  await posts.answer({ ok: { seq: 11 } })
  await posts.answer({ ok: { seq: 12 } })
  assert.deepEqual(posts.texts, ['one', 'two'])
  assert.deepEqual(await device.storage.rows(alice), [])
})

test('[C5] what a closed tab left is sent by the other', async () => {
  const { server, device } = world()
  const posts = postsOf(server)
  const one = await online(server, device)
  await using two = await online(server, device)
  using open = one.open(general)
  await open.post('one')
  await open.post('two')
  await settle()
  await one[Symbol.asyncDispose]()
  await settle()
  assert.equal(two.snapshot().unsent, 2)
  await two.open(general).post('three')
  await settle()
  await posts.answer({ ok: { seq: 11 } })
  await posts.answer({ ok: { seq: 11 } })
  await posts.answer({ ok: { seq: 12 } })
  await posts.answer({ ok: { seq: 13 } })
  assert.deepEqual(posts.texts, ['one', 'one', 'two', 'three'])
})
