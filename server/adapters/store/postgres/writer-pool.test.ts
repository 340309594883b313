import assert from 'node:assert/strict'
import { test } from 'node:test'
import { HandClock } from '../../../../tests/support/hand-clock.ts'
import { GroupCommit } from '../sql/group-commit.ts'
import { WriterPool } from './writer-pool.ts'

/** Four queues of writers that do a batch when the test says so. */
function four() {
  const clock = new HandClock()
  const given: string[][][] = [[], [], [], []]
  const does: ((batch: readonly string[]) => void)[] = []
  const writers = given.map(
    (batches, n) =>
      new GroupCommit<string, string>(({ done }) => {
        does[n] = batch => done({ results: batch.map(job => ({ answer: job })) })
        return { give: jobs => void batches.push([...jobs]), end: () => {} }
      }),
  )
  const pool = new WriterPool(writers, clock)
  /** A queue does the batch that it was given last. */
  const goOn = async (n: number) => {
    does[n]?.(given[n]?.at(-1) ?? [])
    await new Promise(setImmediate)
  }
  return { clock, given, pool, goOn }
}

test('while two queues move, all goes by them, in larger batches', async () => {
  const { given, pool, goOn } = four()
  const done = ['a', 'b', 'c', 'd', 'e', 'f'].map(key => pool.do(key, `from ${key}`))
  assert.deepEqual(given, [[['from a']], [['from b']], [], []])
  await goOn(0)
  await goOn(1)
  assert.deepEqual(given, [[['from a'], ['from c', 'from e']], [['from b'], ['from d', 'from f']], [], []])
  await goOn(0)
  await goOn(1)
  assert.equal((await Promise.all(done)).length, 6)
})

test('what one key gives stays in its queue, in its order', async () => {
  const { given, pool, goOn } = four()
  void pool.do('a', 'a1')
  void pool.do('b', 'b1')
  for (const job of ['b2', 'b3', 'b4']) void pool.do('b', job)
  void pool.do('a', 'a2')
  await goOn(0)
  await goOn(1)
  assert.deepEqual(given, [[['a1'], ['a2']], [['b1'], ['b2', 'b3', 'b4']], [], []])
})

test('a queue that is held up is passed by, as long as there is another', async () => {
  const { clock, given, pool, goOn } = four()
  const held = pool.do('a', 'a1')
  clock.turn(51)
  void pool.do('b', 'b1')
  void pool.do('c', 'c1')
  assert.deepEqual(given, [[['a1']], [['b1']], [['c1']], []])
  clock.turn(51)
  void pool.do('d', 'd1')
  clock.turn(51)
  void pool.do('e', 'e1')
  assert.deepEqual(
    given.map(batches => batches.flat()),
    [['a1'], ['b1'], ['c1'], ['d1']],
  )
  await goOn(0)
  assert.equal(await held, 'a1')
  assert.deepEqual(given[0], [['a1'], ['e1']])
  void pool.do('f', 'f1')
  await goOn(0)
  assert.deepEqual(given[0], [['a1'], ['e1'], ['f1']])
})
