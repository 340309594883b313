import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { MessageId } from '../../contract/ids.ts'
import type { Output } from '../../contract/operations.ts'
import { memoryStorage } from '../../web/sync/memory.ts'
import type { Answer, OpenRoom } from '../../web/sync/model.ts'
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

type Posted = Answer<Output<'messages.post'>>

const world = () => {
  const server = new ScriptedServer()
  const clock = new TurnedClock()
  return { server, clock, device: scriptedDevice(server, clock) }
}

/** Answers posts one by one, when the test says so. */
function postsOf(server: ScriptedServer) {
  const waiting: ((answer: Posted) => void)[] = []
  server.handlers['messages.post'] = () => new Promise(resolve => waiting.push(resolve))
  return {
    get texts() {
      return server.called('messages.post').map(input => (input as { text: string }).text)
    },
    async answer(answer: Posted) {
      const next = waiting.shift()
      assert.ok(next, 'nothing was posted')
      next(answer)
      await settle()
    },
  }
}

const rows = (open: OpenRoom) =>
  open.snapshot().rows.map(row => `${row.is} ${row.is === 'message' ? row.message.text : row.draft.text}`)

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

test('[C1] what the server took is shown once, also while the device has not yet forgotten that it was to be sent', async () => {
  const server = new ScriptedServer()
  const forgetting = Promise.withResolvers<void>()
  const storage = memoryStorage()
  const slow = { ...storage, dropRow: (id: MessageId) => forgetting.promise.then(() => storage.dropRow(id)) }
  const device = scriptedDevice(server, new TurnedClock(), slow)
  await using client = await online(server, device)
  using _forgotten = { [Symbol.dispose]: forgetting.resolve }
  const posts = postsOf(server)
  using open = client.open(general)
  await settle()
  const id = await open.post('mine')
  await settle()
  await posts.answer({ ok: { seq: 12 } })
  assert.equal(client.snapshot().unsent, 0)
  // Whatever has the room drawn anew meanwhile, and the stored rows read.
  server.socket.events(generalTopic, 11, posted(said(11, bob, 'earlier')))
  assert.deepEqual(rows(open), ['message earlier', 'pending mine'])
  await open.post('next')
  await settle()
  assert.deepEqual(rows(open), ['message earlier', 'pending mine', 'pending next'])
  server.socket.events(generalTopic, 12, posted({ ...said(12, alice, 'mine'), id }))
  await settle()
  assert.deepEqual(rows(open), ['message earlier', 'message mine', 'pending next'])
  forgetting.resolve()
  await settle()
  assert.deepEqual(rows(open), ['message earlier', 'message mine', 'pending next'])
  assert.deepEqual(posts.texts, ['mine', 'next'])
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

test('[C3] [C4] what alice wrote without a line is sent once and in order, after the page was closed and opened anew', async () => {
  const { server, clock, device } = world()
  {
    await using client = await online(server, device)
    using open = client.open(general)
    await settle()
    server.isReachable = false
    server.socket.close(1006)
    for (const text of ['one', 'two', 'three']) await open.post(text)
    await clock.turn(60_000)
    assert.equal(client.snapshot().line.is, 'offline')
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

test('[C3] a message whose answer was lost with the line is sent again under the same id', async () => {
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
  await clock.turn(200)
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

test('[P2] a message that is on its way when the line is closed with 4013 is marked failed, and is not sent again', async () => {
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

test('[C5] what one tab sent is shown once by the other, also while that has not yet read what is left', async () => {
  const server = new ScriptedServer()
  const storage = memoryStorage()
  let isHeld = false
  const held = Promise.withResolvers<void>()
  let reads = 0
  const slow: typeof storage = {
    ...storage,
    rows: async user => {
      if (isHeld && ++reads > 1) await held.promise
      return storage.rows(user)
    },
  }
  const device = scriptedDevice(server, new TurnedClock(), slow)
  await using first = await online(server, device)
  await using second = await online(server, device)
  using _read = { [Symbol.dispose]: held.resolve }
  const posts = postsOf(server)
  using open = first.open(general)
  using other = second.open(general)
  await settle()
  await open.post('mine')
  await settle()
  // The tab that sent reads first, and the other when it hears of that.
  isHeld = true
  await posts.answer({ ok: { seq: 12 } })
  assert.ok(reads > 1)
  server.socket.events(generalTopic, 11, posted(said(11, bob, 'earlier')))
  assert.deepEqual(rows(other), ['message earlier', 'pending mine'])
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
