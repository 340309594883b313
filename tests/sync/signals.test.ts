import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  bob,
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

function world() {
  const server = new ScriptedServer()
  const clock = new TurnedClock()
  return { server, clock, device: scriptedDevice(server, clock) }
}

test('[S1] who types is shown until they speak or a while has passed; alice tells of her own typing now and then', async () => {
  const { server, clock, device } = world()
  await using client = await online(server, device)
  using open = client.open(general)
  await settle()
  const types = () => server.socket.say({ t: 'signal', s: 'typing', room: general, user: bob })
  types()
  assert.deepEqual(open.snapshot().typing, [bob])
  await clock.turn(6_100)
  assert.deepEqual(open.snapshot().typing, [])
  types()
  server.socket.events(generalTopic, 11, posted(said(11, bob, 'said')))
  assert.deepEqual(open.snapshot().typing, [])
  for (let n = 0; n < 10; n++) open.typing()
  await clock.turn(4_000)
  open.typing()
  assert.equal(server.socket.frames.filter(frame => frame.t === 'signal').length, 2)
})

test('[S1] [S2] who is online is asked for at every connection and now and then, and forgotten with the connection', async () => {
  const { server, clock, device } = world()
  await using client = await online(server, device)
  client.watch([bob])
  server.socket.say({ t: 'signal', s: 'presence', user: bob, state: 'online' })
  assert.ok(client.snapshot().online.has(bob))
  server.socket.close(1006)
  assert.equal(client.snapshot().online.size, 0)
  await clock.turn(2_000)
  server.socket.welcome()
  const watches = () => server.socket.frames.filter(frame => frame.t === 'watch').length
  assert.equal(watches(), 1)
  for (let s = 0; s < 7; s++) {
    await clock.turn(10_000)
    server.socket.say({ t: 'pong' })
  }
  assert.equal(watches(), 2)
})
