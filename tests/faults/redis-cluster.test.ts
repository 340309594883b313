import { test } from 'node:test'
import { redisCluster } from '../support/redis-cluster.ts'
import type { RedisServer } from '../support/redis-server.ts'
import { joined, lost, talkingOver } from '../support/talking-over.ts'

const soon = () => new Promise(resolve => setTimeout(resolve, 20))

const leads = async (server: RedisServer): Promise<boolean> =>
  `${await server.command('ROLE')}`.startsWith('master')

/** Resolves when it has taken its master's place. It gives up by itself after 5 s, and is asked again. */
async function takesOver(replica: RedisServer): Promise<void> {
  for (let n = 0; !(await leads(replica)); n++) {
    if (n % 300 === 0) await replica.command('CLUSTER', 'FAILOVER')
    await soon()
  }
}

/** How many channels of its slots somebody hears by it: of the few dozen that there are, it may have none. */
async function heardBy(server: RedisServer): Promise<number> {
  return ((await server.command('PUBSUB', 'SHARDCHANNELS')) as unknown[]).length
}

/** Resolves when it took something of so many nodes: each publishes to it when it comes, and as a replica it took nothing. */
async function isFollowed(server: RedisServer, nodes: number): Promise<void> {
  const taken = async () => {
    const told = `${await server.command('INFO', 'commandstats')}`
    return Number(/cmdstat_spublish:calls=(\d+)/.exec(told)?.[1] ?? 0)
  }
  while ((await taken()) < nodes) await soon()
}

test('[F1] [F2] [F3] a master of a cluster is killed, be it the one that is named: its replica takes over, and nodes follow it', async t => {
  await using cluster = await redisCluster({ replicas: true, silentMs: 2_000 })
  const [named] = cluster.masters as [RedisServer]
  const [replica] = cluster.replicas as [RedisServer]
  await talkingOver(t, cluster.url, async (crowd, nodes) => {
    await named.kill()
    await Promise.all([lost(nodes), crowd.says(200)])
    while (!(await leads(replica))) await crowd.says(20)
    await Promise.all([joined(nodes), isFollowed(replica, nodes.servers.length)])
  })
})

test('[F1] [F2] [F3] the masters of a cluster change places with their replicas: nodes follow, and sends go on', async t => {
  await using cluster = await redisCluster({ replicas: true })
  await talkingOver(t, cluster.url, async crowd => {
    for (const [n, replica] of cluster.replicas.entries()) {
      const heard = await heardBy(cluster.masters[n] as RedisServer)
      await Promise.all([takesOver(replica), crowd.says(100)])
      // Whoever hears nothing by it follows when they have something to say to it.
      if (heard > 0) await isFollowed(replica, 1)
      while ((await heardBy(cluster.masters[n] as RedisServer)) > 0) await soon()
    }
  })
})
