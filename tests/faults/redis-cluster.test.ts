import assert from 'node:assert/strict'
import { test } from 'node:test'
import { redisCluster } from '../support/redis-cluster.ts'
import type { RedisServer } from '../support/redis-server.ts'
import { joined, lost, talkingOver } from '../support/talking-over.ts'

/** Resolves when it has become a master. */
async function leads(server: RedisServer): Promise<void> {
  while (!`${await server.command('ROLE')}`.startsWith('master'))
    await new Promise(resolve => setTimeout(resolve, 20))
}

/** How many channels of its slots somebody hears by it. */
async function followed(server: RedisServer): Promise<number> {
  return ((await server.command('PUBSUB', 'SHARDCHANNELS')) as unknown[]).length
}

test('[F1] [F2] [F3] a master of a cluster is killed, be it the one that is named: its replica takes over, and nodes follow it', async t => {
  await using cluster = await redisCluster({ replicas: true })
  const [named] = cluster.masters as [RedisServer]
  const [replica] = cluster.replicas as [RedisServer]
  await talkingOver(t, cluster.url, async (crowd, nodes) => {
    await named.kill()
    await Promise.all([lost(nodes), crowd.says(200)])
    await Promise.all([leads(replica), crowd.says(200)])
    await joined(nodes)
    assert.ok((await followed(replica)) > 0)
  })
})

test('[F1] [F2] [F3] the masters of a cluster change places with their replicas: nodes follow, and sends go on', async t => {
  await using cluster = await redisCluster({ replicas: true })
  await talkingOver(t, cluster.url, async crowd => {
    for (const [n, replica] of cluster.replicas.entries()) {
      await replica.command('CLUSTER', 'FAILOVER')
      await leads(replica)
      await crowd.says(100)
      while ((await followed(replica)) === 0) await crowd.says(10)
      assert.equal(await followed(cluster.masters[n] as RedisServer), 0)
    }
  })
})
