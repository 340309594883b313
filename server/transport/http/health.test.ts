import assert from 'node:assert/strict'
import { test } from 'node:test'
import { limits } from '../../../contract/limits.ts'
import { HandClock } from '../../../tests/support/hand-clock.ts'
import type { Bus } from '../../core/ports/bus.ts'
import { Unavailable } from '../../core/ports/failures.ts'
import type { Store } from '../../core/ports/store.ts'
import { Health } from './health.ts'

type State = Awaited<ReturnType<Store['workspace']>>

/** A node whose store answers when the test says so. */
function node(bus: Bus['state'] = 'alone') {
  const clock = new HandClock()
  const asked: PromiseWithResolvers<State>[] = []
  const store = {
    workspace: () => {
      const answer = Promise.withResolvers<State>()
      asked.push(answer)
      return answer.promise
    },
  }
  return { clock, asked, health: new Health({ store, bus: { state: bus }, clock }) }
}

const state = {} as State

test('a node whose store answers is ready', async () => {
  const { asked, health } = node()
  const look = health.look()
  asked[0]?.resolve(state)
  assert.deepEqual(await look, { store: 'answers', bus: 'alone', draining: false })
})

test('a node that lost the others is ready, and says so', async () => {
  const { asked, health } = node('lost')
  const look = health.look()
  asked[0]?.resolve(state)
  assert.deepEqual(await look, { store: 'answers', bus: 'lost', draining: false })
})

test('a store that fails, or does not answer in time, is silent, and is ready again when it answers', async () => {
  const { clock, asked, health } = node()
  const failed = health.look()
  asked[0]?.reject(new Unavailable('the disk'))
  assert.equal((await failed).store, 'silent')
  const late = health.look()
  clock.turn(limits.readyMs)
  assert.equal((await late).store, 'silent')
  asked[1]?.resolve(state)
  const again = health.look()
  await Promise.resolve()
  asked[2]?.resolve(state)
  assert.equal((await again).store, 'answers')
})

test('however many ask, a store that does not answer is asked once', async () => {
  const { clock, asked, health } = node()
  const looks = [health.look(), health.look(), health.look()]
  clock.turn(limits.readyMs)
  assert.deepEqual(
    (await Promise.all(looks)).map(({ store }) => store),
    ['silent', 'silent', 'silent'],
  )
  assert.equal(asked.length, 1)
})

test('while draining it answers at once, without its store', async () => {
  const { asked, health } = node()
  health.draining = true
  assert.equal((await health.look()).draining, true)
  assert.equal(asked.length, 0)
})

test('who asked half a minute ago asks no more', () => {
  const { clock, health } = node()
  assert.equal(health.isWatched, false)
  void health.look()
  assert.equal(health.isWatched, true)
  clock.turn(30_000)
  assert.equal(health.isWatched, false)
})
