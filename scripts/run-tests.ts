import { globSync } from 'node:fs'
import { getCompileCacheDir } from 'node:module'
import { dirname, relative } from 'node:path'
import { run } from 'node:test'
import { inspect } from 'node:util'
import { budgetOf } from './budgets.ts'

export interface Counts {
  passed: number
  failed: number
  skipped: number
}

interface Options {
  root: string
  /** How many files run at a time, each in a process of its own. */
  concurrency: number
  /** After so many milliseconds a file that has not ended is killed and has failed. */
  fileTimeout: number
  /** Kills what is running when it fires. */
  stop: AbortSignal
  /** Where a file's temporary files go; the system's own folder where it has none. */
  temporaryFolder?: (file: string) => string | undefined
}

type Event = { type: string; data: EventData }
type EventData = {
  name?: string
  nesting?: number
  file?: string
  message?: string
  skip?: string | boolean
  todo?: string | boolean
  counts?: { tests: number; passed: number; failed: number; cancelled: number; skipped: number; todo: number }
  details?: { error?: Error & { failureType?: string }; type?: string }
}

/** The test files of the repository that the patterns find, sorted, without those that an ignore matches. */
export function testFiles(root: string, patterns: string[], ignored: RegExp[] = []): string[] {
  return globSync(patterns, { cwd: root })
    .filter(path => !ignored.some(pattern => pattern.test(path)))
    .sort()
}

/**
 * Runs test files with node:test and prints a line a file, and every failure in full with what the file printed.
 *
 * @returns how many tests passed, failed and were skipped
 */
export async function runTests(files: readonly string[], options: Options): Promise<Counts> {
  const total: Counts = { passed: 0, failed: 0, skipped: 0 }
  // What takes long first, so that none goes on alone in the end.
  const waiting = files.toSorted((a, b) => budgetOf(b) - budgetOf(a))
  // What one file's process compiled, the others find; see `confab.mjs`.
  const compiled = getCompileCacheDir()
  if (compiled) process.env.NODE_COMPILE_CACHE = dirname(compiled)
  const work = async () => {
    for (let file = waiting.shift(); file !== undefined; file = waiting.shift()) {
      if (options.stop.aborted) return
      add(total, await runFile(file, options))
    }
  }
  await Promise.all(Array.from({ length: options.concurrency }, work))
  return total
}

const taken: { readonly file: string; readonly took: number }[] = []

/** The files that took longest of all that were run, one a line. */
export function slowest(most: number): string {
  return taken
    .toSorted((a, b) => b.took - a.took)
    .slice(0, most)
    .map(({ file, took }) => `    ${took.toFixed(1).padStart(6)} s  ${file}`)
    .join('\n')
}

/** The files that took longer than they may, one a line. */
export function overBudget(): string {
  return taken
    .filter(({ file, took }) => took > budgetOf(file))
    .map(({ file, took }) => `    ${file} took ${took.toFixed(1)} s of ${budgetOf(file)} s`)
    .join('\n')
}

/** Adds the second counts to the first. */
export function add(to: Counts, counts: Counts): void {
  to.passed += counts.passed
  to.failed += counts.failed
  to.skipped += counts.skipped
}

async function runFile(file: string, options: Options): Promise<Counts> {
  const began = performance.now()
  const signal = AbortSignal.any([options.stop, AbortSignal.timeout(options.fileTimeout)])
  const temporary = options.temporaryFolder?.(file)
  const env = { ...process.env, ...(temporary && { TMPDIR: temporary }) }
  const events = run({ cwd: options.root, files: [file], signal, timeout: options.fileTimeout, env })
  const counts: Counts = { passed: 0, failed: 0, skipped: 0 }
  const lines: string[] = []
  let printed = ''
  for await (const { type, data } of events as AsyncIterable<Event>) {
    if (type === 'test:stdout' || type === 'test:stderr') printed += data.message ?? ''
    if (type === 'test:fail') lines.push(...failure(data, options.root))
    // The summary counts no suite, and one whose own code throws has no test that could fail.
    if (type === 'test:fail' && data.details?.type === 'suite' && !failedBelow(data)) counts.failed++
    if (type === 'test:pass' && data.skip) lines.push(`    skipped: ${data.name}${reason(data.skip)}`)
    if (type === 'test:pass' && isFile(data, file)) {
      lines.push('    no test in this file')
      add(counts, { passed: -1, failed: 1, skipped: 0 })
    }
    if (type === 'test:summary' && data.counts && !data.file) add(counts, fromSummary(data.counts))
  }
  const took = (performance.now() - began) / 1000
  taken.push({ file, took })
  const told = counts.failed ? `${counts.failed} FAILED, ${counts.passed} passed` : `${counts.passed} passed`
  console.log(`${counts.failed ? 'FAIL' : 'ok  '} ${file} (${told}, ${took.toFixed(1)} s)`)
  for (const line of lines) console.log(line)
  if (counts.failed && printed) console.log(indent(`what the file printed:\n${printed.trimEnd()}`))
  return counts
}

function fromSummary(counts: NonNullable<EventData['counts']>): Counts {
  return {
    passed: counts.passed,
    failed: counts.failed + counts.cancelled,
    skipped: counts.skipped + counts.todo,
  }
}

/** node:test reports a file as a test of its own when it has none, or when its process failed. */
function isFile(data: EventData, file: string): boolean {
  return data.nesting === 0 && data.details?.type === 'test' && data.name?.endsWith(file) === true
}

/** A parent fails when one of its children does. */
function failedBelow(data: EventData): boolean {
  return data.details?.error?.failureType === 'subtestsFailed'
}

function failure(data: EventData, root: string): string[] {
  const error = data.details?.error
  // The child has been printed.
  if (!error || failedBelow(data)) return []
  const cause = error.cause ?? error
  const text = cause instanceof Error ? inspect(cause, { depth: 6 }) : `${cause}`
  const name = data.name?.startsWith(root) ? relative(root, data.name) : data.name
  return [`    FAILED: ${name}`, indent(indent(text))]
}

function reason(skip: string | boolean): string {
  return typeof skip === 'string' ? ` (${skip})` : ''
}

function indent(text: string): string {
  return text.replace(/^/gm, '    ')
}
