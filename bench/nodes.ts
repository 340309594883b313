// One workspace on several nodes with PostgreSQL and Redis: deliveries to members spread over them, each held to be contiguous; and what
// becomes of them while Redis is away. See docs/PERFORMANCE.md.
// node confab.mjs run bench/nodes.ts [--nodes 1,2] [--members 1000] [--seconds 20] [--rate 1000] [--redis-away 0] [--one-sided]
// --one-sided: only members of the first node post, so that the others append nothing that would show them what they missed.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { Cluster } from './load/nodes.ts'
import { cpuMicroseconds } from './load/process.ts'
import { keep } from './load/results.ts'
import type { Result } from './load/run.ts'
import { Load } from './load/run.ts'

const { values } = parseArgs({
  options: {
    nodes: { type: 'string', default: '1,2' },
    members: { type: 'string', default: '1000' },
    seconds: { type: 'string', default: '20' },
    rate: { type: 'string', default: '1000' },
    'redis-away': { type: 'string', default: '0' },
    'one-sided': { type: 'boolean', default: false },
  },
})
const members = Number(values.members)
const seconds = Number(values.seconds)
const awayMs = Number(values['redis-away']) * 1_000
const folder = mkdtempSync(join(tmpdir(), 'confab-nodes-'))

interface NodesResult extends Result {
  readonly nodes: number
  /** Processor time of each node in the run, as a share of one core. */
  readonly coresANode: readonly number[]
  readonly redisAwayMs: number
  /** From the return of Redis until every member had every message sent before it, ms; null where it did not go. */
  readonly caughtUpMs: number | null
}

const results: NodesResult[] = []
{
  await using cluster = await Cluster.of(members, folder)
  for (const many of values.nodes.split(',').map(Number)) {
    while (cluster.nodes.length < many) await cluster.addNode()
    results.push(await measure(cluster))
  }
}
rmSync(folder, { recursive: true, force: true })
keep(`nodes${awayMs > 0 ? '-redis-away' : ''}${values['one-sided'] ? '-one-sided' : ''}`, {
  options: values,
  results,
})

async function measure(cluster: Cluster): Promise<NodesResult> {
  const load = new Load()
  const entered = await cluster.enter(members, load)
  const pids = cluster.nodes.map(({ pid }) => pid)
  const before = pids.map(cpuMicroseconds)
  const began = performance.now()
  const away = awayMs > 0 ? takeRedisAway(cluster, load) : null
  const [posting, posters] = values['one-sided'] ? firstNodeFirst(entered, pids.length) : [entered, 50]
  const result = await load.run('confab', pids, posting, posters, Number(values.rate), seconds)
  const elapsed = (performance.now() - began) * 1_000
  const coresANode = pids.map((pid, n) => round((cpuMicroseconds(pid) - (before[n] ?? 0)) / elapsed))
  for (const { client } of entered) client.close()
  const of = { nodes: pids.length, coresANode, redisAwayMs: awayMs, caughtUpMs: (await away) ?? null }
  const { p50, p99, max } = result.latencyMs
  console.log(
    `${of.nodes} nodes  ${result.offeredPerSecond} msg/s to ${members}: ${result.deliveriesPerSecond.toLocaleString('en')} deliveries/s, ` +
      `acknowledged ${result.acknowledgedPerSecond}/s  p50 ${p50} ms  p99 ${p99} ms  max ${max} ms  cores ${coresANode}  ` +
      `${result.complete ? 'all delivered' : 'NOT all delivered'}${of.caughtUpMs === null ? '' : `  caught up ${of.caughtUpMs} ms after Redis came back`}`,
  )
  return { ...result, ...of }
}

/** The same members, those of the first node first, and how many these are. */
function firstNodeFirst<T>(members: readonly T[], nodes: number): [readonly T[], number] {
  const first = members.filter((_, n) => n % nodes === 0)
  return [[...first, ...members.filter((_, n) => n % nodes !== 0)], first.length]
}

/** Kills Redis a quarter into the run, and starts it again after a while. */
async function takeRedisAway({ redis }: Cluster, load: Load): Promise<number> {
  await new Promise(resolve => setTimeout(resolve, (seconds * 1_000) / 4))
  await redis.kill()
  await new Promise(resolve => setTimeout(resolve, awayMs))
  await redis.start()
  const back = performance.now()
  const due = load.sent * members
  while (load.deliveries < due) await new Promise(resolve => setTimeout(resolve, 10))
  return Math.round(performance.now() - back)
}

function round(cores: number): number {
  return Math.round(cores * 100) / 100
}
