import assert from 'node:assert/strict'
import { test } from 'node:test'
import { limits } from '../../contract/limits.ts'
import type { OperationName } from '../../contract/operations.ts'
import type { Identity } from '../core/answer.ts'
import { Admission } from '../core/call.ts'
import { Unavailable } from '../core/ports/failures.ts'
import type { Log } from '../core/ports/log.ts'
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
  return { told, wait: (more: number) => (now += more), calls: createCalls(core, log, { now: () => now }) }
}

/** What somebody hears of an operation that the store fails. */
async function sentenceOf(operation: 'me.get' | 'me.change', undone: boolean): Promise<string> {
  const fail = async () => {
    throw new Unavailable('The line broke.', { undone })
  }
  const handlers = { 'me.get': fail, 'me.change': fail }
  const core = { handlers, setUpPending: () => false } as unknown as Callable
  const log: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }
  const who = { by: 'session' } as unknown as Identity
  const answer = await createCalls(core, log)(operation, operation === 'me.get' ? {} : { status: 'here' }, {
    ...from,
    admission: admitted(operation, who),
  })
  assert.ok('error' in answer && answer.error.code === 'unavailable', JSON.stringify(answer))
  return answer.error.message
}

function admitted(name: OperationName, who: Identity | null): Admission {
  const admission = Admission.of(name, who)
  assert.ok('who' in admission)
  return admission
}

const from = {
  admission: admitted('workspace.get', null),
  transport: 'http',
  origin: { address: '', agent: '' },
  request: 'abc',
} as const

test('an operation that takes more than a second is a warning with its name and time', async () => {
  const { told, calls } = taking(1_001)
  await calls('workspace.get', {}, from)
  assert.deepEqual(told, [
    {
      fields: { request: 'abc', op: 'workspace.get', transport: 'http', ms: 1_001 },
      sentence: 'An operation was slow.',
    },
  ])
})

test('many slow operations are one line a minute, which tells how many more there were', async () => {
  const { told, calls, wait } = taking(1_001)
  for (let n = 0; n < 50; n++) await calls('workspace.get', {}, from)
  assert.equal(told.length, 1)
  wait(60_000)
  await calls('workspace.get', {}, from)
  assert.equal(told.length, 2)
  assert.deepEqual((told[1] as { fields: { more?: number } }).fields.more, 49)
})

test('one that takes a second is none', async () => {
  const { told, calls } = taking(1_000)
  await calls('workspace.get', {}, from)
  assert.deepEqual(told, [])
})

test('of what the store fails it is said that nothing was done only where that is known', async () => {
  assert.match(await sentenceOf('me.change', true), /Nothing was done/)
  assert.match(await sentenceOf('me.get', false), /Nothing was done/)
  assert.match(await sentenceOf('me.change', false), /may or may not have been done/)
})

test('[A3] who waited longer than an ending takes to be known is asked for again, and is nobody if that has ended', async () => {
  let now = 1_000
  let isAlive = true
  const asked: Identity[] = []
  const core = {
    handlers: { 'me.get': async () => ({ ok: {} }) },
    setUpPending: () => false,
    isAlive: async (who: Identity) => {
      asked.push(who)
      return isAlive
    },
  } as unknown as Callable
  const log: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }
  const calls = createCalls(core, log, { now: () => now })
  const who = { by: 'token' } as unknown as Identity
  const call = () => calls('me.get', {}, { ...from, admission: admitted('me.get', who), admittedAt: 1_000 })
  isAlive = false
  now += limits.endedStaleMs
  assert.deepEqual(await call(), { ok: {} })
  assert.deepEqual(asked, [])
  now++
  assert.equal(((await call()) as { error: { code: string } }).error.code, 'signed_out')
  isAlive = true
  assert.deepEqual(await call(), { ok: {} })
  assert.deepEqual(asked, [who, who])
})
