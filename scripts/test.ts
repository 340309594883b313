// npm test [-- part-of-a-path ...]: every test of the repository, or those whose path contains one of the arguments.
// The last line is `N passed, N failed, N skipped`.
import { join } from 'node:path'
import { ensureChromium } from './install-chromium.ts'
import { bringPageUpToDate } from './page.ts'
import type { Counts } from './run-tests.ts'
import { add, runTests, testFiles } from './run-tests.ts'
import { startServices } from './services.ts'

const FILE_TIMEOUT = 300_000
const IN_BROWSER = /^tests\/browser\//

const root = join(import.meta.dirname, '..')
const wanted = process.argv.slice(2)
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
const options = { root, fileTimeout: FILE_TIMEOUT, stop: stop.signal }
const refusal = bringPageUpToDate(root)
if (refusal) {
  console.log(`FAIL the page: ${refusal}`)
  total.failed++
}
const elsewhere = files.filter(file => !IN_BROWSER.test(file))
{
  await using services = await startServices(root, elsewhere)
  for (const [file, why] of services.skipped) skip([file], why)
  const runnable = elsewhere.filter(file => !services.skipped.has(file))
  add(total, await runTests(runnable, { ...options, concurrency: 2 }))
}

const inBrowser = files.filter(file => IN_BROWSER.test(file))
const missing = inBrowser.length > 0 ? ensureChromium() : undefined
if (missing) skip(inBrowser, missing)
else add(total, await runTests(inBrowser, { ...options, concurrency: 1 }))
if (stop.signal.aborted) {
  console.log('FAIL interrupted')
  total.failed++
}
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`)
process.exitCode = total.failed ? 1 : 0

function skip(skipped: readonly string[], why: string): void {
  for (const file of skipped) console.log(`skip ${file} (${why})`)
  total.skipped += skipped.length
}
