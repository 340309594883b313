import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Unavailable } from '../core/ports/failures.ts'
import type { Log } from '../core/ports/log.ts'
import { ErrorResponses } from './error-response.ts'

function responsesAt() {
  const at = { ms: 0 }
  const told: object[] = []
  const tell = (fields: object) => {
    const { error: _, ...rest } = fields as { error: unknown }
    told.push(rest)
  }
  const log: Log = { debug: tell, info: tell, warn: tell, error: tell }
  return { at, told, responses: new ErrorResponses(log, () => at.ms) }
}

test('an outage of the store is told at once, and then every ten seconds with how many calls it failed', () => {
  const { at, told, responses } = responsesAt()
  const away = new Unavailable('The database is out of reach.')
  for (; at.ms <= 20_000; at.ms += 100) {
    const { error } = responses.refusal(away, 'messages.list', `r${at.ms}`)
    assert.equal(error.code, 'unavailable')
  }
  assert.deepEqual(told, [
    { request: 'r0', op: 'messages.list' },
    { request: 'r10000', op: 'messages.list', more: 99 },
    { request: 'r20000', op: 'messages.list', more: 99 },
  ])
})

test('another reason is told at once', () => {
  const { told, responses } = responsesAt()
  for (const reason of [
    'The database is out of reach.',
    'The disk is full.',
    'The database is out of reach.',
  ])
    responses.refusal(new Unavailable(reason), 'messages.send')
  assert.equal(told.length, 2)
})

test('reasons that are never the same do not pile up, and each is told', () => {
  const { told, responses } = responsesAt()
  for (let n = 0; n < 1_000; n++) responses.refusal(new Unavailable(`reason ${n}`), 'messages.send')
  assert.equal(told.length, 1_000)
})

test('every bug is told, under the number that the caller hears', () => {
  const { told, responses } = responsesAt()
  const heard = [1, 2].map(n => responses.refusal(new Error('a bug'), 'messages.send', `r${n}`).error)
  assert.deepEqual(
    heard.map(({ code }) => code),
    ['internal', 'internal'],
  )
  const numbers = told.map(fields => (fields as { errorId: string }).errorId)
  assert.equal(new Set(numbers).size, 2)
  numbers.forEach((number, n) => {
    assert.ok(heard[n]?.message.includes(number))
  })
})
