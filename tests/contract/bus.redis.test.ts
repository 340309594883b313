import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Epoch } from '../../contract/ids.ts'
import { newId } from '../../contract/ids.ts'
import { redisBus } from '../../server/adapters/bus/redis.ts'
import { slotOf } from '../../server/adapters/bus/redis-servers.ts'
import { Seal } from '../../server/adapters/bus/seal.ts'
import { systemClock } from '../../server/adapters/clock.ts'
import type { Bus } from '../../server/core/ports/bus.ts'
import type { Log } from '../../server/core/ports/log.ts'
import { redisCluster } from '../support/redis-cluster.ts'
import { RedisServer, redisCommand } from '../support/redis-server.ts'
import { redisUrl } from '../support/redis-url.ts'
import { silent } from '../support/silent-log.ts'
import { busContract } from './bus-suite.ts'

let redis: string
let cluster: Awaited<ReturnType<typeof redisCluster>>
before(async () => {
  redis = await redisUrl()
  cluster = await redisCluster()
})
after(() => cluster[Symbol.asyncDispose]())

const salt = 'salt'

/** Two histories on one Redis have two epochs: each test has its own. */
function buses(url: string, nodes: number): Bus[] {
  const epoch = newId<Epoch>()
  return Array.from({ length: nodes }, () =>
    redisBus({ url, salt, epoch, node: newId<string>(), clock: systemClock, log: silent }),
  )
}

busContract('Buses on one Redis', async nodes => buses(redis, nodes))
busContract('Buses on a Redis Cluster', async nodes => buses(cluster.url, nodes))

const one = (url: string, epoch: Epoch, log: Log = silent): Bus =>
  redisBus({ url, salt, epoch, node: newId<string>(), clock: systemClock, log })

/** What a bus receives, and a way to wait for it. */
function listenOn(bus: Bus) {
  const received: string[] = []
  let wake = () => {}
  const receive = (word: string) => {
    received.push(word)
    wake()
  }
  const listener = bus.listen({
    announced: ({ seq }) => receive(`heard ${seq}`),
    signalled: signal => receive(signal),
    lost: topics => receive(topics ? 'lost some' : 'lost'),
  })
  const until = async (done: () => boolean) => {
    while (!done())
      await new Promise<void>(resolve => {
        wake = resolve
      })
  }
  return { received, until, [Symbol.dispose]: () => listener[Symbol.dispose]() }
}

/** Says it again and again until it is heard. */
async function saysUntilHeard(
  from: Bus,
  word: string,
  listening: ReturnType<typeof listenOn>,
): Promise<void> {
  while (!listening.received.includes(word)) {
    from.signal(word)
    await new Promise(resolve => setTimeout(resolve, 10))
  }
}

test('two histories of a workspace on one Redis hear nothing of each other', async () => {
  const [mine, yours] = [newId<Epoch>(), newId<Epoch>()]
  await using a = one(redis, mine)
  await using b = one(redis, mine)
  await using c = one(redis, yours)
  await using d = one(redis, yours)
  using bs = listenOn(b)
  using ds = listenOn(d)
  await Promise.all([saysUntilHeard(a, 'ours', bs), saysUntilHeard(c, 'theirs', ds)])
  assert.equal(bs.received.includes('theirs'), false)
  assert.equal(ds.received.includes('ours'), false)
})

test('what others say on its channels is dropped and logged once, and costs nobody anything', async () => {
  const epoch = newId<Epoch>()
  const warned: object[] = []
  const log: Log = { ...silent, warn: (fields, sentence) => void warned.push({ fields, sentence }) }
  await using a = one(redis, epoch)
  await using b = one(redis, epoch, log)
  using listening = listenOn(b)
  using _followed = b.follow('workspace')
  const seal = new Seal({ salt, epoch })
  const signals = seal.channel('signals')
  await saysUntilHeard(a, 'before', listening)
  const wrong = [
    '',
    'x',
    '\n',
    'canary',
    'a b c\n',
    `a n workspace 1 2\n{}`,
    'a n nobody 1 1\n{}',
    'a n workspace 0 1\n{}',
  ]
  for (const text of [...wrong, `s ${'n'.repeat(100)} *\nx`, 'x'.repeat(1_000_000)]) {
    await redisCommand(redis, 'PUBLISH', signals, text)
    // As a faulty node of ours would.
    await redisCommand(redis, 'PUBLISH', signals, seal.seal(signals, text))
  }
  await saysUntilHeard(a, 'after', listening)
  assert.deepEqual(
    new Set(listening.received.filter(word => !word.startsWith('lost'))),
    new Set(['before', 'after']),
  )
  assert.equal(warned.length, 1)
  assert.doesNotMatch(JSON.stringify(warned), /canary/)
})

test('a password is in no line of the log, whether it is right or wrong', async () => {
  await using locked = await RedisServer.start(['--requirepass', 'canary-right'])
  const lines: string[] = []
  const line = (fields: object, sentence: string) => void lines.push(JSON.stringify({ fields, sentence }))
  const log: Log = { debug: line, info: line, warn: line, error: line }
  const at = (password: string) => locked.url.replace('//', `//:${password}@`)
  const epoch = newId<Epoch>()
  await using a = one(at('canary-right'), epoch, log)
  await using b = one(at('canary-right'), epoch, log)
  await using stranger = one(at('canary-wrong'), epoch, log)
  using listening = listenOn(b)
  await saysUntilHeard(a, 'hello', listening)
  while (!lines.some(text => text.includes('WRONGPASS')))
    await new Promise(resolve => setTimeout(resolve, 20))
  assert.equal(stranger.state, 'lost')
  assert.doesNotMatch(lines.join(), /canary/)
})

test('[F3] after every cut a node is told that it may have missed something, and hears again', async () => {
  await using own = await RedisServer.start()
  const epoch = newId<Epoch>()
  await using a = one(own.url, epoch)
  await using b = one(own.url, epoch)
  using listening = listenOn(b)
  await saysUntilHeard(a, 'first', listening)
  const cuts: (() => Promise<unknown>)[] = [
    () => own.command('CLIENT', 'KILL', 'TYPE', 'pubsub'),
    async () => {
      await own.kill()
      await own.start()
    },
  ]
  for (const [n, cut] of cuts.entries()) {
    const lost = listening.received.filter(word => word === 'lost').length
    await cut()
    await listening.until(() => listening.received.filter(word => word === 'lost').length > lost)
    await saysUntilHeard(a, `after ${n}`, listening)
  }
})

test('a node that begins while Redis is away joins the others when it comes', async () => {
  await using own = await RedisServer.start()
  await own.kill()
  const epoch = newId<Epoch>()
  await using a = one(own.url, epoch)
  await using b = one(own.url, epoch)
  using listening = listenOn(b)
  using _followed = b.follow('workspace')
  a.publish({ topic: 'workspace', seq: 1, bodies: ['{}'] })
  assert.equal(a.state, 'lost')
  await own.start()
  await saysUntilHeard(a, 'hello', listening)
  assert.ok(listening.received.includes('lost'))
  assert.equal(listening.received.includes('heard 1'), false)
})

test('a paused Redis is noticed, keeps nobody waiting and takes no memory, and everybody is told when it goes on', async () => {
  await using own = await RedisServer.start()
  const epoch = newId<Epoch>()
  await using a = one(own.url, epoch)
  await using b = one(own.url, epoch)
  using listening = listenOn(b)
  await saysUntilHeard(a, 'first', listening)
  own.pause()
  const before = process.memoryUsage()
  const bodies = [JSON.stringify({ text: 'x'.repeat(16_000) })]
  for (let seq = 1; a.state === 'joined' || b.state === 'joined' || seq < 20_000; seq++) {
    a.publish({ topic: 'workspace', seq, bodies })
    if (seq % 200 === 0) await new Promise(resolve => setTimeout(resolve, 5))
  }
  const after = process.memoryUsage()
  assert.ok(after.rss - before.rss < 150e6, `${(after.rss - before.rss) / 1e6} MB`)
  const lost = listening.received.filter(word => word === 'lost').length
  own.resume()
  // What it says first is that some was dropped, even where b's own connection held.
  await saysUntilHeard(a, 'after', listening)
  await listening.until(() => listening.received.filter(word => word === 'lost').length > lost)
})

test('[F3] when a cluster gives its slots to others, nodes follow them', async () => {
  const epoch = newId<Epoch>()
  await using a = one(cluster.url, epoch)
  await using b = one(cluster.url, epoch)
  using listening = listenOn(b)
  await saysUntilHeard(a, 'before', listening)
  const signals = new Seal({ salt, epoch }).channel('signals')
  const slot = Number(await cluster.masters[0]?.command('CLUSTER', 'KEYSLOT', signals))
  assert.equal(slotOf(signals), slot)
  const ids = await Promise.all(cluster.masters.map(server => server.command('CLUSTER', 'MYID')))
  const from = [5_462, 10_923, 16_384].findIndex(end => slot < end)
  const to = (from + 1) % 3
  const setSlot = (server: number, ...as: string[]) =>
    cluster.masters[server]?.command('CLUSTER', 'SETSLOT', `${slot}`, ...as)
  // Who imports a slot takes it with a newer epoch; else a claim of the old owner that is still on its way wins, and each names the other as the owner.
  await setSlot(to, 'IMPORTING', `${ids[from]}`)
  for (const server of [to, from, (from + 2) % 3]) await setSlot(server, 'NODE', `${ids[to]}`)
  await saysUntilHeard(a, 'after', listening)
  // It hears by the new owner at once; its lines to the others may still be coming back.
  while (b.state !== 'joined') await new Promise(resolve => setTimeout(resolve, 5))
})
