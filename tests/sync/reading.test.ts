import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Seq } from '../../contract/ids.ts'
import type { OpenRoom } from '../../web/sync/model.ts'
import { generalRead, seqs, world } from './history.ts'
import { bob, general, generalTopic, online, posted, said, settle } from './scripted.ts'

const watched = (first: Seq, last: Seq, newest: Seq) => ({ first, last, newest, isWatched: true })

const openingIn = (open: OpenRoom) => open.snapshot().opening

test('[C6] a room with 5,000 unread messages opens at the first of them, with what comes before it', async () => {
  const { server, device } = world(5_300, 300)
  await using client = await online(server, device)
  using open = client.open(general)
  await settle()
  assert.deepEqual(openingIn(open), { is: 'unread', after: 300 })
  assert.deepEqual(seqs(open), [251, 350, 100])
  assert.ok(open.snapshot().isSettled)
  assert.equal(server.called('messages.list').length, 1)
})

test('a room of which 150 messages are kept opens at the first of the 150 that came since, though the page starts from yesterday', async () => {
  const { server, clock, device, history } = world(150)
  {
    await using client = await online(server, device)
    using _open = client.open(general)
    await clock.turn(3_000)
  }
  const client = await device.tab()
  await using _client = client
  using open = client.open(general)
  await settle()
  assert.deepEqual(openingIn(open), { is: 'end' })
  assert.equal(open.snapshot().isSettled, false)
  const news = Array.from({ length: 150 }, (_, n) => said(n + 151, bob, `new ${n}`))
  history.push(...news)
  server.socket.welcome({ workspace: 5, [generalTopic]: 300 })
  server.socket.events(generalTopic, 151, ...news.map(posted))
  await settle()
  assert.deepEqual(openingIn(open), { is: 'unread', after: 150 })
  assert.equal(open.snapshot().newAfter, 150)
  assert.ok(open.snapshot().isSettled)
})

test('[C6] only what alice sees is read, and what she jumps over is not, until she says so', async () => {
  const { server, clock, device } = world(300, 210)
  await using client = await online(server, device)
  const moved = () => server.called('reads.move').map(input => (input as { seq: Seq }).seq)
  using open = client.open(general)
  await settle()
  // The page is not in view.
  open.look({ ...watched(209, 220, 260), isWatched: false })
  await clock.turn(1_000)
  assert.deepEqual(moved(), [])
  assert.equal(open.look(watched(209, 220, 260)), 221)
  assert.equal(client.snapshot().unread.get(general), 80)
  await clock.turn(1_000)
  assert.deepEqual(moved(), [220])
  await open.jumpToLatest()
  open.jumped()
  assert.equal(open.look(watched(281, 300, 300)), 221)
  await clock.turn(1_000)
  assert.deepEqual(moved(), [220])
  await open.jumpToUnread()
  open.jumped()
  assert.equal(open.look(watched(215, 230, 250)), 231)
  // Scrolling on from there, all between is on the screen.
  assert.equal(open.look(watched(240, 260, 300)), 261)
  await clock.turn(1_000)
  assert.equal(moved().at(-1), 260)
  void open.markRead()
  await clock.turn(1_000)
  assert.equal(moved().at(-1), 300)
})

test('alice comes back to where she was, in this tab and after a reload; where something is unread, there', async () => {
  const { server, device, history } = world()
  const position = { seq: 120, offset: -12 }
  {
    await using client = await online(server, device)
    {
      using open = client.open(general, history[119]?.id)
      await settle()
      open.look({ ...watched(120, 130, 169), position })
    }
    const calls = server.called('messages.list').length
    using again = client.open(general)
    assert.deepEqual(openingIn(again), { is: 'position', position })
    assert.equal(again.snapshot().status, 'ready')
    assert.ok(again.snapshot().isSettled)
    assert.equal(server.called('messages.list').length, calls)
  }
  await using client = await online(server, device)
  {
    using open = client.open(general)
    await settle()
    assert.deepEqual(openingIn(open), { is: 'position', position })
    const [first = 0, last = 0] = seqs(open)
    assert.ok(first <= 120 && last >= 120)
  }
  history.push(said(301, bob, 'new'))
  server.socket.events(generalTopic, 301, posted(said(301, bob, 'new')))
  using open = client.open(general)
  assert.deepEqual(openingIn(open), { is: 'unread', after: 300 })
})

test('where alice left a room at its end it opens there; and where events were missed, she stays where she reads', async () => {
  const { server, device, history } = world()
  await using client = await online(server, device)
  {
    using open = client.open(general)
    await settle()
    open.look({ ...watched(280, 300, 300), position: null })
  }
  using open = client.open(general)
  assert.deepEqual(openingIn(open), { is: 'end' })
  await open.jumpTo(history[99]?.id as never)
  open.look({ ...watched(100, 120, 149), position: { seq: 100, offset: 0 } })
  server.handlers['rooms.get'] = () => ({ ok: { ...generalRead(300, 5), seq: 400 } })
  for (let n = 301; n <= 400; n++) history.push(said(n, bob, `missed ${n}`))
  server.socket.say({ t: 'reset', topic: generalTopic, head: 400, why: 'behind' })
  await settle()
  assert.deepEqual(seqs(open), [50, 149, 100])
})

test('once all is read, the divider "new" goes to the next message that is not seen at once', async () => {
  const { server, device, history } = world(300, 290)
  await using client = await online(server, device)
  using open = client.open(general)
  await settle()
  assert.equal(open.snapshot().newAfter, 290)
  assert.equal(open.look(watched(289, 300, 300)), null)
  const come = (seq: Seq) => {
    history.push(said(seq, bob, `${seq}`))
    server.socket.events(generalTopic, seq, posted(said(seq, bob, `${seq}`)))
  }
  come(301)
  // It is not drawn yet: this look is from before it came.
  open.look(watched(289, 300, 300))
  assert.equal(open.snapshot().newAfter, 290)
  assert.equal(open.look(watched(290, 301, 301)), null)
  assert.equal(open.snapshot().newAfter, 290)
  come(302)
  open.look({ ...watched(250, 270, 302), isWatched: true })
  assert.equal(open.snapshot().newAfter, 301)
})
