import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Unavailable } from './core/ports/failures.ts'
import type { LogLevel } from './log.ts'
import { createLog } from './log.ts'

function told(form: 'json' | 'lines', level: LogLevel = 'info') {
  const lines: string[] = []
  return { lines, log: createLog({ level, form, write: line => lines.push(line) }) }
}

const hostile = 'alice\n12:00:00 error mallory was here\r\u001b[2J\u2028\u202eevil\u009b31m\u007f'

for (const form of ['json', 'lines'] as const) {
  test(`a name that mallory wrote forges no line and moves no cursor in the ${form} log`, () => {
    const { lines, log } = told(form)
    log.warn({ agent: hostile }, `Refused ${hostile}`)
    assert.equal(lines.length, 1)
    assert.match(lines[0] ?? '', /^[^\n]*\n$/)
    assert.doesNotMatch((lines[0] ?? '').slice(0, -1), /[\p{Cc}\u2028\u2029\u202e]/u)
  })

  test(`secrets that somebody passes by mistake are not in the ${form} log`, () => {
    const { lines, log } = told(form)
    log.info(
      { password: 'canary-1', input: { text: 'canary-2', token: 'canary-3' }, code: 'canary-4' },
      'Operation finished.',
    )
    assert.doesNotMatch(lines.join(''), /canary/)
    assert.match(lines.join(''), /\[secret\]/)
  })

  test(`a bug is told with its stack and its cause in the ${form} log`, () => {
    const { lines, log } = told(form)
    log.error({ error: new Error('it broke', { cause: new Error('the disk') }) }, 'A fault.')
    assert.match(lines.join(''), /it broke/)
    assert.match(lines.join(''), /log\.test\.ts/)
  })
}

test('an outage of the store is told by what was said of it, without where in the program', () => {
  const away = () =>
    new Unavailable('The database is out of reach.', {
      cause: new Error('connect ECONNREFUSED 127.0.0.1:5432'),
    })
  const json = told('json')
  json.log.warn({ error: away() }, 'Database unavailable.')
  const { error } = JSON.parse(json.lines[0] ?? '') as { error: unknown }
  assert.deepEqual(error, {
    name: 'Unavailable',
    says: 'The database is out of reach.',
    cause: { name: 'Error', says: 'connect ECONNREFUSED 127.0.0.1:5432' },
  })
  const people = told('lines')
  people.log.warn({ error: away() }, 'Database unavailable.')
  assert.match(
    people.lines[0] ?? '',
    /^\S+ warn {2}Database unavailable\.\n {4}The database is out of reach\.\n {4}connect ECONNREFUSED 127\.0\.0\.1:5432\n$/,
  )
})

test('of a host with two addresses each one that does not answer is told', () => {
  const { lines, log } = told('json')
  const cause = new AggregateError([new Error('connect ECONNREFUSED ::1:5432'), new Error('timed out')])
  log.warn({ error: new Unavailable('The database is out of reach.', { cause }) }, 'It failed.')
  assert.match(lines[0] ?? '', /Error: connect ECONNREFUSED ::1:5432, Error: timed out/)
})

test('a line of JSON tells when, how grave and what', () => {
  const { lines, log } = told('json')
  log.info({ port: 3000 }, 'Listening.')
  const line = JSON.parse(lines[0] ?? '') as Record<string, unknown>
  assert.equal(line.level, 'info')
  assert.equal(line.says, 'Listening.')
  assert.equal(line.port, 3000)
  assert.ok(!Number.isNaN(Date.parse(String(line.at))))
  assert.equal('pid' in line || 'hostname' in line, false)
})

test('what is below the level is not told', () => {
  const { lines, log } = told('json', 'warn')
  log.info({}, 'quiet')
  log.debug({}, 'quiet')
  assert.deepEqual(lines, [])
})
