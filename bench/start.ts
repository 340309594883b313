// How long a server takes from its command to serving, on a data directory that it knows, with what was compiled at an earlier start and
// without, in turns.
// npm run bench -- start [--rounds 9]
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { TestProcess } from '../tests/support/process.ts'
import { keep } from './load/results.ts'

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '9' } } })
const directory = await mkdtemp(join(tmpdir(), 'confab-start-'))
const compiled = join(directory, 'compiled')

/** From the command to serving, in ms. */
async function start(variables: Record<string, string>): Promise<number> {
  const begun = performance.now()
  await using server = await TestProcess.serving({
    directory: join(directory, 'data'),
    keep: true,
    variables,
  })
  const ms = performance.now() - begun
  server.child.kill('SIGTERM')
  await server.ended()
  return ms
}

const known = { NODE_COMPILE_CACHE: compiled }
const unknown = { NODE_DISABLE_COMPILE_CACHE: '1' }
try {
  const first = await start(known)
  const results = { known: [] as number[], unknown: [] as number[] }
  for (let round = 0; round < Number(values.rounds); round++) {
    results.unknown.push(await start(unknown))
    results.known.push(await start(known))
  }
  const [withMs, withoutMs] = [median(results.known), median(results.unknown)]
  const summary = { firstMs: first, knownMs: withMs, unknownMs: withoutMs, ratio: withMs / withoutMs }
  console.log(summary)
  keep('start', { options: values, results: { ...summary, ...results } })
} finally {
  await rm(directory, { recursive: true, force: true })
}

function median(of: readonly number[]): number {
  return of.toSorted((a, b) => a - b)[of.length >> 1] as number
}
