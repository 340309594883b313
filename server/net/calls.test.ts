import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Log } from '../core/ports.ts'
import type { Callable } from './calls.ts'
import { createCalls } from './calls.ts'

/** A table whose every operation takes so many ms. */
function taking(ms: number) {
  let now = 0
  const told: { fields: object; sentence: string }[] = []
  const tell = (fields: object, sentence: string) => void told.push({ fields, sentence })
  const log: Log = { debug: () => {}, info: tell, warn: tell, error: tell }
  const handlers = {
    'workspace.get': async () => {
      now += ms
      return { ok: {} }
    },
  }
  const core = { handlers, setUpPending: () => false } as unknown as Callable
  return { told, calls: createCalls(core, log, { now: () => now }) }
}

const from = { who: null, door: 'http', origin: { address: '', agent: '' }, request: 'abc' } as const

test('an operation that takes more than a second is a warning with its name and time', async () => {
  const { told, calls } = taking(1_001)
  await calls('workspace.get', {}, from)
  assert.deepEqual(told, [
    {
      fields: { request: 'abc', op: 'workspace.get', door: 'http', ms: 1_001 },
      sentence: 'An operation was slow.',
    },
  ])
})

test('one that takes a second is none', async () => {
  const { told, calls } = taking(1_000)
  await calls('workspace.get', {}, from)
  assert.deepEqual(told, [])
})
