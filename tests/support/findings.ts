import assert from 'node:assert/strict'
import type { Finding } from '../../server/cli/doctor/finding.ts'

/** All is well: the test fails with what is not. */
export function assertWell(findings: readonly Finding[]): void {
  assert.deepEqual(
    findings.filter(one => one.is !== 'ok'),
    [],
  )
}

/** Exactly one thing is not well: it is told like this, and so is what to do. */
export function assertOne(
  findings: readonly Finding[],
  is: 'warn' | 'fail',
  says: RegExp,
  fix: RegExp,
): void {
  const [one, ...more] = findings.filter(finding => finding.is !== 'ok')
  assert.ok(one && 'fix' in one && more.length === 0, JSON.stringify(findings, null, 1))
  assert.equal(one.is, is, one.says)
  assert.match(one.says, says)
  assert.match(one.fix, fix)
}
