import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { budgetOf } from './budgets.ts'
import type { Counts } from './run-tests.ts'

let folder: string
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'confab-run-'))
})
after(() => rm(folder, { recursive: true, force: true }))

/** Runs one test file by runTests. */
async function outcomeOf(body: string, fileTimeout = 60_000): Promise<{ counts: Counts; printed: string }> {
  const text = `import assert from 'node:assert'\nimport { describe, test } from 'node:test'\n${body}\n`
  return outcomeOfAll({ 'a.test.ts': text }, fileTimeout)
}

/** Runs test files one after the other. In a process of its own, since node:test runs nothing from within a test. */
async function outcomeOfAll(files: Readonly<Record<string, string>>, fileTimeout = 60_000) {
  for (const [file, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, file)), { recursive: true })
    await writeFile(join(folder, file), text)
  }
  const given = `root: ${JSON.stringify(folder)}, concurrency: 1, fileTimeout: ${fileTimeout}, stop`
  const options = `{ ${given}, temporaryFolder: file => '/for/' + file }`
  const script = join(folder, 'run.mjs')
  await writeFile(
    script,
    `import { runTests } from ${JSON.stringify(join(import.meta.dirname, 'run-tests.ts'))}
     const stop = new AbortController().signal
     console.log('\\n' + JSON.stringify(await runTests(${JSON.stringify(Object.keys(files))}, ${options})))`,
  )
  const { NODE_TEST_CONTEXT: _, ...env } = process.env
  const printed = execFileSync(process.execPath, [script], { env, encoding: 'utf8' })
  const counts: Counts = JSON.parse(printed.trim().split('\n').at(-1) ?? '')
  return { counts, printed }
}

describe('the runner counts', () => {
  test('tests that pass, fail and are skipped, and suites not at all', async () => {
    const { counts, printed } = await outcomeOf(`describe('a suite', () => {
      test('passes', () => {})
      test('fails', () => { console.log('said on the way'); assert.equal(1, 2) })
      test('is skipped', { skip: 'no such machine' }, () => {})
    })`)
    assert.deepEqual(counts, { passed: 1, failed: 1, skipped: 1 })
    assert.match(printed, /FAILED: fails/)
    assert.match(printed, /1 !== 2|1 == 2/)
    assert.match(printed, /said on the way/)
    assert.match(printed, /is skipped \(no such machine\)/)
  })

  test('a file without a test as a failure', async () => {
    assert.deepEqual((await outcomeOf('')).counts, { passed: 0, failed: 1, skipped: 0 })
  })

  test('a file that throws before its first test as a failure', async () => {
    assert.deepEqual((await outcomeOf(`throw new Error('early')`)).counts, {
      passed: 0,
      failed: 1,
      skipped: 0,
    })
  })

  test('a suite whose own code throws as a failure', async () => {
    const { counts } = await outcomeOf(`describe('broken', () => { throw new Error('in the suite') })`)
    assert.equal(counts.failed, 1)
  })

  test('a process that ends by itself as a failure', async () => {
    assert.equal((await outcomeOf(`test('leaves', () => process.exit(0))`)).counts.failed, 1)
  })

  test('a file that does not end as a failure, and ends it', async () => {
    const { counts } = await outcomeOf(`test('lingers', () => { setInterval(() => {}, 1000) })`, 2_000)
    assert.equal(counts.failed, 1)
  })
})

test('a file has its temporary files where it is told', async () => {
  const { counts } = await outcomeOf(
    `test('looks', () => assert.equal(process.env.TMPDIR, '/for/a.test.ts'))`,
  )
  assert.deepEqual(counts, { passed: 1, failed: 0, skipped: 0 })
})

test('what may take long begins first', async () => {
  const names = ['a.test.ts', 'tests/browser/b.test.ts']
  const passing = `import { test } from 'node:test'\ntest('passes', () => {})\n`
  const { printed } = await outcomeOfAll(Object.fromEntries(names.map(name => [name, passing])))
  const [first, second] = names.map(name => printed.indexOf(`ok   ${name}`))
  assert.ok(budgetOf('tests/browser/b.test.ts') > budgetOf('a.test.ts'))
  assert.ok(Number(second) >= 0 && Number(second) < Number(first), printed)
})
