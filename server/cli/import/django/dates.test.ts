import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseDjangoDate } from './dates.ts'

const ms = (text: string) => {
  const micros = parseDjangoDate(text)
  return micros === null ? null : new Date(Math.floor(micros / 1000)).toISOString()
}

test('a date is read in each form that Django writes it in', () => {
  assert.equal(ms('2023-05-01 12:34:56.123456'), '2023-05-01T12:34:56.123Z')
  assert.equal(ms('2023-05-01 12:34:56'), '2023-05-01T12:34:56.000Z')
  assert.equal(ms('2023-05-01T12:34:56Z'), '2023-05-01T12:34:56.000Z')
  assert.equal(ms('2023-05-01 12:34:56+02:00'), '2023-05-01T10:34:56.000Z')
  assert.equal(ms('2023-05-01 12:34:56.5-0330'), '2023-05-01T16:04:56.500Z')
  assert.equal(ms('2023-05-01'), '2023-05-01T00:00:00.000Z')
})

test('the fraction is kept to the microsecond, so that messages of one millisecond keep their order', () => {
  assert.equal(parseDjangoDate('1970-01-01 00:00:00.000007'), 7)
  assert.equal(parseDjangoDate('1970-01-01 00:00:00.1'), 100_000)
})

test('what is no date is none, and what is before 1970 is 1970', () => {
  for (const text of [
    '',
    'yesterday',
    '2023-02-30 00:00:00',
    '2023-13-01',
    '2023-05-01 25:00:00',
    '1682942096',
  ])
    assert.equal(parseDjangoDate(text), null, text)
  assert.equal(parseDjangoDate('1969-12-31 23:59:59'), 0)
})
