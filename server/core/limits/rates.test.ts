import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { UserId } from '../../../contract/ids.ts'
import { newId } from '../../../contract/ids.ts'
import { password, TestCore } from '../../../tests/support/core.ts'
import { HandClock } from '../../../tests/support/hand-clock.ts'
import { joinedBuses } from '../../../tests/support/joined-bus.ts'
import { silent } from '../../../tests/support/silent-log.ts'
import type { Answer } from '../answer.ts'
import { NodeSignals } from '../presence/node-signals.ts'
import { createRates, networkOf } from './rates.ts'
import { TokenBucket } from './token-bucket.ts'

const minuteMs = 60_000
const wrong = { username: 'alice', password: 'not her password' }
const right = { username: 'alice', password }

const codeOf = (answer: Answer<unknown>): string => ('error' in answer ? answer.error.code : 'ok')

test('mallory guesses five times and then slowly; alice signs in from elsewhere meanwhile, and he may go on later', async () => {
  await using chat = await TestCore.open({ limits: 'on' })
  await chat.setUp('alice')
  const guess = (address: string) => chat.nobody.ask('account.signIn', wrong, { address })
  for (let n = 0; n < 5; n++) assert.equal(codeOf(await guess('203.0.113.1')), 'wrong_credentials')
  const late = await guess('203.0.113.1')
  assert.ok('error' in late && late.error.code === 'rate_limited')
  assert.ok(late.error.retryAfter && late.error.retryAfter <= 60)
  assert.equal(codeOf(await chat.nobody.ask('account.signIn', right, { address: '203.0.113.2' })), 'ok')
  assert.equal(
    codeOf(await chat.nobody.ask('account.signIn', right, { address: '203.0.113.1' })),
    'rate_limited',
  )
  chat.clock.turn(minuteMs)
  assert.equal(codeOf(await chat.nobody.ask('account.signIn', right, { address: '203.0.113.1' })), 'ok')
})

test('a hundred addresses that guess at alice do not lock her out where she is signed in', async () => {
  await using chat = await TestCore.open({ limits: 'on' })
  await chat.setUp('alice')
  for (let n = 0; n < 101; n++) await chat.nobody.ask('account.signIn', wrong, { address: `203.0.113.${n}` })
  assert.equal(
    codeOf(await chat.nobody.ask('account.signIn', right, { address: '198.51.100.1' })),
    'rate_limited',
  )
  assert.equal(codeOf(await chat.nobody.ask('account.signIn', right)), 'ok')
})

test('a right password forgets the wrong ones', async () => {
  await using chat = await TestCore.open({ limits: 'on' })
  const alice = await chat.setUp('alice')
  for (let round = 0; round < 3; round++) {
    for (let n = 0; n < 4; n++)
      assert.equal(codeOf(await chat.nobody.ask('account.signIn', wrong)), 'wrong_credentials')
    assert.equal(codeOf(await chat.nobody.ask('account.signIn', right)), 'ok')
  }
  for (let n = 0; n < 5; n++) await alice.ask('me.confirm', { password: 'not her password' })
  await alice.refused('me.confirm', { password }, 'rate_limited')
})

test('what was tried before a restart counts after it', async () => {
  await using chat = await TestCore.open()
  const rates = () => createRates({ store: chat.store, clock: chat.clock, limits: 'on' })
  for (let n = 0; n < 10; n++) assert.equal(await rates().setUp('203.0.113.1'), null)
  assert.equal((await rates().setUp('203.0.113.1'))?.error.code, 'rate_limited')
  assert.equal(await rates().setUp('203.0.113.2'), null)
})

test('bob says thirty things at once and ten a second after that', async () => {
  await using chat = await TestCore.open({ limits: 'on' })
  const bob = await chat.setUp('bob')
  const room = await bob.roomNamed('General')
  for (let n = 0; n < 30; n++) await bob.says(room, `${n}`)
  const post = { id: newId<never>(), room, text: 'too much' }
  assert.equal((await bob.refused('messages.post', post, 'rate_limited')).retryAfter, 1)
  chat.clock.turn(1_000)
  for (let n = 0; n < 10; n++) await bob.says(room, `${n}`)
  await bob.refused('messages.post', post, 'rate_limited')
})

test('mallory makes no rooms without end, and no pictures', async () => {
  await using chat = await TestCore.open({ limits: 'on' })
  const mallory = await chat.setUp('mallory')
  for (let n = 0; n < 10; n++) await mallory.ok('me.setAvatar', {}, new Uint8Array([n, 1, 2]))
  await mallory.refused('me.setAvatar', {}, 'rate_limited')
  for (let n = 0; n < 89; n++) await mallory.ok('me.change', { status: `${n}` })
  await mallory.refused('me.change', { status: 'too much' }, 'rate_limited')
  await mallory.ok('me.get', {})
})

test('a bucket fills again, and forgets who has it full', () => {
  const clock = new HandClock()
  const bucket = new TokenBucket(clock, { burst: 2, aSecond: 0.5 })
  const alice = newId<UserId>()
  assert.deepEqual([bucket.take(alice), bucket.take(alice), bucket.take(alice)], [0, 0, 2])
  clock.turn(2_000)
  bucket.sweep()
  assert.deepEqual([bucket.take(alice), bucket.take(alice)], [0, 2])
  clock.turn(10_000)
  bucket.sweep()
  assert.deepEqual([bucket.take(alice), bucket.take(alice), bucket.take(alice)], [0, 0, 2])
})

test('mallory says no more on three nodes than on one, but for what she says before they have told one another', async () => {
  await using chat = await TestCore.open()
  const { store, clock } = chat
  const nodes = joinedBuses(3).map(bus =>
    createRates({ store, clock, limits: 'on', signals: new NodeSignals({ bus, log: silent }) }),
  )
  const mallory = newId<UserId>()
  const said = () => nodes.reduce((sum, node) => sum + (node.post(mallory) === null ? 1 : 0), 0)
  let total = 0
  for (let quarter = 0; quarter < 40; quarter++) {
    for (let n = 0; n < 3; n++) total += said()
    clock.turn(250)
    await new Promise(setImmediate)
  }
  // Thirty at once and ten a second for ten seconds; beside it, one quarter of a second on the two other nodes.
  assert.ok(total <= 130 + 2 * 9, `${total}`)
  assert.ok(total >= 120, `${total}`)
  for (const node of nodes) assert.equal(node.post(newId<UserId>()), null)
})

test('an address stands for the network that one person has', () => {
  assert.equal(networkOf('192.0.2.7'), '192.0.2.7')
  assert.equal(networkOf('::ffff:192.0.2.7'), '192.0.2.7')
  assert.equal(networkOf('2001:db8:0:1:aaaa::1'), networkOf('2001:DB8::1:0:0:0:2'))
  assert.notEqual(networkOf('2001:db8:0:1::1'), networkOf('2001:db8:0:2::1'))
  assert.equal(networkOf('::1'), networkOf('0:0:0:0:0:0:0:1'))
  assert.equal(networkOf('fe80::1%eth0'), networkOf('fe80::2'))
})
