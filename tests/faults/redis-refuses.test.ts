import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import type { Crowd } from '../support/nodes.ts'
import { RedisServer, redisCommand, redisThatCannotSave } from '../support/redis-server.ts'
import { joined, lost, talkingOver } from '../support/talking-over.ts'

/** The lines among these that are about it. A machine that is busy with other things is told of in further ones. */
const about = (what: RegExp, lines: readonly string[]) => lines.filter(line => what.test(line))

/** Talks until there are so many lines about it, and answers those that came until a while after. */
async function told(what: RegExp, count: number, warned: readonly string[], crowd: Crowd) {
  while (about(what, warned).length < count) await crowd.says(10)
  await crowd.says(200)
  return about(what, warned)
}

/** How often a Redis answered a command with an error of this name, since it began. */
async function refusals(redis: RedisServer, error: string): Promise<number> {
  const told = `${await redis.command('INFO', 'errorstats')}`
  return Number(new RegExp(`errorstat_${error}:count=(\\d+)`).exec(told)?.[1] ?? 0)
}

/** Talks until every connection of three nodes was refused a ping or more. */
async function pingsRefused(redis: RedisServer, crowd: Crowd, error: string): Promise<void> {
  const before = await refusals(redis, error)
  while ((await refusals(redis, error)) < before + 2 * 6) await crowd.says(20)
}

test('[F1] [F2] [F3] a Redis that is full and takes no key more carries on', async t => {
  await using redis = await RedisServer.start()
  await talkingOver(t, redis.url, async (crowd, nodes, warned) => {
    await redis.command('CONFIG', 'SET', 'maxmemory-policy', 'noeviction')
    await redis.command('CONFIG', 'SET', 'maxmemory', '1')
    await assert.rejects(redis.command('SET', 'key', 'value'), /OOM/)
    await crowd.says(200)
    // Those who come to it while it is full can publish too.
    for (const type of ['normal', 'pubsub']) await redis.command('CLIENT', 'KILL', 'TYPE', type)
    await Promise.all([lost(nodes), crowd.says(50)])
    await joined(nodes)
    assert.deepEqual(about(/OOM/, warned), [])
  })
})

test('[F1] [F2] [F3] a Redis whose disk is full, and that answers a ping with an error for that, carries on', async t => {
  await using redis = await redisThatCannotSave()
  await talkingOver(t, redis.url, async (crowd, _, warned) => {
    await pingsRefused(redis, crowd, 'MISCONF')
    assert.deepEqual(about(/MISCONF/, warned), [])
  })
})

test('[F1] [F2] [F3] a Redis that comes back and loads for long carries at once', async t => {
  const folder = await mkdtemp(join(tmpdir(), 'confab-redis-'))
  t.after(() => rm(folder, { recursive: true, force: true }))
  // 10 ms for each key, after which it sees to its connections: it does not come to an end by itself.
  const slowly = ['--key-load-delay', '10000', '--loading-process-events-interval-bytes', '1024']
  await using redis = await RedisServer.start(['--dir', folder, '--rdbcompression', 'no', ...slowly])
  const value = 'x'.repeat(2_000)
  await redis.command('MSET', ...Array.from({ length: 6_000 }, (_, n) => [`key ${n}`, value]).flat())
  await redis.command('SAVE')
  await talkingOver(t, redis.url, async (crowd, nodes) => {
    await redis.kill()
    await Promise.all([lost(nodes), crowd.says(50)])
    const loading = assert.rejects(redis.start())
    await joined(nodes)
    await pingsRefused(redis, crowd, 'LOADING')
    assert.ok(nodes.servers.every(({ app }) => app.bus.state === 'joined'))
    await rm(join(folder, 'dump.rdb'))
    await redis.kill()
    await loading
    await redis.start()
  })
})

test('[F1] [F2] [F3] a replica for a Redis carries between those who are all connected to it, and each says so once', async t => {
  await using primary = await RedisServer.start()
  await using replica = await RedisServer.start(['--replicaof', `127.0.0.1 ${primary.port}`])
  await talkingOver(t, replica.url, async (crowd, nodes, warned) => {
    const lines = await told(/names a replica.*Name the primary/, nodes.servers.length, warned, crowd)
    assert.equal(lines.length, nodes.servers.length)
  })
})

test('[F1] [F2] [F3] a password that Redis wants all of a sudden is told once by each connection, and everything is sent and heard', async t => {
  await using redis = await RedisServer.start()
  await talkingOver(t, redis.url, async (crowd, nodes, warned) => {
    await redis.command('CONFIG', 'SET', 'requirepass', 'canary')
    const knowing = redis.url.replace('//', '//:canary@')
    for (const type of ['normal', 'pubsub']) await redisCommand(knowing, 'CLIENT', 'KILL', 'TYPE', type)
    await lost(nodes)
    const lines = await told(/^Redis refuses commands.*NOAUTH/, 2 * nodes.servers.length, warned, crowd)
    assert.equal(lines.length, 2 * nodes.servers.length)
    await redisCommand(knowing, 'CONFIG', 'SET', 'requirepass', '')
  })
})

test('[F1] [F2] [F3] a right to publish that is taken is told once by each node, and everything is sent and heard', async t => {
  await using redis = await RedisServer.start()
  await talkingOver(t, redis.url, async (crowd, nodes, warned) => {
    await redis.command('ACL', 'SETUSER', 'default', '-publish')
    await lost(nodes)
    const lines = await told(
      /^Redis refuses commands.*NOPERM[^"]*publish/,
      nodes.servers.length,
      warned,
      crowd,
    )
    assert.equal(lines.length, nodes.servers.length)
    await redis.command('ACL', 'SETUSER', 'default', '+publish')
  })
})
