import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { UserId } from '../../../contract/ids.ts'
import { newId } from '../../../contract/ids.ts'
import { HandClock } from '../../../tests/support/hand-clock.ts'
import { joinedBuses } from '../../../tests/support/joined-bus.ts'
import { silent } from '../../../tests/support/silent-log.ts'
import type { Bus } from '../ports/bus.ts'
import { NodeSignals } from './node-signals.ts'
import { Presence } from './presence.ts'

const alice = newId<UserId>()
const bob = newId<UserId>()
const turn = async (clock: HandClock, ms: number): Promise<void> => {
  clock.turn(ms)
  await new Promise(setImmediate)
}

/** Nodes in one process whose signals may be cut off. */
function nodes(count: number) {
  const clock = new HandClock()
  const cut = new Set<Bus>()
  const buses = joinedBuses(count)
  const on = (bus: Bus) => {
    const reached: Bus = { ...bus, signal: (text, topic) => cut.has(bus) || bus.signal(text, topic) }
    const presence = new Presence({ signals: new NodeSignals({ bus: reached, log: silent }), clock })
    return { presence, bus }
  }
  return { clock, cut, on, buses, presences: buses.map(bus => on(bus).presence) }
}

const watching = (presence: Presence, ...users: UserId[]) => {
  const seen: string[] = []
  presence.watch(
    { presence: (user, state) => seen.push(`${user === alice ? 'alice' : 'bob'} ${state}`) },
    users,
  )
  return seen
}

test('bob sees on his node that alice comes to another one, and goes', async () => {
  const { clock, presences } = nodes(2)
  const [a, b] = presences as [Presence, Presence]
  const seen = watching(b, alice)
  a.arrived(alice)
  await turn(clock, 100)
  a.left(alice)
  await turn(clock, 100)
  assert.deepEqual(seen, ['alice offline', 'alice online', 'alice offline'])
})

test('whoever is on two nodes is gone when she went from both, and is said to come once', async () => {
  const { clock, presences } = nodes(3)
  const [a, b, c] = presences as [Presence, Presence, Presence]
  const seen = watching(c, alice)
  for (const node of [a, b, c]) node.arrived(alice)
  await turn(clock, 100)
  for (const node of [c, a]) node.left(alice)
  await turn(clock, 100)
  assert.equal(c.isOnline(alice), true)
  b.left(alice)
  await turn(clock, 100)
  assert.deepEqual(seen, ['alice offline', 'alice online', 'alice offline'])
})

test('a node that begins learns at once of all who are there, however many they are', async () => {
  const { clock, buses, on } = nodes(3)
  const users = Array.from({ length: 2_500 }, () => newId<UserId>())
  const early = on(buses[0] as Bus).presence
  for (const user of users) early.arrived(user)
  await turn(clock, 100)
  const late = on(buses[2] as Bus).presence
  await turn(clock, 200)
  await turn(clock, 0)
  assert.ok(users.every(user => late.isOnline(user)))
})

test('[S2] the people of a node that fell silent are gone within 60 s, and those of the others are not', async () => {
  const { clock, cut, buses, presences } = nodes(3)
  const [a, b, c] = presences as [Presence, Presence, Presence]
  a.arrived(alice)
  b.arrived(bob)
  await turn(clock, 100)
  const seen = watching(c, alice, bob)
  cut.add(buses[0] as Bus)
  for (let s = 0; s < 60; s += 5) await turn(clock, 5_000)
  assert.deepEqual(seen, ['alice online', 'bob online', 'alice offline'])
  cut.clear()
  for (let s = 0; s < 20; s += 5) await turn(clock, 5_000)
  assert.equal(seen.at(-1), 'alice online')
})

test('a node that ends takes its people with it at once', async () => {
  const { clock, presences } = nodes(2)
  const [a, b] = presences as [Presence, Presence]
  a.arrived(alice)
  await turn(clock, 100)
  assert.equal(b.isOnline(alice), true)
  a[Symbol.dispose]()
  await turn(clock, 0)
  assert.equal(b.isOnline(alice), false)
})

test('[S1] a lost word of who came or went is mended by the next that tells of everybody', async () => {
  const { clock, cut, buses, presences } = nodes(2)
  const [a, b] = presences as [Presence, Presence]
  a.arrived(bob)
  await turn(clock, 100)
  cut.add(buses[0] as Bus)
  a.arrived(alice)
  a.left(bob)
  await turn(clock, 100)
  cut.clear()
  assert.deepEqual([b.isOnline(alice), b.isOnline(bob)], [false, true])
  for (let s = 0; s < 20; s += 5) await turn(clock, 5_000)
  assert.deepEqual([b.isOnline(alice), b.isOnline(bob)], [true, false])
})
