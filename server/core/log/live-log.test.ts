import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { EventRun } from './live-log.ts'
import { LiveLog } from './live-log.ts'

const run = (first: number, length: number): EventRun => ({
  first,
  bodies: Array.from({ length }, (_, n) => `e${first + n}`),
})

const runs = fc.array(fc.tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 6 })), {
  maxLength: 60,
})

test('[F1] [L5] whatever comes twice, late or out of order, alice hears each seq once, in order and without a gap', () => {
  fc.assert(
    fc.property(runs, fc.integer({ min: 0, max: 20 }), fc.nat(59), (came, head, begunAfter) => {
      const log = new LiveLog()
      const heard: string[] = []
      const hear = (given: EventRun | null) => heard.push(...(given?.bodies ?? []))
      came.forEach(([first, length], n) => {
        if (n === Math.min(begunAfter, came.length - 1)) hear(log.begin(head))
        hear(log.take(run(first, length)))
      })
      for (const [n, body] of heard.entries()) assert.equal(body, `e${head + 1 + n}`)
      const all = new Set(came.flatMap(([first, length]) => run(first, length).bodies))
      if (came.length > 0)
        assert.equal(all.has(`e${head + heard.length + 1}`), false, 'nothing that could be given is kept')
    }),
  )
})

test('[F7] what is announced while the head is being read is neither lost nor heard twice', () => {
  const log = new LiveLog()
  assert.equal(log.take(run(4, 2)), null)
  assert.deepEqual(log.begin(4), run(5, 1))
  assert.equal(log.take(run(4, 2)), null)
  assert.deepEqual(log.take(run(6, 1)), run(6, 1))
})

test('a missing seq is told as a gap until it comes', () => {
  const log = new LiveLog()
  log.begin(0)
  log.take(run(2, 1))
  assert.equal(log.gap, true)
  assert.deepEqual(log.take(run(1, 1)), run(1, 2))
  assert.equal(log.gap, false)
})

test('[F3] what waits for a missing seq is bounded, and what was not kept is a gap until it is read', () => {
  const log = new LiveLog()
  log.begin(0)
  for (let first = 2; first < 5_000; first += 2) assert.equal(log.take(run(first, 2)), null)
  assert.equal(log.take(run(1, 1))?.bodies.length, 1_001)
  assert.equal(log.gap, true)
  assert.deepEqual(log.take(run(1_000, 500)), run(1_002, 498))
  assert.equal(log.gap, true)
  assert.deepEqual(log.take(run(1_400, 3_600)), run(1_500, 3_500))
  assert.equal(log.gap, false)
})
