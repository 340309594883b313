import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { createClient } from '@redis/client'
import type { Epoch, Seq } from '../../contract/ids.ts'
import { newId, roomTopic } from '../../contract/ids.ts'
import { redisBus } from '../../server/adapters/bus/redis.ts'
import { Seal } from '../../server/adapters/bus/seal.ts'
import { systemClock } from '../../server/adapters/clock.ts'
import type { Bus } from '../../server/core/ports/bus.ts'
import type { Log } from '../../server/core/ports/log.ts'
import { Nodes } from '../support/nodes.ts'
import { RedisServer, redisCommand } from '../support/redis-server.ts'
import { silent } from '../support/silent-log.ts'
import { TestSocket } from '../support/socket.ts'

/** Whoever else may use a Redis: everything that goes over it, and what they publish. */
async function mallory(redis: RedisServer) {
  const publisher = await createClient({ url: redis.url }).connect()
  const subscriber = await createClient({ url: redis.url }).connect()
  const caught: { channel: string; message: Buffer }[] = []
  const take = (message: Buffer, channel: Buffer) => void caught.push({ channel: `${channel}`, message })
  await subscriber.pSubscribe('*', take, true)
  return {
    caught,
    channels: async () => `${await publisher.sendCommand(['PUBSUB', 'CHANNELS'])}`,
    publish: (channel: string, message: Buffer | string) => publisher.publish(channel, message),
    [Symbol.dispose]: () => {
      publisher.destroy()
      subscriber.destroy()
    },
  }
}

/** The same bytes but for one. */
function changed(message: Buffer, at: number): Buffer {
  const other = Buffer.from(message)
  const place = at < 0 ? other.length + at : at
  other.writeUInt8(other.readUInt8(place) ^ 1, place)
  return other
}

test('[A1] [F1] mallory, who uses the same Redis, reads nothing of a private room, and nothing that she forges or repeats reaches anybody', async t => {
  await using redis = await RedisServer.start()
  const warned: string[] = []
  const log: Log = { ...silent, warn: (_, sentence) => void warned.push(sentence) }
  await using nodes = await Nodes.open(2, { flags: { 'redis-url': redis.url }, overrides: () => ({ log }) })
  const alice = await nodes.first.setUp('alice')
  const bob = await nodes.first.signUp('bob')
  const room = await alice.room('den', 'private', [bob])
  const topic = roomTopic(room)
  await nodes.seen()
  using spy = await mallory(redis)
  const { url } = nodes.second
  using bobs = await TestSocket.in(url, { cookie: nodes.at(nodes.second, bob).cookie, origin: url })
  const texts = new Map<Seq, string>()
  const say = async (text: string) => {
    const { seq } = await alice.says(room, text)
    texts.set(seq, text)
    await bobs.until(topic, seq)
    return seq
  }
  // By the bus, and not by the gap that a later comparison with the store fills.
  const heard = () => spy.caught.find(({ message }) => message.length > 2_000)
  let head = 0
  while (!heard()) head = await say(`top secret ${'x'.repeat(2_000)}`)
  const { channel, message } = heard() ?? assert.fail()

  const { epoch, salt } = await nodes.store.workspace()
  const seen = [
    await spy.channels(),
    ...spy.caught.map(one => `${one.channel} ${one.message.toString('latin1')}`),
  ]
  for (const secret of ['top secret', room, epoch, salt, alice.id, nodes.first.app.node])
    assert.equal(seen.join().includes(secret), false, secret)

  const body = JSON.stringify({
    e: 'message.posted',
    by: alice.id,
    at: Date.now(),
    id: newId(),
    text: 'forged',
  })
  const text = `a mallory ${topic} ${head + 1} 1 1\n${body}`
  const signals = new Seal({ epoch, salt }).channel('signals')
  const forged: [string, Buffer | string][] = [
    [channel, text],
    [channel, new Seal({ epoch, salt: 'mallory' }).seal(channel, text)],
    [channel, new Seal({ epoch: newId<Epoch>(), salt }).seal(channel, text)],
    [channel, new Seal({ epoch, salt }).seal(signals, text)],
    [signals, message],
    // In the sender, the count, the text and the tag.
    ...[0, 21, 22, 100, -17, -16, -1].map(at => [channel, changed(message, at)] as [string, Buffer]),
    [channel, message.subarray(0, -1)],
    [channel, ''],
  ]
  const before = nodes.second.app.meters.busRefused
  for (const [where, what] of forged) await spy.publish(where, what)
  for (let times = 0; times < 3; times++) await spy.publish(channel, message)
  await say('the true one')
  assert.equal(nodes.second.app.meters.busRefused - before, forged.length)
  const unique = bobs.heard(topic).filter(({ event }) => event.e === 'message.posted')
  assert.deepEqual(
    unique.map(({ seq, event }) => [seq, event.e === 'message.posted' && 'text' in event && event.text]),
    [...texts],
  )
  t.diagnostic(`${forged.length} forgeries, ${warned.length} lines of the log`)
})

const manual = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'OPERATIONS.md'), 'utf8')

/** Lets a user have the channels that begin so, by the line of the manual. */
async function admit(redis: RedisServer, user: string, prefix: string): Promise<string> {
  const line = /^ACL SETUSER (.*)$/m.exec(manual)?.[0] ?? assert.fail()
  const words = line
    .replace('acme', user)
    .replace('SECRET', 'word')
    .replace('confab:PRINT:', prefix)
    .split(' ')
  assert.equal(await redis.command(...words), 'OK')
  return redis.url.replace('//', `//${user}:word@`)
}

test('[A1] nodes join by a user of Redis who may use the channels of their workspace alone, and that user no other’s', async () => {
  await using redis = await RedisServer.start()
  const [ours, theirs] = [newId<Epoch>(), newId<Epoch>()].map(epoch => ({
    epoch,
    salt: `salt of ${epoch}`,
  })) as [{ epoch: Epoch; salt: string }, { epoch: Epoch; salt: string }]
  const url = await admit(redis, 'ours', new Seal(ours).prefix)
  const stranger = await admit(redis, 'theirs', new Seal(theirs).prefix)
  const parts = { ...ours, url, clock: systemClock, log: silent }
  await using a: Bus = redisBus({ ...parts, node: newId<string>() })
  await using b: Bus = redisBus({ ...parts, node: newId<string>() })
  const heard = new Promise<Seq>(resolve => {
    b.listen({ announced: ({ seq }) => resolve(seq), signalled: () => {}, lost: () => {} })
  })
  using _followed = b.follow('workspace')
  while (a.state !== 'joined' || b.state !== 'joined') await new Promise(resolve => setTimeout(resolve, 20))
  const saying = setInterval(() => a.publish({ topic: 'workspace', seq: 1, bodies: ['{}'] }), 20)
  assert.equal(await heard, 1)
  clearInterval(saying)
  const signals = new Seal(ours).channel('signals')
  for (const refused of [
    ['SUBSCRIBE', signals],
    ['PUBLISH', signals, 'x'],
    ['PSUBSCRIBE', '*'],
    ['PUBSUB', 'CHANNELS'],
    ['CLIENT', 'KILL', 'TYPE', 'pubsub'],
    ['FLUSHALL'],
  ])
    await assert.rejects(redisCommand(stranger, ...refused), /NOPERM/, refused.join(' '))
})
