import assert from 'node:assert/strict'
import { test } from 'node:test'
import { whyNoNetwork } from '../support/network.ts'
import { Crowd } from '../support/nodes.ts'
import { NodesApart } from '../support/nodes-apart.ts'
import { findPostgres } from '../support/postgres-server.ts'
import { randomFrom } from '../support/random.ts'
import { findRedis } from '../support/redis-server.ts'

const rounds = 60
const longestMs = 20_000
const servers = findPostgres() && findRedis() ? null : 'no PostgreSQL or no Redis is installed'

test(`[F1] [F2] [F3] [L3] six talk over three nodes while lines are cut at random, ${rounds} times, both ways or one`, {
  skip: whyNoNetwork() ?? servers ?? false,
}, async t => {
  const seed = Math.floor(Math.random() * 2 ** 31)
  t.diagnostic(`seed ${seed}`)
  const random = randomFrom(seed)
  const oneOf = <T>(all: readonly T[]): T => all[Math.floor(random() * all.length)] as T
  await using nodes = await NodesApart.open(3)
  using crowd = await Crowd.gather(nodes, 6, seed, 20)
  const { network, hosts, redisHost, postgresHost } = nodes
  for (let round = 0; round < rounds; round++) {
    const line = () => ({ node: oneOf(hosts), other: oneOf([redisHost, postgresHost]) })
    const lines = Array.from({ length: 1 + Math.floor(random() * 3) }, line)
    for (const { node, other } of lines) {
      const way = oneOf(['both', 'there', 'back'] as const)
      if (way !== 'back') network.drop(node, other)
      if (way !== 'there') network.drop(other, node)
    }
    // As long as the fault is to last: nothing tells that it was enough.
    await new Promise(resolve => setTimeout(resolve, random() * longestMs))
    for (const { node, other } of lines) network.heal(node, other)
    await Promise.all([nodes.bus('joined'), crowd.says(50)])
  }
  assert.deepEqual(await crowd.end(), [])
  t.diagnostic(`${crowd.acknowledged} acknowledged, ${crowd.unknown} times unknown`)
})
