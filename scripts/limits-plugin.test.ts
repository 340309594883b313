import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { limits } from '../contract/limits.ts'
import { pageLimits } from './limits-plugin.ts'

/** What a page of this one file is given for contract/limits.ts. */
function limitsOf(code: string): unknown {
  const root = mkdtempSync(join(tmpdir(), 'confab-limits-'))
  try {
    mkdirSync(join(root, 'web'))
    writeFileSync(join(root, 'web', 'one.ts'), `import { limits } from '../contract/limits.ts'\n${code}\n`)
    const load = pageLimits(root).load as (id: string) => string | null
    return load(join(root, 'contract', 'limits.ts').replaceAll('\\', '/'))
  } finally {
    rmSync(root, { recursive: true })
  }
}

test('a page is given the limits that it names, and no others', () => {
  const given = `export const limits = ${JSON.stringify({ pingMs: limits.pingMs })}`
  assert.equal(limitsOf('// Of all limits one.\nexport const every = limits.pingMs'), given)
})

test('a page that reads limits otherwise than by name does not build, since it would find none', () => {
  const ways = [
    'const { pingMs } = limits',
    "limits['pingMs']",
    'Object.keys(limits)',
    'const all = { ...limits }',
  ]
  for (const way of ways) assert.throws(() => limitsOf(way), /name each limit as limits\.name/, way)
})
