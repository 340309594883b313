import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Message } from '../../contract/entities.ts'
import type { MessageId, RoomId } from '../../contract/ids.ts'
import { messagesOf } from './compare.ts'
import { pageOf, seqs, world } from './history.ts'
import { bob, general, generalTopic, online, posted, refusal, said, settle } from './scripted.ts'

test('alice opens a room and pages back to its beginning', async () => {
  const { server, device } = world()
  await using client = await online(server, device)
  using open = client.open(general)
  assert.equal(open.snapshot().status, 'loading')
  await settle()
  assert.deepEqual(seqs(open), [201, 300, 100])
  // Two asks at once are one.
  await Promise.all([open.loadBefore(), open.loadBefore()])
  assert.deepEqual(seqs(open), [101, 300, 200])
  await open.loadBefore()
  assert.deepEqual(seqs(open), [1, 300, 300])
  assert.equal(open.snapshot().before, false)
  await open.loadBefore()
  assert.equal(server.called('messages.list').length, 3)
})

test('[C2] alice goes to an old message; what is said meanwhile comes when she pages on or goes to the latest', async () => {
  const { server, device, history } = world()
  await using client = await online(server, device)
  using open = client.open(general, history[99]?.id)
  await settle()
  assert.deepEqual(seqs(open), [50, 149, 100])
  assert.ok(open.snapshot().after)
  history.push(said(301, bob, 'new'))
  server.socket.events(generalTopic, 301, posted(said(301, bob, 'new')))
  assert.deepEqual(seqs(open), [50, 149, 100])
  await open.loadAfter()
  assert.deepEqual(seqs(open), [50, 249, 200])
  await open.loadAfter()
  assert.deepEqual([...seqs(open), open.snapshot().after], [50, 301, 252, false])
  const nowhere = await open.jumpTo('00000000-0000-7000-8000-999999999999' as MessageId)
  assert.equal('error' in nowhere && nowhere.error.code, 'not_found')
  assert.deepEqual(seqs(open), [50, 301, 252])
  assert.ok('ok' in (await open.jumpTo(history[0]?.id as MessageId)))
  await open.jumpToLatest()
  assert.deepEqual(seqs(open), [202, 301, 100])
})

test('going back to a room shows it at once, as it is now; only its newest part stays in memory', async () => {
  const { server, device } = world()
  await using client = await online(server, device)
  {
    using open = client.open(general)
    await settle()
    await open.loadBefore()
    await open.loadBefore()
    assert.equal(messagesOf(open).length, 300)
  }
  server.socket.events(generalTopic, 301, posted(said(301, bob, 'meanwhile')))
  const calls = server.calls.length
  using again = client.open(general)
  assert.equal(again.snapshot().status, 'ready')
  assert.deepEqual(seqs(again), [102, 301, 200])
  assert.equal(server.calls.length, calls)
})

test('a room that is shown from the cache and is out of date is read anew; one that is not is not', async () => {
  const { server, clock, device, history } = world()
  {
    await using client = await online(server, device)
    using _open = client.open(general)
    await clock.turn(3_000)
  }
  const reads = () => server.called('messages.list').length
  const before = reads()
  {
    await using client = await online(server, device)
    using open = client.open(general)
    await settle()
    assert.deepEqual(seqs(open), [201, 300, 100])
    assert.equal(reads(), before)
  }
  history.push(said(301, bob, 'while away'))
  await using client = await online(server, device)
  server.socket.events(generalTopic, 301, posted(said(301, bob, 'while away')))
  using open = client.open(general)
  await settle()
  assert.deepEqual(seqs(open), [202, 301, 100])
  assert.equal(reads(), before + 1)
})

test('[C2] what is read at the wrong moment does not disturb: a page that comes after one went elsewhere is dropped', async () => {
  const { server, device, history } = world()
  await using client = await online(server, device)
  using open = client.open(general)
  await settle()
  const plain = server.handlers['messages.list']
  let late: () => void = () => {}
  server.handlers['messages.list'] = input =>
    new Promise(resolve => (late = () => resolve({ ok: pageOf(history, input) })))
  const paging = open.loadBefore()
  await settle()
  const answer = late
  server.handlers['messages.list'] = plain as never
  await open.jumpTo(history[20]?.id as MessageId)
  answer()
  await paging
  assert.deepEqual(seqs(open), [1, 100, 100])
})

test('a quoted message is fetched once, follows its edits, and is nothing when it is deleted', async () => {
  const { server, device, history } = world()
  await using client = await online(server, device)
  using open = client.open(general)
  await settle()
  const quoted = history[4] as Message
  server.handlers['messages.get'] = () => ({ ok: { message: quoted, seq: 300 } })
  assert.deepEqual(await open.quoted(quoted.id), quoted)
  server.socket.events(generalTopic, 301, {
    e: 'message.edited',
    by: bob,
    at: 9,
    id: quoted.id,
    text: 'better',
    rev: 1,
  })
  assert.equal((await open.quoted(quoted.id))?.text, 'better')
  assert.equal(server.called('messages.get').length, 1)
  server.socket.events(generalTopic, 302, {
    e: 'message.deleted',
    by: bob,
    at: 9,
    id: quoted.id,
    of: quoted.seq,
    author: bob,
  })
  assert.equal(await open.quoted(quoted.id), null)
  server.handlers['messages.get'] = () => refusal('not_found')
  assert.equal(await open.quoted('00000000-0000-7000-8000-999999999999' as MessageId), null)
})

test('a room that cannot be read now says why, and is read when that is over', async () => {
  const { server, clock, device } = world()
  await using client = await online(server, device)
  const plain = server.handlers['messages.list']
  server.handlers['messages.list'] = () => refusal('rate_limited', { retryAfter: 5 })
  using open = client.open(general)
  await settle()
  assert.equal(open.snapshot().status, 'failed')
  assert.equal(open.snapshot().error?.code, 'rate_limited')
  server.handlers['messages.list'] = plain as never
  await clock.turn(5_500)
  assert.equal(open.snapshot().status, 'ready')
  assert.equal(open.snapshot().error, null)
})

test('a page and a jump that are refused because too much was read come some time after the server says, and no error is shown', async () => {
  const { server, clock, device, history } = world()
  await using client = await online(server, device)
  using open = client.open(general)
  await settle()
  const plain = server.handlers['messages.list']
  for (const [go, then] of [
    [() => open.loadBefore(), [101, 300, 200]],
    [() => open.jumpTo(history[9]?.id as MessageId), [1, 100, 100]],
  ] as const) {
    server.handlers['messages.list'] = () => refusal('rate_limited', { retryAfter: 7 })
    const asked = server.called('messages.list').length
    const gone = go()
    await settle()
    // Asked for again by the screen: it is on its way.
    void go()
    // Others were told the same seconds: each adds a random share, here of the most.
    await clock.turn(7_400)
    assert.equal(server.called('messages.list').length, asked + 1)
    assert.deepEqual([open.snapshot().status, open.snapshot().error], ['ready', null])
    server.handlers['messages.list'] = plain as never
    await clock.turn(200)
    await gone
    assert.deepEqual(seqs(open), then)
  }
})

test('a page that waits for its time is not asked for when the room is left meanwhile', async () => {
  const { server, clock, device } = world()
  await using client = await online(server, device)
  const open = client.open(general)
  await settle()
  server.handlers['messages.list'] = () => refusal('rate_limited', { retryAfter: 7 })
  const paged = open.loadBefore()
  await settle()
  const asked = server.called('messages.list').length
  open[Symbol.dispose]()
  await clock.turn(60_000)
  await paged
  assert.equal(server.called('messages.list').length, asked)
})

test('a quoted message that is refused because too much was read is fetched when the server says', async () => {
  const { server, clock, device, history } = world()
  await using client = await online(server, device)
  using open = client.open(general)
  await settle()
  const quoted = history[0] as Message
  server.handlers['messages.get'] = () => refusal('rate_limited', { retryAfter: 7 })
  const found = open.quoted(quoted.id)
  await settle()
  server.handlers['messages.get'] = () => ({ ok: { message: quoted, seq: 300 } })
  await clock.turn(7_500)
  assert.equal((await found)?.id, quoted.id)
})

test('[A2] a room that is not there, or not for alice, is "gone"', async () => {
  const { server, device } = world()
  await using client = await online(server, device)
  server.handlers['messages.list'] = () => refusal('not_found')
  using open = client.open('00000000-0000-7000-8000-000000000077' as RoomId)
  await settle()
  assert.equal(open.snapshot().status, 'gone')
})
