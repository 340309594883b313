import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { UserId } from '../../contract/ids.ts'
import { limits } from '../../contract/limits.ts'
import { HandClock } from '../../tests/support/hand-clock.ts'
import { ReadScheduler } from './read-scheduler.ts'

const alice = 'alice' as UserId
const mallory = 'mallory' as UserId
const turn = () => new Promise<void>(resolve => setImmediate(resolve))

function scene(runningAtOnce = 8) {
  const clock = new HandClock()
  const reads = new ReadScheduler({ clock, limits: 'on', runningAtOnce })
  const begun: string[] = []
  /** A read that lasts until it is let go. */
  const held = (user: UserId, name: string, cost = 1) => {
    const gate = Promise.withResolvers<void>()
    const answer = reads.run(user, async () => {
      begun.push(name)
      await gate.promise
      return { value: name, cost }
    })
    return { end: gate.resolve, answer }
  }
  const read = (user: UserId, cost: number) => reads.run(user, async () => ({ value: 'read', cost }))
  return { clock, reads, begun, held, read }
}

test('who has read as much as may be read at once is refused, told when to come again, and may then', async () => {
  const { clock, read } = scene()
  assert.deepEqual(await read(mallory, limits.readBurstBytes + limits.readBytesASecond), { done: 'read' })
  const refused = await read(mallory, 1)
  assert.ok('error' in refused)
  assert.equal(refused.error.code, 'rate_limited')
  assert.equal(refused.error.retryAfter, 2)
  assert.deepEqual(await read(alice, 1), { done: 'read' })
  clock.turn(1_000)
  assert.ok('error' in (await read(mallory, 1)))
  clock.turn(1_000)
  assert.deepEqual(await read(mallory, 1), { done: 'read' })
})

test('reads that wait are refused once those before them have cost everything', async () => {
  const { held, read, begun } = scene()
  const first = held(mallory, 'first', 2 * limits.readBurstBytes)
  const second = held(mallory, 'second')
  const third = read(mallory, 1)
  await turn()
  assert.deepEqual(begun, ['first', 'second'])
  first.end()
  const refused = await third
  assert.ok('error' in refused && refused.error.code === 'rate_limited')
  second.end()
})

test('two reads of a person run at once, the others wait, and one too many is refused', async () => {
  const { held, begun, reads } = scene()
  const all = Array.from({ length: limits.readsAPerson }, (_, n) => held(mallory, `${n}`))
  await turn()
  assert.deepEqual(begun, ['0', '1'])
  const refused = await held(mallory, 'one too many').answer
  assert.ok('error' in refused)
  assert.deepEqual([refused.error.code, refused.error.retryAfter], ['rate_limited', 1])
  for (const one of all) one.end()
  await Promise.all(all.map(({ answer }) => answer))
  assert.equal(begun.length, limits.readsAPerson)
  assert.equal(reads.inFlight, 0)
})

test('people take turns, however much one of them asked for before the others', async () => {
  const { held, begun } = scene(1)
  const first = held(mallory, 'mallory 0')
  const waiting = [1, 2, 3].map(n => held(mallory, `mallory ${n}`))
  waiting.push(held(alice, 'alice 0'), held(alice, 'alice 1'))
  for (const one of [first, ...waiting]) one.end()
  await Promise.all([first, ...waiting].map(({ answer }) => answer))
  const order = ['mallory 0', 'mallory 1', 'alice 0', 'mallory 2', 'alice 1', 'mallory 3']
  assert.deepEqual(begun, order)
})

test('reads that keep the event loop let everything else go on between them', async () => {
  const { reads } = scene()
  const order: string[] = []
  const busy = (name: string) =>
    reads.run(mallory, async () => {
      for (const until = performance.now() + 6; performance.now() < until; );
      order.push(name)
      return { value: name, cost: 1 }
    })
  const all = ['one', 'two', 'three', 'four'].map(busy)
  void turn().then(() => order.push('something else'))
  await Promise.all(all)
  assert.ok(order.indexOf('something else') <= 2, order.join(', '))
})

test('a read whose turn does not come is told that the server is busy', async () => {
  const { clock, held, begun } = scene(1)
  const stuck = held(mallory, 'stuck')
  const late = held(alice, 'late')
  clock.turn(limits.readWaitMs)
  const refused = await late.answer
  assert.ok('error' in refused && refused.error.code === 'unavailable')
  assert.equal(refused.error.retryAfter, 1)
  stuck.end()
  assert.deepEqual(await stuck.answer, { done: 'stuck' })
  const next = held(alice, 'next')
  next.end()
  assert.deepEqual(await next.answer, { done: 'next' })
  assert.deepEqual(begun, ['stuck', 'next'])
})

test('what fails in its turn gives the turn on', async () => {
  const { reads, read } = scene(1)
  const failed = reads.run(alice, async () => {
    throw new Error('no')
  })
  await assert.rejects(failed)
  assert.deepEqual(await read(alice, 1), { done: 'read' })
  assert.equal(reads.inFlight, 0)
})

test('a catch-up is not refused: it waits until there is something left to read with', async () => {
  const { clock, reads, read } = scene()
  await read(mallory, limits.readBurstBytes + 1)
  let isDone = false
  const page = reads
    .whenAffordable(mallory, async () => ({ value: 'page', cost: 1 }))
    .then(value => {
      isDone = true
      return value
    })
  await turn()
  assert.equal(isDone, false)
  clock.turn(1_000)
  assert.equal(await page, 'page')
})

test('without limits nobody is refused', async () => {
  const reads = new ReadScheduler({ clock: new HandClock(), limits: 'off', runningAtOnce: 1 })
  const read = () => reads.run(mallory, async () => ({ value: 'read', cost: 2 * limits.readBurstBytes }))
  const all = await Promise.all(Array.from({ length: 2 * limits.readsAPerson }, read))
  assert.ok(all.every(one => 'done' in one))
})
