import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { test } from 'node:test'
import type { Crowd, Nodes } from '../support/nodes.ts'
import { RedisServer } from '../support/redis-server.ts'
import { joined, talkingOver } from '../support/talking-over.ts'

const seconds = (n: number) => new Promise<void>(resolve => setTimeout(resolve, n * 1_000))

/** What happens to the Redis between nodes on which a crowd talks. */
async function talkingWhile(
  t: TestContext,
  happens: (redis: RedisServer, crowd: Crowd, nodes: Nodes) => Promise<void>,
): Promise<void> {
  await using redis = await RedisServer.start()
  await talkingOver(t, redis.url, (crowd, nodes) => happens(redis, crowd, nodes))
}

test('[F1] [F2] [F3] Redis is killed and started again: sends go on, and everybody catches up', t =>
  talkingWhile(t, async (redis, crowd, nodes) => {
    await redis.kill()
    await crowd.says(500)
    assert.ok(nodes.servers.every(({ app }) => app.bus.state === 'lost'))
    await redis.start()
  }))

test('[F1] [F2] [F3] Redis stands still for five seconds: sends go on, and everybody catches up', t =>
  talkingWhile(t, async (redis, crowd) => {
    redis.pause()
    await Promise.all([seconds(5), crowd.says(500)])
    redis.resume()
  }))

test('[F1] [F2] [F3] Redis is flushed, and forgets nothing that anybody needs', t =>
  talkingWhile(t, async (redis, crowd) => {
    await redis.command('FLUSHALL')
    await crowd.says(200)
  }))

test('[F1] [F2] [F3] the subscribers are cut off again and again: nobody misses anything', t =>
  talkingWhile(t, async (redis, crowd) => {
    for (let cut = 0; cut < 10; cut++) {
      await redis.command('CLIENT', 'KILL', 'TYPE', 'pubsub')
      await crowd.says(50)
    }
  }))

test('[F1] [F2] [F3] Redis drops subscribers for the length of their queues: nobody misses anything', t =>
  talkingWhile(t, async (redis, crowd, nodes) => {
    // One message is longer than that, so whoever hears one is dropped.
    await redis.command('CONFIG', 'SET', 'client-output-buffer-limit', 'pubsub 20000 0 0')
    const owner = await nodes.first.signIn('owner')
    const { rooms } = await owner.call('rooms.list', {})
    const room = rooms[0]?.id
    assert.ok(room)
    const subscribers = async () =>
      `${await redis.command('CLIENT', 'LIST', 'TYPE', 'pubsub')}`.match(/\bid=\d+/g)
    const before = await subscribers()
    for (let n = 0; n < 10; n++)
      await Promise.all(Array.from({ length: 10 }, () => owner.says(room, 'x'.repeat(16_000))))
    await crowd.says(100)
    await joined(nodes)
    assert.notDeepEqual(await subscribers(), before)
    await redis.command('CONFIG', 'SET', 'client-output-buffer-limit', 'pubsub 0 0 0')
  }))
