import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Epoch } from '../../contract/ids.ts'
import type { Output } from '../../contract/operations.ts'
import type { CallResult } from '../../web/sync/model.ts'
import { messagesOf } from './compare.ts'
import {
  alice,
  aliceTopic,
  bob,
  bootAt,
  epoch,
  general,
  generalTopic,
  online,
  posted,
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

test('[F2] alice says in her hello where she stopped, and hears the rest', async () => {
  const { server, clock, device } = world()
  await using client = await online(server, device)
  assert.deepEqual(server.socket.hello.cursors, bootAt(10).cursors)
  assert.equal(server.socket.hello.epoch, epoch)
  server.socket.events(generalTopic, 11, posted(said(11, bob, 'one')))
  server.socket.close(1006)
  await clock.turn(1_000)
  assert.equal(server.socket.hello.cursors[generalTopic], 11)
  server.socket.welcome()
  server.socket.events(generalTopic, 12, posted(said(12, bob, 'two')))
  assert.equal(client.snapshot().unread.get(general), 2)
  assert.equal(server.called('bootstrap.get').length, 1)
})

test('[F1] what alice heard already counts once', async () => {
  const { server, device } = world()
  await using client = await online(server, device)
  server.socket.events(generalTopic, 11, posted(said(11, bob, 'one')))
  server.socket.events(
    generalTopic,
    10,
    posted(said(10, bob, 'old')),
    posted(said(11, bob, 'one')),
    posted(said(12, bob, 'two')),
  )
  assert.equal(client.snapshot().unread.get(general), 2)
})

test('[F2] a gap in what alice hears is not passed over: she asks again from where she is', async () => {
  const { server, clock, device } = world()
  await using client = await online(server, device)
  const first = server.socket
  first.events(generalTopic, 12, posted(said(12, bob, 'two')))
  assert.ok(first.isClosed)
  assert.equal(client.snapshot().unread.get(general), undefined)
  await clock.turn(1_000)
  assert.equal(server.socket.hello.cursors[generalTopic], 10)
})

test('[F7] [F8] a message that comes while the room is read, before or after what the answer holds, stands there once', async () => {
  const { server, device } = world()
  await using client = await online(server, device)
  let answer: (page: CallResult<Output<'messages.list'>>) => void = () => {}
  server.handlers['messages.list'] = () => new Promise(resolve => (answer = resolve))
  using open = client.open(general)
  await settle()
  server.socket.events(generalTopic, 11, posted(said(11, bob, 'in the answer')))
  server.socket.events(generalTopic, 12, posted(said(12, bob, 'after the answer')))
  answer({ ok: { messages: [said(11, bob, 'in the answer')], before: true, after: false, seq: 11 } })
  await settle()
  assert.deepEqual(
    messagesOf(open).map(message => message.seq),
    [11, 12],
  )
  // And an answer that is ahead of the stream: what it holds is not said again.
  server.handlers['messages.list'] = () => ({
    ok: {
      messages: [said(12, bob, 'after the answer'), said(13, bob, 'ahead')],
      before: true,
      after: false,
      seq: 13,
    },
  })
  await open.jumpTo(said(99, bob, '').id)
  server.socket.events(generalTopic, 13, posted(said(13, bob, 'ahead')))
  server.socket.events(generalTopic, 14, posted(said(14, bob, 'live')))
  assert.deepEqual(
    messagesOf(open).map(message => message.seq),
    [12, 13, 14],
  )
})

test('[F8] an answer that is older than what alice heard already is not taken, but asked for again', async () => {
  const { server, device } = world()
  await using client = await online(server, device)
  server.socket.events(generalTopic, 11, posted(said(11, bob, 'one')))
  const pages = [
    { messages: [], before: false, after: false, seq: 10 },
    { messages: [said(11, bob, 'one')], before: false, after: false, seq: 11 },
  ]
  server.handlers['messages.list'] = () => ({ ok: pages.shift() as Output<'messages.list'> })
  using open = client.open(general)
  await settle()
  assert.equal(pages.length, 0)
  assert.deepEqual(
    messagesOf(open).map(message => message.text),
    ['one'],
  )
})

for (const why of ['new', 'behind', 'ahead', 'epoch'] as const)
  test(`[F6] a reset (${why}) of everything is answered by one bootstrap, and what comes meanwhile is folded over it`, async () => {
    const { server, clock, device } = world()
    await using client = await online(server, device)
    server.socket.close(1006)
    await clock.turn(1_000)
    let answer: (boot: CallResult<Output<'bootstrap.get'>>) => void = () => {}
    server.handlers['bootstrap.get'] = () => new Promise(resolve => (answer = resolve))
    const heads = { workspace: 50, [aliceTopic]: 30, [generalTopic]: 100 }
    const next = (why === 'epoch' ? '00000000-0000-7000-8000-000000000022' : epoch) as Epoch
    server.socket.welcome(heads, next)
    for (const [topic, head] of Object.entries(heads))
      server.socket.say({ t: 'reset', topic: topic as typeof generalTopic, head, why })
    await settle()
    server.socket.events(generalTopic, 101, posted(said(101, bob, 'meanwhile')))
    server.socket.events(generalTopic, 102, posted(said(102, bob, 'later')))
    assert.equal(client.snapshot().unread.get(general), undefined)
    answer({
      ok: bootAt(101, {
        epoch: next,
        unread: { [general]: 7 },
        cursors: { ...heads, [generalTopic]: 101 },
        memberships: [{ room: general, role: 'member', since: 2, read: 10, hidden: 0 }],
      }),
    })
    await settle()
    assert.equal(client.snapshot().unread.get(general), 8)
    assert.equal(client.snapshot().epoch, next)
    assert.equal(server.called('bootstrap.get').length, 2)
    assert.equal(client.cursors.get(generalTopic), 102)
  })

test('[F6] a topic whose snapshot was not read yet is not named in the next hello', async () => {
  const { server, clock, device } = world()
  await using _client = await online(server, device)
  server.handlers['rooms.get'] = () => new Promise(() => {})
  server.socket.say({ t: 'reset', topic: generalTopic, head: 40, why: 'behind' })
  await settle()
  server.socket.close(1006)
  await clock.turn(1_000)
  assert.deepEqual(Object.keys(server.socket.hello.cursors).sort(), [aliceTopic, 'workspace'].sort())
})

test('[F4] a room that is gone is wiped: from the list, from the screen, and from what is kept', async () => {
  const { server, clock, device } = world()
  await using client = await online(server, device)
  const secret = { ...bootAt(10).rooms[0], kind: 'private' as const }
  server.handlers['bootstrap.get'] = () => ({ ok: bootAt(10, { rooms: [secret as never] }) })
  server.socket.say({ t: 'reset', topic: 'workspace', head: 9, why: 'behind' })
  server.handlers['bootstrap.get'] = () => ({
    ok: bootAt(10, { rooms: [secret as never], cursors: { ...bootAt(10).cursors, workspace: 9 } }),
  })
  await settle()
  server.handlers['messages.list'] = () => ({
    ok: { messages: [said(10, bob, 'secret')], before: false, after: false, seq: 10 },
  })
  using open = client.open(general)
  await settle()
  assert.equal(messagesOf(open).length, 1)
  await clock.turn(3_000)
  assert.ok(await device.storage.savedWindow(alice, general))
  server.socket.say({ t: 'gone', topic: generalTopic })
  await settle()
  assert.equal(open.snapshot().status, 'gone')
  assert.deepEqual(open.snapshot().rows, [])
  assert.equal(client.snapshot().rooms.has(general), false)
  assert.equal(client.snapshot().memberships.has(general), false)
  assert.equal(await device.storage.savedWindow(alice, general), null)
})

test('[L4] a room that alice came into while away is read and followed, also where its log was never reset', async () => {
  const { server, device } = world()
  await using client = await online(server, device)
  const { memberships } = bootAt(10)
  server.handlers['rooms.get'] = () => ({
    ok: {
      room: bootAt(10).rooms[0] as never,
      membership: { ...(memberships[0] as never as object), since: 12, read: 12 } as never,
      members: 2,
      unread: 1,
      seq: 13,
    },
  })
  server.socket.events(
    aliceTopic,
    4,
    { e: 'room.removed', by: bob, at: 1, room: general },
    { e: 'room.added', by: bob, at: 2, room: general },
  )
  assert.equal(client.snapshot().memberships.has(general), false)
  await settle()
  assert.equal(client.snapshot().memberships.get(general)?.since, 12)
  server.socket.events(
    generalTopic,
    11,
    posted(said(11, bob, 'a')),
    posted(said(12, bob, 'b')),
    posted(said(13, bob, 'c')),
    posted(said(14, bob, 'd')),
  )
  assert.equal(client.snapshot().unread.get(general), 2)
})

test('[F8] a room that was read while her marker moved is read again', async () => {
  const { server, device } = world()
  await using client = await online(server, device)
  const answers: ((answer: CallResult<Output<'rooms.get'>>) => void)[] = []
  server.handlers['rooms.get'] = () => new Promise(resolve => answers.push(resolve))
  const read = (marker: number, unread: number): CallResult<Output<'rooms.get'>> => ({
    ok: {
      room: bootAt(10).rooms[0] as never,
      membership: { room: general, role: 'member', since: 2, read: marker, hidden: 0 },
      members: 2,
      unread,
      seq: 20,
    },
  })
  server.socket.say({ t: 'reset', topic: generalTopic, head: 20, why: 'behind' })
  await settle()
  server.socket.events(aliceTopic, 4, { e: 'read.moved', by: alice, at: 1, room: general, seq: 20, head: 20 })
  answers[0]?.(read(10, 9))
  await settle()
  assert.equal(answers.length, 2)
  answers[1]?.(read(20, 0))
  await settle()
  assert.equal(client.snapshot().memberships.get(general)?.read, 20)
  assert.equal(client.snapshot().unread.has(general), false)
})
