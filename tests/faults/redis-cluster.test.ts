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

/** Resolves when it took something of each of three nodes: they publish to it when they come, and it takes nothing as a replica. */
async function isFollowed(server: RedisServer): Promise<void> {
  const taken = async () => {
    const told = `${await server.command('INFO', 'commandstats')}`
    return Number(/cmdstat_spublish:calls=(\d+)/.exec(told)?.[1] ?? 0)
  }
  while ((await taken()) < 3) await soon()
}

test('[F1] [F2] [F3] a master of a cluster is killed, be it the one that is named: its replica takes over, and nodes follow it', async t => {
  await using cluster = await redisCluster({ replicas: true, silentMs: 2_000 })
  const [named] = cluster.masters as [RedisServer]
  const [replica] = cluster.replicas as [RedisServer]
  await talkingOver(t, cluster.url, async (crowd, nodes) => {
    await named.kill()
    await Promise.all([lost(nodes), crowd.says(200)])
    while (!(await leads(replica))) await crowd.says(20)
    await Promise.all([joined(nodes), isFollowed(replica)])
  })
})

test('[F1] [F2] [F3] the masters of a cluster change places with their replicas: nodes follow, and sends go on', async t => {
  await using cluster = await redisCluster({ replicas: true })
  await talkingOver(t, cluster.url, async crowd => {
    for (const replica of cluster.replicas)
      await Promise.all([takesOver(replica), isFollowed(replica), crowd.says(100)])
  })
})
