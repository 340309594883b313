import assert from 'node:assert/strict'
import { test } from 'node:test'
import { enter } from '../../web/sync/start.ts'
import type { Device } from './device.ts'
import {
  alice,
  bob,
  bootAt,
  general,
  me,
  online,
  refusal,
  ScriptedServer,
  said,
  scriptedDevice,
  settle,
  TurnedClock,
  userNamed,
} from './scripted.ts'

const world = () => {
  const server = new ScriptedServer()
  const clock = new TurnedClock()
  server.handlers['messages.list'] = () => ({
    ok: { messages: [said(10, bob, 'Hello.')], before: false, after: false, seq: 10 },
  })
  return { server, clock, device: scriptedDevice(server, clock) }
}

test('[F4] when the session ends elsewhere, alice is told, what was cached is wiped, and what she wrote waits for her', async () => {
  const { server, clock, device } = world()
  const client = await online(server, device)
  const why: string[] = []
  client.onEnd(reason => why.push(reason))
  server.handlers['messages.post'] = () => new Promise(() => {})
  const open = client.open(general)
  await open.post('unsent')
  open.write({ text: 'half a sen' })
  await clock.turn(3_000)
  assert.ok(await device.storage.state(alice))
  server.socket.close(4001)
  await settle()
  assert.deepEqual(why, ['session_ended'])
  assert.equal(await device.storage.state(alice), null)
  assert.equal(await device.storage.savedWindow(alice, general), null)
  assert.equal((await device.storage.rows(alice)).length, 1)
  assert.equal((await device.storage.draft(alice, general))?.text, 'half a sen')
  await clock.turn(120_000)
  assert.equal(server.sockets.length, 1)
  client.onEnd(reason => why.push(reason))
  await settle()
  assert.equal(why.length, 2)
})

test('alice signs out in one tab: the other ends too, and nothing of hers is left on the device', async () => {
  const { server, clock, device } = world()
  const one = await online(server, device)
  const two = await online(server, device)
  const why: string[] = []
  one.onEnd(reason => why.push(`one ${reason}`))
  two.onEnd(reason => why.push(`two ${reason}`))
  server.handlers['messages.post'] = () => new Promise(() => {})
  await one.open(general).post('unsent')
  await clock.turn(3_000)
  assert.equal(two.snapshot().unsent, 1)
  // The server closes the connection before the answer is there: that is no other reason.
  server.handlers['account.signOut'] = () => {
    for (const socket of server.sockets.slice(0, 1)) socket.close(4001)
    return { ok: {} }
  }
  assert.deepEqual(await one.signOut(), { ok: {} })
  await settle()
  assert.deepEqual(why.sort(), ['one signed_out', 'two signed_out'])
  assert.equal(await device.storage.state(alice), null)
  assert.deepEqual(await device.storage.rows(alice), [])
  assert.equal(await device.storage.lastUser(), null)
})

test('alice cannot sign out without a server: nothing is wiped, and she stays', async () => {
  const { server, clock, device } = world()
  await using client = await online(server, device)
  await clock.turn(3_000)
  server.isReachable = false
  assert.deepEqual(await client.signOut(), { unreachable: true })
  assert.ok(await device.storage.state(alice))
  assert.equal(client.snapshot().me.id, alice)
})

test('a call that is answered "signed out" ends the client', async () => {
  const { server, device } = world()
  const client = await online(server, device)
  const ended = new Promise(resolve => client.onEnd(resolve))
  server.handlers['tokens.list'] = () => refusal('signed_out')
  await client.call('tokens.list', {})
  assert.equal(await ended, 'session_ended')
})

test('the page finds nobody, no owner, or no server', async () => {
  const { server, device } = world()
  server.handlers['me.get'] = () => refusal('signed_out')
  assert.deepEqual(await enter({ ports: device.ports }), { is: 'home' })
  server.handlers['me.get'] = () => refusal('setup_needed')
  assert.deepEqual(await enter({ ports: device.ports }), { is: 'setup' })
  server.handlers['me.get'] = () => refusal('unavailable')
  assert.deepEqual(await enter({ ports: device.ports }), { is: 'unreachable' })
  server.isReachable = false
  assert.deepEqual(await enter({ ports: device.ports }), { is: 'unreachable' })
})

/** A page that finds who is there, when it shows what is kept. */
async function come(device: Device) {
  const entry = await enter({ ports: device.ports })
  assert.ok(entry.is === 'client')
  await entry.client.ready
  return entry.client
}

/** Alice reads General, and closes the page. */
async function visit(server: ScriptedServer, device: Device): Promise<void> {
  await using client = await come(device)
  await settle()
  server.socket.welcome()
  using open = client.open(general)
  await settle()
  assert.equal(open.snapshot().rows.length, 1)
}

test('while the server cannot read its database alice reads what was kept', async () => {
  const { server, device } = world()
  await visit(server, device)
  server.handlers['me.get'] = () => refusal('unavailable', { retryAfter: 1 })
  await using client = await come(device)
  using open = client.open(general)
  await settle()
  assert.equal(open.snapshot().rows.length, 1)
})

test('without a server alice reads what was kept, and goes on when it is back', async () => {
  const { server, clock, device } = world()
  await visit(server, device)
  server.isReachable = false
  await using client = await come(device)
  assert.equal(client.snapshot().rooms.get(general)?.name, 'General')
  using open = client.open(general)
  await settle()
  assert.equal(open.snapshot().status, 'ready')
  assert.equal(open.snapshot().rows.length, 1)
  await clock.turn(10_000)
  assert.equal(client.snapshot().connection.is, 'offline')
  server.isReachable = true
  client.reconnect()
  await settle()
  server.socket.welcome()
  assert.deepEqual(server.socket.hello.cursors, bootAt(10).cursors)
  assert.equal(client.snapshot().connection.is, 'online')
})

test('[A1] bob signs in where alice was: he finds nothing of hers, and her unsent words are not sent as his', async () => {
  const { server, clock, device } = world()
  {
    const entry = await enter({ ports: device.ports })
    assert.ok(entry.is === 'client')
    await using client = entry.client
    await settle()
    server.isReachable = false
    server.socket.close(1006)
    await client.open(general).post('by alice')
    await clock.turn(3_000)
  }
  server.isReachable = true
  const him = { ...userNamed(bob, 'bob'), email: '' }
  server.handlers['me.get'] = () => ({ ok: { me: him, seq: 3 } })
  server.handlers['bootstrap.get'] = () => ({
    ok: bootAt(10, { me: him, cursors: { workspace: 5, [`user:${bob}`]: 1 }, memberships: [] }),
  })
  await using client = await come(device)
  await settle()
  server.socket.welcome()
  await settle()
  assert.equal(client.snapshot().me.id, bob)
  assert.equal(client.snapshot().unsent, 0)
  assert.equal(server.called('messages.post').length, 0)
  assert.equal(await device.storage.state(alice), null)
  assert.equal((await device.storage.rows(alice)).length, 1)
  assert.equal(me.id, alice)
})

test('a session that ended while the page was closed leaves no cache behind', async () => {
  const { server, clock, device } = world()
  {
    const entry = await enter({ ports: device.ports })
    assert.ok(entry.is === 'client')
    await using client = entry.client
    await client.ready
    await clock.turn(3_000)
  }
  assert.ok(await device.storage.state(alice))
  server.handlers['me.get'] = () => refusal('signed_out')
  assert.deepEqual(await enter({ ports: device.ports }), { is: 'home' })
  assert.equal(await device.storage.state(alice), null)
  assert.equal(await device.storage.lastUser(), null)
})
