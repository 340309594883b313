// One room, many members: how fast Confab delivers what it has stored, beside servers that store nothing. See docs/PERFORMANCE.md.
// node confab.mjs run bench/fanout.ts [--members 1000] [--seconds 10] [--rates 1000,2000] [--only confab]
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { confab } from './load/confab.ts'
import { epoll, socketIo, wsEach } from './load/peers.ts'
import { stop } from './load/process.ts'
import { keep } from './load/results.ts'
import type { Result } from './load/run.ts'
import { Load } from './load/run.ts'

const { values } = parseArgs({
  options: {
    members: { type: 'string', default: '1000' },
    seconds: { type: 'string', default: '10' },
    rates: { type: 'string', default: '5,200,1000,2000' },
    only: { type: 'string' },
  },
})
const members = Number(values.members)
const folder = mkdtempSync(join(tmpdir(), 'confab-bench-'))
const plainRates = [60, 80, 100]
const runs = [
  { name: 'confab', peer: confab(folder), rates: values.rates.split(',').map(Number) },
  { name: 'ws', peer: wsEach, rates: plainRates },
  { name: 'socket.io', peer: socketIo, rates: plainRates },
  { name: 'epoll', peer: epoll(folder), rates: plainRates },
].filter(run => values.only === undefined || run.name === values.only)

const results: Result[] = []
for (const { name, peer, rates } of runs) {
  for (const rate of rates) {
    const load = new Load()
    const server = await peer(members, load)
    if (server === null) {
      console.log(`${name}: skipped, there is no C compiler here`)
      break
    }
    const result = await load.run(
      name,
      [server.pid],
      server.members,
      Math.min(50, members),
      rate,
      Number(values.seconds),
    )
    results.push(result)
    console.log(line(result))
    for (const member of server.members) member.client.close()
    await stop(server.process)
  }
}
rmSync(folder, { recursive: true, force: true })
report()

function line(r: Result): string {
  const { p50, p99, max } = r.latencyMs
  const kept = r.complete ? 'all delivered' : 'NOT all delivered'
  return `${r.server.padEnd(10)} ${String(r.offeredPerSecond).padStart(6)} msg/s  ${r.deliveriesPerSecond.toLocaleString('en').padStart(11)} deliveries/s  ${r.cpuMicrosecondsPerDelivery.toFixed(2).padStart(7)} us each  p50 ${p50} ms  p99 ${p99} ms  max ${max} ms  ${kept}`
}

function report(): void {
  const best = (server: string) =>
    Math.max(0, ...results.filter(r => r.server === server).map(r => r.deliveriesPerSecond))
  for (const server of ['ws', 'socket.io', 'epoll'])
    if (best(server) > 0 && best('confab') > 0)
      console.log(`confab / ${server}: ${(best('confab') / best(server)).toFixed(1)}`)
  keep('fanout', { options: values, results })
}
