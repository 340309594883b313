import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Announcement } from '../../server/core/ports.ts'
import { joinedBuses } from '../support/joined-bus.ts'
import { Crowd, Nodes } from '../support/nodes.ts'
import { randomFrom } from '../support/random.ts'

test('[F3] [I3] [I5] [I6] six who talk over three nodes hear everything in one order, though the bus drops, doubles and reorders', async t => {
  const seed = Math.floor(Math.random() * 2 ** 31)
  t.diagnostic(`seed ${seed}`)
  const random = randomFrom(seed)
  const faults = { dropped: 0, doubled: 0, late: 0 }
  let late: Announcement | null = null
  const buses = joinedBuses(3, (announcement, tell) => {
    const dice = random()
    if (dice < 0.1) {
      faults.dropped++
      return
    }
    if (dice < 0.2 && !late) {
      faults.late++
      late = announcement
      return
    }
    tell(announcement)
    if (dice < 0.3) {
      faults.doubled++
      tell(announcement)
    }
    if (late) tell(late)
    late = null
  })
  await using nodes = await Nodes.open(3, { buses })
  using crowd = await Crowd.gather(nodes, 6, seed)
  await crowd.says(1_500)
  assert.deepEqual(await crowd.end(), [])
  t.diagnostic(JSON.stringify({ ...faults, acknowledged: crowd.acknowledged }))
  for (const count of Object.values(faults)) assert.ok(count > 20)
})
