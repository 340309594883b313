import assert from 'node:assert/strict'
import { test } from 'node:test'
import { memoryStorage } from '../../web/sync/storage/memory.ts'
import type { Storage } from '../../web/sync/storage/storage.ts'
import { postsOf, rows } from './posts.ts'
import {
  alice,
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

test('[C1] what the server took is shown once, also while the device has not yet forgotten that it was to be sent', async () => {
  const server = new ScriptedServer()
  const forgetting = Promise.withResolvers<void>()
  const storage = memoryStorage()
  const slow: Storage = {
    ...storage,
    changeRow: (...of) => forgetting.promise.then(() => storage.changeRow(...of)),
  }
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
