import assert from 'node:assert/strict'
import { test } from 'node:test'
import { memoryBus } from '../../server/adapters/bus/memory.ts'
import { joinedBuses } from '../support/joined-bus.ts'
import { busContract } from './bus-suite.ts'

busContract('Buses joined in one process', async nodes => joinedBuses(nodes))

test('a node that is alone hears nothing, itself least of all', async () => {
  await using bus = memoryBus()
  const heard: string[] = []
  using _ear = bus.listen({
    announced: () => heard.push('announcement'),
    signalled: () => heard.push('signal'),
    lost: () => heard.push('lost'),
  })
  bus.publish({ topic: 'workspace', seq: 1, bodies: ['{}'] })
  bus.signal('typing')
  await new Promise(setImmediate)
  assert.deepEqual(heard, [])
})
