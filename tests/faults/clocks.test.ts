import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemClock } from '../../server/adapters/clock.ts'
import type { Clock } from '../../server/core/ports/clock.ts'
import { Crowd, Nodes } from '../support/nodes.ts'
import { TestSocket } from '../support/socket.ts'
import { within } from '../support/within.ts'

const hour = 3_600_000
const tenYears = 10 * 365 * 24 * hour

/** The machine's clock, set wrongly by as much as the test says. */
function wrong(by: number) {
  const off = { by }
  const clock: Clock = { ...systemClock, now: () => systemClock.now() + off.by }
  return { off, clock }
}

/** Several nodes, each with its own of these clocks. */
const openWith = (clocks: readonly ReturnType<typeof wrong>[]) =>
  Nodes.open(clocks.length, { overrides: node => ({ clock: (clocks[node] ?? wrong(0)).clock }) })

test('[F1] [F2] [F3] nodes whose clocks are hours and years apart, and leap, give everybody everything in one order', async t => {
  const seed = Math.floor(Math.random() * 2 ** 31)
  t.diagnostic(`seed ${seed}`)
  const clocks = [wrong(0), wrong(2 * hour), wrong(-2 * hour)] as const
  await using nodes = await openWith(clocks)
  using crowd = await Crowd.gather(nodes, 6, seed)
  await crowd.says(200)
  clocks[1].off.by = tenYears
  await crowd.says(200)
  clocks[1].off.by = -tenYears
  await crowd.says(200)
  clocks[1].off.by = 0
  await crowd.says(200)
  assert.deepEqual(await crowd.end(), [])
})

test('[F4] a session made where it is two hours later is good, and ended, where it is two hours earlier', async () => {
  await using nodes = await openWith([wrong(2 * hour), wrong(-2 * hour)])
  const ada = await nodes.first.setUp('ada')
  await nodes.seen()
  const elsewhere = nodes.at(nodes.second, ada)
  assert.equal((await elsewhere.call('me.get', {})).me.username, 'ada')
  using here = await TestSocket.of(nodes.first, ada)
  await elsewhere.call('account.signOut', {})
  assert.equal(await within(1_000, 'the end of a socket elsewhere', here.closed), 4001)
})
