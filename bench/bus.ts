// What a Redis works for each message that nodes publish, and for each node that it is sent to, in processor time. See docs/SCALE.md.
// node confab.mjs run bench/bus.ts [--nodes 1,4,16] [--rate 3000] [--seconds 10]
import { parseArgs } from 'node:util'
import type { Epoch, RoomId } from '../contract/ids.ts'
import { newId, roomTopic } from '../contract/ids.ts'
import { redisBus } from '../server/adapters/bus/redis.ts'
import { systemClock } from '../server/adapters/clock.ts'
import type { Bus } from '../server/core/ports/bus.ts'
import { RedisServer } from '../tests/support/redis-server.ts'
import { silent } from '../tests/support/silent-log.ts'
import { cpuMicroseconds } from './load/process.ts'
import { keep } from './load/results.ts'

const { values } = parseArgs({
  options: {
    nodes: { type: 'string', default: '1,4,16' },
    rate: { type: 'string', default: '3000' },
    seconds: { type: 'string', default: '10' },
  },
})
const rate = Number(values.rate)
const seconds = Number(values.seconds)
const room = roomTopic(newId<RoomId>())
/** As long as the event of a message of 60 characters. */
const bodies = [JSON.stringify('x'.repeat(197))]
const given = { salt: 'salt', clock: systemClock, log: silent }
const pause = (ms: number) => new Promise(resolve => setTimeout(resolve, ms))

const results: { hearing: number; heard: number; redisMicrosAMessage: number }[] = []
for (const hearing of values.nodes.split(',').map(Number)) results.push(await measure(hearing))
const [messageMicros, hearMicros] = line(
  results.map(each => [each.hearing, each.redisMicrosAMessage] as const),
)
console.log(
  `${round(messageMicros)} us a message, and ${round(hearMicros)} us for each node that it is sent to`,
)
keep('bus', { options: values, results, messageMicros: round(messageMicros), hearMicros: round(hearMicros) })

/** One node that publishes, and so many that follow. */
async function measure(hearing: number) {
  await using parts = new AsyncDisposableStack()
  const redis = parts.use(await RedisServer.start())
  const epoch = newId<Epoch>()
  const join = (): Bus => parts.use(redisBus({ ...given, url: redis.url, epoch, node: newId<string>() }))
  const from = join()
  let heard = 0
  const others = Array.from({ length: hearing }, join)
  for (const other of others) {
    other.follow(room)
    other.listen({ announced: () => heard++, signalled: () => {}, lost: () => {} })
  }
  while ([from, ...others].some(({ state }) => state !== 'joined')) await pause(20)
  await pause(500)
  const pid = redis.pid ?? 0
  const before = cpuMicroseconds(pid)
  const began = performance.now()
  let sent = 0
  while (sent < rate * seconds) {
    for (const due = Math.floor(((performance.now() - began) / 1_000) * rate); sent < due; )
      from.publish({ topic: room, seq: ++sent, bodies })
    await pause(1)
  }
  while (heard < sent * hearing) await pause(20)
  const micros = (cpuMicroseconds(pid) - before) / sent
  console.log(`${hearing} nodes hear ${sent} messages: ${round(micros)} us of the Redis for each`)
  return { hearing, heard, redisMicrosAMessage: round(micros) }
}

/** The straight line through points, by least squares: where it begins, and how it rises. */
function line(points: readonly (readonly [number, number])[]): [number, number] {
  const mean = (of: (point: readonly [number, number]) => number) =>
    points.reduce((sum, point) => sum + of(point), 0) / points.length
  const [x, y] = [mean(point => point[0]), mean(point => point[1])]
  const rise = mean(point => (point[0] - x) * (point[1] - y)) / mean(point => (point[0] - x) ** 2)
  return [y - rise * x, rise]
}

function round(value: number): number {
  return Math.round(value * 100) / 100
}
