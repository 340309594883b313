import assert from 'node:assert/strict'
import { test } from 'node:test'
import { pageOf, seqs, world } from './history.ts'
import { general, generalTopic, online, refusal, settle } from './scripted.ts'

/** Answers no reading of messages until it is let. */
function held({ server, history }: ReturnType<typeof world>) {
  const answers: (() => void)[] = []
  server.handlers['messages.list'] = input =>
    new Promise(resolve => answers.push(() => resolve({ ok: pageOf(history, input) })))
  return async () => {
    for (const answer of answers.splice(0)) answer()
    await settle()
  }
}

test('a room that is slow to come is read once, however much alice says there and however often it begins anew', async () => {
  const it = world()
  const { server, device } = it
  await using client = await online(server, device)
  const letGo = held(it)
  using open = client.open(general)
  await settle()
  for (let n = 0; n < 20; n++) await open.post(`still loading ${n}`)
  for (let n = 0; n < 3; n++) server.socket.say({ t: 'reset', topic: generalTopic, head: 300, why: 'behind' })
  await settle()
  assert.equal(server.called('messages.list').length, 1)
  await letGo()
  assert.deepEqual(seqs(open).slice(0, 2), [201, 300])
})

test('a room that is asked for when the connection breaks is asked for once more, and again only when that lets one wait', async () => {
  const it = world()
  const { server, clock, device } = it
  await using client = await online(server, device)
  const letGo = held(it)
  using open = client.open(general)
  await settle()
  const cut = async () => {
    server.socket.close(1006)
    await clock.turn(1_000)
    server.socket.welcome()
    await settle()
  }
  await cut()
  await cut()
  assert.equal(server.called('messages.list').length, 2)
  await clock.turn(5_000)
  await cut()
  assert.equal(server.called('messages.list').length, 3)
  await letGo()
  assert.deepEqual(seqs(open), [201, 300, 100])
})

test('a room that is to be read later is not read for what alice says meanwhile', async () => {
  const { server, clock, device } = world()
  await using client = await online(server, device)
  const plain = server.handlers['messages.list']
  server.handlers['messages.list'] = () => refusal('rate_limited', { retryAfter: 60 })
  using open = client.open(general)
  await settle()
  for (let n = 0; n < 20; n++) await open.post(`not yet ${n}`)
  await settle()
  assert.equal(server.called('messages.list').length, 1)
  server.handlers['messages.list'] = plain as never
  await clock.turn(60_500)
  assert.equal(open.snapshot().status, 'ready')
})
