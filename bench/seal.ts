// What sealing costs the nodes for each message between them, in processor time: by itself, and by what publishing and hearing over a Redis
// take with it and without, in turns. See docs/decisions/0045-messages-between-nodes-are-sealed.md.
// npm run bench -- seal [--messages 30000] [--rounds 5]
import { parseArgs } from 'node:util'
import type { Epoch, RoomId } from '../contract/ids.ts'
import { newId, roomTopic } from '../contract/ids.ts'
import { redisBus } from '../server/adapters/bus/redis.ts'
import { Seal } from '../server/adapters/bus/seal.ts'
import { systemClock } from '../server/adapters/clock.ts'
import { RedisServer } from '../tests/support/redis-server.ts'
import { silent } from '../tests/support/silent-log.ts'
import { keep } from './load/results.ts'

const { values } = parseArgs({
  options: { messages: { type: 'string', default: '30000' }, rounds: { type: 'string', default: '5' } },
})
const messages = Number(values.messages)
/** Messages on their way at a time. */
const together = 200
const [sealing, opening] = [Seal.prototype.seal, Seal.prototype.open]

const results: object[] = []
for (const bytes of [300, 5_000]) {
  const alone = byItself(bytes)
  const plain: number[] = []
  const sealed: number[] = []
  for (let round = 0; round < Number(values.rounds); round++) {
    plain.push(await overRedis(bytes, false))
    sealed.push(await overRedis(bytes, true))
  }
  results.push({ bytes, ...alone, plainMicros: median(plain), sealedMicros: median(sealed) })
  console.log(results.at(-1))
}
keep('seal', { options: values, results })

function byItself(bytes: number) {
  const [from, to] = [1, 2].map(() => new Seal({ salt: 'salt', epoch: newId<Epoch>() })) as [Seal, Seal]
  const text = 'x'.repeat(bytes)
  const message = from.seal('channel', text)
  from.open('channel', message)
  return {
    sealMicros: each(() => to.seal('channel', text)),
    openMicros: each(() => from.open('channel', message)),
  }
}

function each(work: () => unknown): number {
  for (let n = 0; n < messages / 10; n++) work()
  const before = process.cpuUsage()
  for (let n = 0; n < messages; n++) work()
  return micros(before)
}

/** One who publishes and one who hears, both here; how long the processor works for each message, in microseconds. */
async function overRedis(bytes: number, isSealed: boolean): Promise<number> {
  Seal.prototype.seal = isSealed ? sealing : (_, text) => Buffer.from(text)
  Seal.prototype.open = isSealed ? opening : (_, message) => message.toString()
  await using redis = await RedisServer.start()
  const parts = { url: redis.url, salt: 'salt', epoch: newId<Epoch>(), clock: systemClock, log: silent }
  await using from = redisBus({ ...parts, node: newId<string>() })
  await using to = redisBus({ ...parts, node: newId<string>() })
  const topic = roomTopic(newId<RoomId>())
  using _followed = to.follow(topic)
  let heard = 0
  let wake = () => {}
  const hear = () => {
    heard++
    wake()
  }
  using _ears = to.listen({ announced: hear, signalled: () => {}, lost: () => {} })
  const pause = () => new Promise<void>(resolve => setTimeout(resolve, 1))
  while (from.state !== 'joined' || to.state !== 'joined') await pause()
  const bodies = [JSON.stringify('x'.repeat(bytes - 90))]
  for (let sent = 0; sent === 0 || heard === 0; ) {
    from.publish({ topic, seq: ++sent, bodies })
    await pause()
  }
  heard = 0
  const before = process.cpuUsage()
  for (let sent = 0; sent < messages; ) {
    for (let n = 0; n < together; n++) from.publish({ topic, seq: ++sent, bodies })
    while (heard < sent - together) await new Promise<void>(resolve => (wake = resolve))
  }
  return micros(before)
}

function micros(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before)
  return Math.round(((user + system) / messages) * 100) / 100
}

function median(of: readonly number[]): number {
  return of.toSorted((a, b) => a - b)[of.length >> 1] ?? Number.NaN
}
