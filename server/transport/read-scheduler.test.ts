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
  const { clock, reads } = scene()
  const order: string[] = []
  const busy = (name: string) =>
    reads.run(mallory, async () => {
      clock.turn(6)
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

const goesOn = { isOver: false }

/** Catch-ups of pages of this cost, each on its own connection, and how many of them have come. */
function catchUps(reads: ReadScheduler, many: number, cost: number) {
  const seen = { done: 0 }
  const page = async () => ({ value: 'page', cost })
  const all = Array.from({ length: many }, () =>
    reads.whenAffordable(mallory, goesOn, page).then(() => seen.done++),
  )
  return { seen, whole: Promise.all(all) }
}

test('a catch-up is not refused: it waits until there is something left to catch up with', async () => {
  const { clock, reads } = scene()
  await catchUps(reads, 1, limits.readBurstBytes + 1).whole
  const { seen, whole } = catchUps(reads, 1, 1)
  await turn()
  assert.equal(seen.done, 0)
  clock.turn(1_000)
  await whole
})

test('a catch-up costs nothing of what its person reads themselves, and takes none of their turns', async () => {
  const { clock, reads, read } = scene()
  const { whole } = catchUps(reads, limits.readsAPerson + 1, limits.readBurstBytes)
  assert.deepEqual(await read(mallory, 2 * limits.readBurstBytes), { done: 'read' })
  await turn()
  const refused = await read(mallory, 1)
  assert.ok('error' in refused && refused.error.code === 'rate_limited')
  for (let n = 0; n < 10 * limits.readsAPerson; n++) {
    clock.turn(1_000)
    await turn()
  }
  await whole
  assert.equal(reads.inFlight, 0)
})

test('of many catch-ups that wait, no more go on than there is something left for', async () => {
  const { clock, reads } = scene()
  await catchUps(reads, 1, limits.readBurstBytes + limits.readBytesASecond).whole
  const { seen, whole } = catchUps(reads, 20, limits.readBytesASecond)
  await turn()
  for (let second = 0; second < 60 && seen.done < 20; second++) {
    clock.turn(1_000)
    for (let n = 0; n < 10; n++) await turn()
    // Two run at once, so that one of them may be owed.
    assert.ok(seen.done <= second + 2, `${seen.done} after ${second + 1} s`)
  }
  await whole
})

/** What is read, in its order, while so many people each read a page and so many others catch up with a page, one at a time. */
async function orderOf(asking: number, catchingUp: number): Promise<string> {
  const { reads, held } = scene(1)
  const first = held(alice, 'first')
  let order = ''
  const one = (name: string) => async () => {
    order += name
    return { value: name, cost: 1 }
  }
  const all = [
    ...Array.from({ length: catchingUp }, (_, n) =>
      reads.whenAffordable(`late ${n}` as UserId, goesOn, one('c')),
    ),
    ...Array.from({ length: asking }, (_, n) => reads.run(`asker ${n}` as UserId, one('a'))),
  ]
  first.end()
  await Promise.all(all)
  return order
}

test('whoever asks has three turns in four, however many catch up, and catch-ups have the fourth, however many ask', async () => {
  assert.equal(await orderOf(9, 20), `${'aaac'.repeat(3)}${'c'.repeat(17)}`)
  assert.equal(await orderOf(20, 3), `${'aaac'.repeat(3)}${'a'.repeat(11)}`)
})

test('a catch-up that is over reads nothing: neither one that waits for its turn, nor one that waits for what it may cost', async () => {
  const { clock, reads, held } = scene(1)
  const stuck = held(alice, 'stuck')
  const page = { isOver: false }
  let read = 0
  const reading = async () => ({ value: read++, cost: 2 * limits.readBurstBytes })
  const waiting = reads.whenAffordable(mallory, page, reading)
  page.isOver = true
  stuck.end()
  assert.equal(await waiting, null)
  const other = { isOver: false }
  assert.equal(await reads.whenAffordable(mallory, other, reading), 0)
  const poor = reads.whenAffordable(mallory, other, reading)
  await turn()
  other.isOver = true
  clock.turn(60_000)
  assert.equal(await poor, null)
  assert.deepEqual([read, reads.inFlight], [1, 0])
})

test('without limits nobody is refused', async () => {
  const reads = new ReadScheduler({ clock: new HandClock(), limits: 'off', runningAtOnce: 1 })
  const read = () => reads.run(mallory, async () => ({ value: 'read', cost: 2 * limits.readBurstBytes }))
  const all = await Promise.all(Array.from({ length: 2 * limits.readsAPerson }, read))
  assert.ok(all.every(one => 'done' in one))
})
