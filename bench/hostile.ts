// What one hostile member, and strangers, take from everybody else: acknowledgements of others' posts, each sent when it is due (open loop), on
// a quiet server and during each attack, and what the attack holds of memory. See docs/PERFORMANCE.md.
// npm run bench -- hostile [--seconds 15] [--rate 20] [--only reads,uploads,sign-ins,directs,fields,sign-in-fields,hellos] [--tree folder]
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { attacker } from './load/attacker.ts'
import { attacks } from './load/attacks.ts'
import { confabServer, generalRoom } from './load/confab.ts'
import { Others } from './load/others.ts'
import { residentBytes, stop } from './load/process.ts'
import { keep } from './load/results.ts'

const names = Object.keys(attacks)
const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '15' },
    rate: { type: 'string', default: '20' },
    only: { type: 'string', default: names.join(',') },
    tree: { type: 'string', default: join(import.meta.dirname, '..') },
    name: { type: 'string', default: 'hostile' },
  },
})
const seconds = Number(values.seconds)
const rate = Number(values.rate)
/** So many that the direct rooms of three of them are enough to fill the bound of one. */
const people = 50

const folder = mkdtempSync(join(tmpdir(), 'confab-hostile-'))
const results: object[] = []
try {
  for (const name of values.only.split(',')) results.push(await measure(name))
} finally {
  rmSync(folder, { recursive: true, force: true })
}
keep(values.name, { seconds, rate, results })

async function measure(name: string) {
  const {
    process: server,
    pid,
    port,
    tokens,
  } = await confabServer(folder, people, { limits: 'on', tree: values.tree })
  try {
    const room = await generalRoom(port, tokens[0] as string)
    const [mallory = '', victim = '', ...others] = tokens
    // As many direct rooms as a victim could be in took 45 seconds.
    const attacking = name === 'directs' ? Math.max(45, seconds) : seconds
    const begin = await attacker(name, { port, mallory, victim, room, seconds: attacking })
    const quiet = await Others.talk({ port, tokens: others, room, rate, seconds })
    const before = residentBytes(pid)
    let most = before
    const watch = setInterval(() => (most = Math.max(most, residentBytes(pid))), 100)
    const [during, came] = await Promise.all([
      Others.talk({ port, tokens: others, room, rate, seconds }),
      begin(),
    ])
    clearInterval(watch)
    const memoryMiB = Math.round((most - before) / 2 ** 20)
    console.log(
      `${name}: others' acknowledgement p50 ${quiet.ms.p50} p95 ${quiet.ms.p95} p99 ${quiet.ms.p99} ms quiet; p50 ${during.ms.p50} p95 ${during.ms.p95} p99 ${during.ms.p99} max ${during.ms.max} ms during the attack, ${during.refused} refused, ${during.lost} lost; +${memoryMiB} MiB; ${JSON.stringify(came)}`,
    )
    return { attack: name, quiet, during, memoryMiB, came }
  } finally {
    await stop(server)
  }
}
