import assert from 'node:assert/strict'
import { test } from 'node:test'
import { roomTopic } from '../../contract/ids.ts'
import { limits } from '../../contract/limits.ts'
import type { ServerAtAddress } from '../support/app.ts'
import type { Host } from '../support/host.ts'
import type { Network } from '../support/network.ts'
import { whyNoNetwork, whyNotNarrow } from '../support/network.ts'
import { Crowd } from '../support/nodes.ts'
import { NodesApart } from '../support/nodes-apart.ts'
import { TestSocket } from '../support/socket.ts'
import { within } from '../support/within.ts'

interface Partition {
  readonly name: string
  /** The nodes that it cuts off, by number, and how. */
  readonly cuts: Readonly<Record<number, (network: Network, node: Host, redis: Host) => void>>
}

const both = (network: Network, node: Host, redis: Host) => network.cut(node, redis)
const unheard = (network: Network, node: Host, redis: Host) => network.drop(node, redis)
const deaf = (network: Network, node: Host, redis: Host) => network.drop(redis, node)
const partitions: readonly Partition[] = [
  { name: 'one node and Redis hear each other no more', cuts: { 0: both } },
  { name: 'no node and Redis hear each other any more', cuts: { 0: both, 1: both, 2: both } },
  { name: 'Redis does not hear one node, and another does not hear Redis', cuts: { 1: unheard, 2: deaf } },
]

/** A room in which nothing shows anybody that they missed something: what is said there on one node is heard on the others. */
async function quietRoom(servers: readonly ServerAtAddress[]): Promise<() => Promise<void>> {
  const owner = await (servers[0] as ServerAtAddress).signIn('owner')
  const room = await owner.room('quiet', 'private')
  const { token } = await owner.token()
  return async () => {
    const sockets = await Promise.all(servers.map(({ url }) => TestSocket.in(url, { bearer: token })))
    const { seq } = await owner.says(room, 'psst')
    const heard = Promise.all(sockets.map(socket => socket.until(roomTopic(room), seq)))
    await within(limits.headsEveryMs, 'hearing what Redis did not carry', heard)
    for (const socket of sockets) socket.close()
  }
}

const [whySkipped, whyNarrowSkipped] = [whyNoNetwork() ?? false, whyNotNarrow() ?? false]

test('[F1] [F2] [F3] six talk over three nodes while lines to Redis are cut: every send is acknowledged, and everybody hears everything', {
  skip: whySkipped,
  timeout: 240_000,
}, async t => {
  const seed = Math.floor(Math.random() * 2 ** 31)
  t.diagnostic(`seed ${seed}`)
  await using nodes = await NodesApart.open(3)
  using crowd = await Crowd.gather(nodes, 6, seed, 20)
  const { network, hosts, redisHost, postgresHost } = nodes
  const quiet = await quietRoom(nodes.servers)
  for (const { name, cuts } of partitions)
    await t.test(name, async () => {
      const cutOff = Object.keys(cuts).map(Number)
      await nodes.bus('joined')
      await crowd.says(100)
      for (const n of cutOff) cuts[n]?.(network, hosts[n] as Host, redisHost)
      // Nothing was refused or ended: that nothing comes any more is all that a node can notice.
      await Promise.all([nodes.bus('lost', cutOff), crowd.says(300)])
      await Promise.all([quiet(), crowd.says(200)])
      for (const n of cutOff) network.heal(hosts[n] as Host, redisHost)
      await nodes.bus('joined')
      assert.equal(crowd.unknown, 0)
    })
  await t.test('the lines to Redis and to PostgreSQL are narrow', { skip: whyNarrowSkipped }, async () => {
    network.narrow(redisHost, 64)
    network.narrow(postgresHost, 512)
    await crowd.says(200)
    for (const host of [redisHost, postgresHost]) network.widen(host)
    await nodes.bus('joined')
    assert.equal(crowd.unknown, 0)
  })
  assert.deepEqual(await crowd.end(), [])
  t.diagnostic(`${crowd.acknowledged} acknowledged`)
})
