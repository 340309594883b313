import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { figures } from '../bench/scale/figures.ts'
import type { Costs, Crowd } from '../bench/scale/tree.ts'
import { fleetFor, simulate } from '../bench/scale/tree.ts'

const costs: Costs = {
  writeMicros: 10,
  deliveryMicros: 1,
  coalesceMs: 100,
  eventBytes: 400,
  commitMs: 5,
  appendsASecond: 5_000,
  busMicros: 10,
  busHearMicros: 3,
  hopMs: 1,
}
const crowd: Crowd = { name: 'a town', online: 3_000, rooms: 100, members: 30, posts: 500 }

test('docs/SCALE.md tells what the simulation tells', () => {
  const text = readFileSync(join(import.meta.dirname, '..', 'docs', 'SCALE.md'), 'utf8')
  assert.ok(text.includes(`<!-- figures -->\n${figures()}\n<!-- end -->`), 'Run `npm run bench -- scale`.')
})

test('the same crowd is told the same twice, and every post is delivered to every member', () => {
  const once = simulate(crowd, costs)
  assert.deepEqual(simulate(crowd, costs), once)
  const posts = 500
  assert.ok(Math.abs(once.deliveries / (posts * crowd.members) - 1) < 0.1, String(once.deliveries))
})

test('more nodes make each less busy, and the bus carries more', () => {
  const [few, many] = [2, 8].map(nodes => simulate(crowd, costs, { nodes, databases: 1, buses: 1 }))
  assert.ok(few && many && many.busyNode < few.busyNode && many.busBytes > few.busBytes)
})

test('in a room that is busy, what comes within a window goes as one frame: twice the posts are not twice the work', () => {
  const busy = { ...crowd, rooms: 1, members: 3_000, posts: 50 }
  const fleet = { nodes: 2, databases: 1, buses: 1 }
  const [half, whole] = [busy, { ...busy, posts: 100 }].map(one => simulate(one, costs, fleet))
  assert.ok(half && whole && whole.busyNode < half.busyNode * 1.5)
  assert.ok(whole.heard[1] < costs.commitMs * 1.5 + costs.coalesceMs + 100)
})

test('no part of a fleet is much busier than it is meant to be', () => {
  for (const posts of [10, 500, 5_000]) {
    const of = simulate({ ...crowd, posts }, costs, fleetFor({ ...crowd, posts }, costs))
    assert.ok(of.busyNode < 0.9 && of.busyBus < 0.9, JSON.stringify(of))
  }
})
