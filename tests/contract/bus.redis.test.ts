import { after, before } from 'node:test'
import type { Epoch } from '../../contract/ids.ts'
import { newId } from '../../contract/ids.ts'
import { redisBus } from '../../server/adapters/bus/redis.ts'
import { systemClock } from '../../server/adapters/clock.ts'
import type { Bus } from '../../server/core/ports.ts'
import { redisCluster } from '../support/redis-cluster.ts'
import { RedisServer } from '../support/redis-server.ts'
import { silent } from '../support/silent-log.ts'
import { busContract } from './bus-suite.ts'

let redis: RedisServer
let cluster: Awaited<ReturnType<typeof redisCluster>>
before(async () => {
  redis = await RedisServer.start()
  cluster = await redisCluster()
})
after(async () => {
  await redis[Symbol.asyncDispose]()
  await cluster[Symbol.asyncDispose]()
})

/** Two workspaces on one Redis have two epochs: each test has its own. */
function buses(url: string, nodes: number): Bus[] {
  const epoch = newId<Epoch>()
  return Array.from({ length: nodes }, () =>
    redisBus({ url, epoch, node: newId<string>(), clock: systemClock, log: silent }),
  )
}

busContract('Buses on one Redis', async nodes => buses(redis.url, nodes))
busContract('Buses on a Redis Cluster', async nodes => buses(cluster.url, nodes))
