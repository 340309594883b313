// npm run check: everything that can be told without starting a server or a browser, in about a minute on two cores. Two steps at a time;
// the output of a step is printed when it fails.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { makeMemoryFolder } from './memory-folder.ts'
import { bringPageUpToDate } from './page.ts'
import { runTests, testFiles } from './run-tests.ts'

interface Step {
  name: string
  /** @returns what to print when it failed; nothing when all is well */
  run: () => Promise<string | undefined>
}

const root = join(import.meta.dirname, '..')
const stop = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort())

const tool = (name: string, ...args: string[]): Step => ({
  name: [name, ...args].join(' '),
  run: async () => {
    const child = spawn(join(root, 'node_modules', '.bin', name), args, {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      signal: stop.signal,
      shell: process.platform === 'win32',
    })
    const ended = new Promise<string>(resolve => {
      child.on('error', error => resolve(error.message))
      child.on('close', code => resolve(code === 0 ? '' : `ended with ${code}`))
    })
    const [out, err, wrong] = await Promise.all([text(child.stdout), text(child.stderr), ended])
    return wrong ? [out, err, wrong].filter(Boolean).join('\n') : undefined
  },
})

const page: Step = { name: 'the page builds', run: async () => bringPageUpToDate(root) }

/** What a check found is kept, so that the next looks only at what has changed since and at what depends on that. */
const types = (project: string): Step => {
  const found = join(root, 'node_modules', '.cache', 'tsc', `${project}.tsbuildinfo`)
  const step = tool('tsc', '--noEmit', '--project', project, '--incremental', '--tsBuildInfoFile', found)
  return { ...step, name: `tsc --project ${project}` }
}

// The longest first.
const steps: Step[] = [
  types('tsconfig.json'),
  types('tsconfig.server.json'),
  tool('oxlint'),
  tool('biome', 'check', '--error-on-warnings', '--max-diagnostics=100', '.'),
  tool('knip', '--no-progress'),
]

const wrong: string[] = []
async function take(step: Step): Promise<void> {
  const began = performance.now()
  const problem = await step.run()
  const seconds = ((performance.now() - began) / 1000).toFixed(1)
  console.log(`${problem ? 'FAIL' : 'ok  '} ${step.name} (${seconds} s)`)
  if (!problem) return
  wrong.push(step.name)
  console.log(problem.replace(/^/gm, '    '))
}

// Whoever checks also commits: their messages are held to CONTRIBUTING.md from now on.
if (existsSync(join(root, '.git'))) spawnSync('git', ['config', 'core.hooksPath', '.githooks'], { cwd: root })

// The page first: it compiles the message catalogues, which the type check reads.
await take(page)
const work = async () => {
  for (let step = steps.shift(); step && !stop.signal.aborted; step = steps.shift()) await take(step)
}
await Promise.all([work(), work()])

const beside = ['{contract,server,web,scripts}/**/*.test.ts', 'tests/{architecture,decisions,spec}.test.ts']
using memory = makeMemoryFolder()
const temporaryFolder = () => memory?.path
const options = { root, concurrency: 2, fileTimeout: 60_000, stop: stop.signal, temporaryFolder }
const tests = await runTests(testFiles(root, beside), options)
if (tests.failed) wrong.push('unit tests')
if (stop.signal.aborted) wrong.push('interrupted')

console.log(
  wrong.length ? `NOT WELL: ${wrong.join(', ')}` : `All is well: ${tests.passed} unit tests passed.`,
)
process.exitCode = wrong.length ? 1 : 0
