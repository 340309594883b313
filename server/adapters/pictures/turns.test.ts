import assert from 'node:assert/strict'
import { test } from 'node:test'
import { HandClock } from '../../../tests/support/hand-clock.ts'
import { PictureTurns } from './turns.ts'

function turns() {
  const waiting = new PictureTurns<string>(new HandClock(), { most: 20, mostOfOne: 2, patienceMs: 25_000 })
  const add = (of: string, bytes: number) =>
    waiting.add({ of, bytes: new Uint8Array(bytes), answer: () => {} }, 'late')
  const order = () => {
    const of: string[] = []
    for (let next = waiting.next(); next; next = waiting.next()) of.push(`${next.of} ${next.bytes.length}`)
    return of
  }
  return { waiting, add, order }
}

test('a small picture is read before the large ones of accounts that brought none before', () => {
  const { add, order } = turns()
  for (const who of ['first', 'second', 'third']) add(who, 4_000_000)
  add('alice', 4_000)
  assert.deepEqual(order(), ['alice 4000', 'first 4000000', 'second 4000000', 'third 4000000'])
})

test("a person's pictures are read in their order, whichever is larger", () => {
  const { add, order } = turns()
  add('alice', 9_000)
  add('alice', 1_000)
  add('bob', 5_000)
  assert.deepEqual(order(), ['bob 5000', 'alice 9000', 'alice 1000'])
})

test('who brought pictures that took long waits for the large one of somebody else', () => {
  const { waiting, add, order } = turns()
  waiting.took('mallory', 10_000)
  add('mallory', 1_000)
  add('alice', 4_000_000)
  assert.deepEqual(order(), ['alice 4000000', 'mallory 1000'])
})
