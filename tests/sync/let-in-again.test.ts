import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { CallResult } from '../../web/sync/model.ts'
import { generalRead, seqs, world } from './history.ts'
import { aliceTopic, bob, bootAt, general, generalTopic, online, refusal, settle } from './scripted.ts'

test('[C2] what is refused from before alice was let in again says nothing of now: the room is read, and stays in her list', async () => {
  const { server, device } = world()
  await using client = await online(server, device)
  using open = client.open(general)
  await settle()
  const plain = server.handlers['messages.list']
  const late: (() => void)[] = []
  const refusedLate = () =>
    new Promise<CallResult<never>>(resolve => late.push(() => resolve(refusal('not_found'))))
  server.handlers['messages.list'] = refusedLate
  server.handlers['rooms.get'] = refusedLate
  server.socket.say({ t: 'gone', topic: generalTopic })
  server.socket.events(aliceTopic, 4, { e: 'room.added', by: bob, at: 1, room: general })
  await settle()
  assert.equal(late.length, 2)
  // Both were asked before, and are answered after, the room began anew.
  server.handlers['messages.list'] = plain as never
  server.handlers['rooms.get'] = () => ({ ok: generalRead(300, 0) })
  server.socket.say({ t: 'reset', topic: generalTopic, head: 300, why: 'new' })
  server.socket.events('workspace', 6, { e: 'room.unlisted', by: bob, at: 1, room: general })
  await settle()
  for (const answer of late) answer()
  await settle()
  assert.equal(open.snapshot().status, 'ready')
  assert.deepEqual(seqs(open), [201, 300, 100])
  assert.ok(client.snapshot().memberships.has(general))
})

for (const [how, by] of [
  ['her part of it', 'rooms.get'],
  ['everything', 'bootstrap.get'],
] as const)
  test(`[C2] a room that alice is let into again is read where ${how} was read and the connection broke before its log began anew`, async () => {
    const { server, clock, device } = world()
    await using client = await online(server, device)
    using open = client.open(general)
    await settle()
    server.handlers['rooms.get'] = () =>
      by === 'rooms.get' ? { ok: generalRead(300, 0) } : refusal('unavailable')
    const listed = bootAt(300)
    server.handlers['bootstrap.get'] = () => ({
      ok: { ...listed, cursors: { ...listed.cursors, workspace: 6, [aliceTopic]: 4 } },
    })
    server.socket.say({ t: 'gone', topic: generalTopic })
    server.socket.events('workspace', 6, { e: 'room.unlisted', by: bob, at: 1, room: general })
    await settle()
    assert.equal(open.snapshot().status, 'gone')
    if (by === 'rooms.get')
      server.socket.events(aliceTopic, 4, { e: 'room.added', by: bob, at: 1, room: general })
    else server.socket.say({ t: 'reset', topic: aliceTopic, head: 4, why: 'behind' })
    await settle()
    server.socket.close(1006)
    await clock.turn(1_000)
    assert.equal(server.socket.hello.cursors[generalTopic], 300)
    server.socket.welcome()
    await settle()
    assert.ok(client.snapshot().memberships.has(general))
    assert.equal(open.snapshot().status, 'ready')
    assert.deepEqual(seqs(open), [201, 300, 100])
  })
