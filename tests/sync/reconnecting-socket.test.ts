import assert from 'node:assert/strict'
import { test } from 'node:test'
import { limits } from '../../contract/limits.ts'
import { enter } from '../../web/sync/start.ts'
import { online, ScriptedServer, scriptedDevice, settle, TurnedClock } from './scripted.ts'

const world = () => {
  const server = new ScriptedServer()
  const clock = new TurnedClock()
  return { server, clock, device: scriptedDevice(server, clock) }
}

/** How long after a close the next attempt comes, in whole tenths of a second, looked for up to a minute. */
async function waited(server: ScriptedServer, clock: TurnedClock): Promise<number> {
  const before = server.sockets.length
  for (let ms = 100; ms <= 60_000; ms += 100) {
    await clock.turn(100)
    if (server.sockets.length > before) return ms
  }
  return Number.POSITIVE_INFINITY
}

for (const code of [1001, 1006, 4000, 4008, 4013] as const)
  test(`a connection closed with ${code} is made again, quietly`, async () => {
    const { server, clock, device } = world()
    await using client = await online(server, device)
    await clock.turn(6_000)
    server.socket.close(code)
    assert.deepEqual(client.snapshot().connection, { is: 'connecting' })
    assert.ok((await waited(server, clock)) <= 600)
    server.socket.welcome()
    assert.deepEqual(client.snapshot().connection, { is: 'online' })
  })

test('a server that restarts says how long it takes, and is given that long', async () => {
  const { server, clock, device } = world()
  await using _client = await online(server, device)
  server.socket.say({ t: 'bye', code: 4000, reason: 'restart', after: 4_000 })
  server.socket.close(1006)
  const ms = await waited(server, clock)
  assert.ok(ms >= 4_000 && ms <= 5_000, `${ms}`)
})

test('attempts on a server that is away grow apart, up to half a minute, and the page knows when the next one is', async () => {
  const { server, clock, device } = world()
  await using client = await online(server, device)
  server.isReachable = false
  server.socket.close(1006)
  const waits: number[] = []
  for (let n = 0; n < 9; n++) waits.push(await waited(server, clock))
  const seconds = waits.map(ms => Math.round(ms / 1_000))
  assert.deepEqual(seconds.slice(1), [1, 2, 4, 8, 16, 30, 30, 30])
  const { connection } = client.snapshot()
  assert.ok(connection.is === 'offline' && connection.retryAt && connection.retryAt > clock.now())
  server.isReachable = true
  client.reconnect()
  await settle()
  server.socket.welcome()
  assert.deepEqual(client.snapshot().connection, { is: 'online' })
})

test('who is told to back off (4009) waits longer than who was only cut', async () => {
  const { server, clock, device } = world()
  await using _client = await online(server, device)
  server.socket.close(4009)
  assert.ok((await waited(server, clock)) >= 3_000)
})

test('who is told when to come back (4009 with `after`) comes no earlier', async () => {
  const { server, clock, device } = world()
  await using _client = await online(server, device)
  server.socket.say({ t: 'bye', code: 4009, reason: 'You read too much at once.', after: 20_000 })
  server.socket.close(4009)
  const ms = await waited(server, clock)
  assert.ok(ms >= 20_000 && ms <= 60_000, `${ms}`)
})

test('[P3] an old page (4003) is loaded anew once; where that does not help, it says so and rests', async () => {
  const { server, clock, device } = world()
  await using client = await online(server, device)
  server.socket.close(4003)
  assert.equal(device.reloads.length, 1)
  // Whoever declines that the page is loaded anew is told, and can do it later.
  assert.deepEqual(client.snapshot().connection, { is: 'outdated' })
  await using again = await device.tab()
  await settle()
  server.socket.close(4003)
  assert.equal(device.reloads.length, 1)
  assert.deepEqual(again.snapshot().connection, { is: 'outdated' })
  assert.equal(await waited(server, clock), Number.POSITIVE_INFINITY)
})

test('[P1] a page that does not speak the protocol (4002) does not try again, and tells why', async () => {
  const { server, clock, device } = world()
  await using client = await online(server, device)
  server.socket.close(4002, 'binary')
  assert.deepEqual(client.snapshot().connection, { is: 'refused', reason: 'binary' })
  assert.equal(await waited(server, clock), Number.POSITIVE_INFINITY)
})

test('a connection on which nothing is received is noticed within 45 s, and one that is alive is kept', async () => {
  const { server, clock, device } = world()
  await using _client = await online(server, device)
  const socket = server.socket
  for (let s = 0; s < 120; s += 10) {
    await clock.turn(10_000)
    socket.say({ t: 'pong' })
  }
  assert.equal(socket.isClosed, false)
  assert.ok(socket.frames.filter(frame => frame.t === 'ping').length >= 5)
  await clock.turn(limits.deadMs)
  assert.equal(socket.isClosed, true)
})

test('a server that takes the connection and says nothing is given up', async () => {
  const { server, clock, device } = world()
  await using _client = await device.tab()
  await settle()
  await clock.turn(20_000)
  assert.ok(server.sockets.length > 1)
})

test('a call that is too large for a frame is refused here, and harms no connection', async () => {
  const { server, device } = world()
  await using client = await online(server, device)
  const answer = await client.call('rooms.change', {
    id: [...client.snapshot().rooms.keys()][0] as never,
    topic: 'x'.repeat(limits.frameBytes),
  })
  assert.ok('error' in answer && answer.error.code === 'too_large')
  assert.equal(client.snapshot().connection.is, 'online')
})

test('what is read while the connection breaks is read over HTTP; what changes something is not done twice behind the back of its caller', async () => {
  const { server, device } = world()
  await using client = await online(server, device)
  let isFirst = true
  server.handlers['users.list'] = () => {
    if (!isFirst) return { ok: { users: [], more: false, seq: 5 } }
    isFirst = false
    queueMicrotask(() => server.socket.close(1006))
    return new Promise(() => {})
  }
  assert.ok('ok' in (await client.call('users.list', {})))
  server.handlers['workspace.change'] = () => {
    queueMicrotask(() => server.socket.close(1006))
    return new Promise(() => {})
  }
  client.reconnect()
  await settle()
  server.socket.welcome()
  assert.deepEqual(await client.call('workspace.change', { name: 'New' }), { unreachable: true })
  assert.equal(server.called('workspace.change').length, 1)
})

test('[F2] a trial may have the connection cut again and again: it is made again each time', async () => {
  const { server, clock, device } = world()
  const entry = await enter({ ports: device.ports, debugReconnects: 2_000 })
  assert.ok(entry.is === 'client')
  await using client = entry.client
  await client.ready
  await settle()
  for (let n = 1; n <= 3; n++) {
    server.socket.welcome()
    assert.equal(client.snapshot().connection.is, 'online')
    while (server.sockets.length === n) await clock.turn(500)
  }
})

test('when the network changes the connection is asked whether it holds: one that is silent for two seconds is given up, one that answers stays', async () => {
  const { server, clock, device } = world()
  await using client = await online(server, device)
  const first = server.socket
  device.wake()
  assert.equal(first.frames.at(-1)?.t, 'ping')
  await clock.turn(1_000)
  first.say({ t: 'pong' })
  await clock.turn(2_000)
  assert.deepEqual([first.isClosed, client.snapshot().connection], [false, { is: 'online' }])
  device.wake()
  await clock.turn(2_000)
  assert.equal(first.isClosed, true)
  assert.deepEqual(client.snapshot().connection, { is: 'connecting' })
})
