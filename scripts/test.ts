// npm test [-- part-of-a-path ...]: the tests of every day, or all whose path contains one of the arguments; then, once more on
// PostgreSQL and Redis, what shows that the stores agree. npm run test:faults: the slow ones (see suites.ts).
// The last line is `N passed, N failed, N skipped`.
import { join } from 'node:path'
import { ensureChromium } from './install-chromium.ts'
import { makeMemoryFolder } from './memory-folder.ts'
import { bringPageUpToDate } from './page.ts'
import { opensStore, provide, using } from './requirements.ts'
import type { Counts } from './run-tests.ts'
import { add, overBudget, runTests, slowest, testFiles } from './run-tests.ts'
import { everyday, everything, faults, harmsDisks } from './suites.ts'

const FILE_TIMEOUT = 300_000
const IN_BROWSER = /^tests\/browser\//
/** Files at a time: one more than two cores, since each waits now and then; but for the faults, which are about what happens when. */
const AT_A_TIME = 3
const FAULTS_AT_A_TIME = 2

const root = join(import.meta.dirname, '..')
const named = process.argv.slice(2)
const wanted = named.filter(part => part !== '--faults')
const suite = wanted.length > 0 ? everything : named.length > 0 ? faults : everyday
const stop = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort())

const files = testFiles(
  root,
  ['{contract,server,web,tests,scripts}/**/*.test.ts'],
  [/^tests\/long\//],
).filter(file => wanted.length === 0 || wanted.some(part => file.includes(part)))
if (files.length === 0) {
  console.error(`No test file has ${wanted.join(' or ')} in its path.`)
  process.exit(1)
}

const total: Counts = { passed: 0, failed: 0, skipped: 0 }
using memory = makeMemoryFolder()
const temporaryFolder = (file: string) => (harmsDisks.test(file) ? undefined : memory?.path)
const options = { root, fileTimeout: FILE_TIMEOUT, stop: stop.signal, temporaryFolder }
const refusal = bringPageUpToDate(root)
if (refusal) {
  console.log(`FAIL the page: ${refusal}`)
  total.failed++
}
const inBrowser = files.filter(file => IN_BROWSER.test(file) && (suite.first(file) || suite.again(file)))
const browserMissing = inBrowser.length > 0 ? ensureChromium() : undefined
if (browserMissing) skip(inBrowser, browserMissing)
const able = (file: string) => !browserMissing || !IN_BROWSER.test(file)
const first = files.filter(file => suite.first(file) && able(file))
if (first.length > 0) {
  await using provided = await provide(using(root, first), memory?.path)
  for (const [file, why] of provided.skipped) skip([file], why)
  await run(first.filter(file => !provided.skipped.has(file)))
}
// What opens no store would be the same once more.
const again = files.filter(file => suite.again(file) && able(file) && opensStore(root, file))
if (again.length > 0) {
  console.log('Once more on PostgreSQL and Redis:')
  const neededBy = using(root, again)
  const needing: typeof neededBy = requirement => (requirement.server ? again : neededBy(requirement))
  await using provided = await provide(needing, memory?.path)
  for (const [file, why] of provided.skipped) skip([`${file} on PostgreSQL and Redis`], why)
  process.env.TEST_STORE = 'postgres'
  await run(again.filter(file => !provided.skipped.has(file)))
}
if (stop.signal.aborted) {
  console.log('FAIL interrupted')
  total.failed++
}
console.log(`The slowest files:\n${slowest(10)}`)
const over = overBudget()
if (over) console.log(`Longer than scripts/budgets.ts has it:\n${over}`)
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`)
process.exitCode = total.failed ? 1 : 0

/** Browsers come last, by themselves: what else is tested would take the machine from them. */
async function run(some: readonly string[]): Promise<void> {
  for (const isBrowser of [false, true]) {
    const these = some.filter(file => IN_BROWSER.test(file) === isBrowser)
    const concurrency = suite === faults ? FAULTS_AT_A_TIME : AT_A_TIME
    add(total, await runTests(these, { ...options, concurrency }))
  }
}

function skip(skipped: readonly string[], why: string): void {
  for (const file of skipped) console.log(`skip ${file} (${why})`)
  total.skipped += skipped.length
}
