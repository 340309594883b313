// npm run test:long [-- part-of-a-path ...]: the tests that take too long for npm test: tests/long, one after the other, and then,
// if no part of a path is given, all screens on both stores and the trial of a fresh machine.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { ensureChromium } from './install-chromium.ts'
import { bringPageUpToDate } from './page.ts'
import { provide, using } from './requirements.ts'
import { runTests, testFiles } from './run-tests.ts'

const FILE_TIMEOUT = 90 * 60_000

const root = join(import.meta.dirname, '..')
const wanted = process.argv.slice(2)
const stop = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort())

const refusal = bringPageUpToDate(root) ?? ensureChromium()
if (refusal) {
  console.error(`The long tests need the page and a browser: ${refusal}.`)
  process.exit(1)
}
const files = testFiles(root, ['tests/long/**/*.test.ts']).filter(
  file => wanted.length === 0 || wanted.some(part => file.includes(part)),
)
await using provided = await provide(using(root, files))
const { skipped } = provided
for (const [file, why] of skipped) console.log(`skip ${file} (${why})`)
const total = await runTests(
  files.filter(file => !skipped.has(file)),
  { root, concurrency: 1, fileTimeout: FILE_TIMEOUT, stop: stop.signal },
)
total.skipped += skipped.size

const others = [['test.ts', 'tests/browser/'], ['fresh-machine.ts']]
for (const [script = '', ...given] of wanted.length === 0 ? others : []) {
  if (stop.signal.aborted) break
  const args = [join(root, 'scripts', script), ...given]
  const running = spawn(process.execPath, args, { cwd: root, stdio: 'inherit', signal: stop.signal })
  const [code] = await once(running, 'close').catch(() => [1])
  if (code === 0) total.passed++
  else total.failed++
}
if (stop.signal.aborted) total.failed++
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`)
process.exitCode = total.failed ? 1 : 0
