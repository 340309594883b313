import { after, before } from 'node:test'
import type { Epoch } from '../../contract/ids.ts'
import { newId } from '../../contract/ids.ts'
import { redisBus } from '../../server/adapters/bus/redis.ts'
import { systemClock } from '../../server/adapters/clock.ts'
import { RedisServer } from '../support/redis-server.ts'
import { silent } from '../support/silent-log.ts'
import { busContract } from './bus-suite.ts'

let redis: RedisServer
before(async () => {
  redis = await RedisServer.start()
})
after(() => redis[Symbol.asyncDispose]())

busContract('Buses on one Redis', async nodes => {
  const epoch = newId<Epoch>()
  return Array.from({ length: nodes }, () =>
    redisBus({ url: redis.url, epoch, node: newId<string>(), clock: systemClock, log: silent }),
  )
})
