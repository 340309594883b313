import assert from 'node:assert/strict'
import { test } from 'node:test'
import { limits } from '../../contract/limits.ts'
import type { LiveClient } from '../../web/sync/client.ts'
import type { Person } from '../support/app.ts'
import type { Host } from '../support/host.ts'
import { whyNoNetwork } from '../support/network.ts'
import { Crowd } from '../support/nodes.ts'
import { NodesApart } from '../support/nodes-apart.ts'
import type { ServerProcess } from '../support/server-process.ts'
import { TestSocket } from '../support/socket.ts'
import { within } from '../support/within.ts'
import { agrees, until } from '../sync/compare.ts'
import { deviceOf, realSocket, unhurried } from '../sync/real-network.ts'

type Nodes = NodesApart & { readonly servers: readonly [ServerProcess, ServerProcess, ServerProcess] }

/** Resolves when it is so, and fails when it is not within thrice a bound, in ms. */
async function noticed(client: LiveClient, ms: number, what: string, is: () => boolean): Promise<void> {
  const held = await until(listener => client.subscribe(listener), is, 3 * ms)
  assert.ok(held, `${what} takes longer than ${3 * ms} ms`)
}

/** Three people whose lines to the first node fail, each in a way of their own, and one on the second who sees them go and come. */
async function halfOpen({ network, hosts, servers: [near, far] }: Nodes, owner: Person): Promise<void> {
  await using closing = new AsyncDisposableStack()
  const host = hosts[0] as Host
  const names = ['bob', 'carol', 'dave']
  const people = await Promise.all(names.map(name => near.signUp(name)))
  const room = await owner.at(near.url).room('Plans', 'private', people)
  const ends = people.map(() => network.another())
  const clients = await Promise.all(
    people.map(async (person, n) => {
      const socket = realSocket(near.url, person, ends[n]?.address)
      return closing.use(await deviceOf(near.url, person, socket, unhurried).tab())
    }),
  )
  using onlooker = await TestSocket.in(far.url, { cookie: owner.at(far.url).cookie, origin: far.url })
  onlooker.send({ t: 'watch', users: people.map(({ id }) => id) })
  const sees = (state: 'online' | 'offline', from: number) =>
    Promise.all(
      people.map(({ id }) =>
        onlooker.frame(
          'signal',
          frame => frame.s === 'presence' && frame.user === id && frame.state === state,
          from,
        ),
      ),
    )
  await sees('online', 0)
  const [bobs, carols, daves] = ends
  assert.ok(bobs && carols && daves)
  network.cut(bobs, host)
  network.drop(carols, host)
  network.drop(host, daves)
  const from = onlooker.frames.length
  await Promise.all([
    within(limits.presenceMs, 'what the server notices', sees('offline', from)),
    ...clients.map((client, n) =>
      noticed(
        client,
        limits.deadMs,
        `what ${names[n]} notices`,
        () => client.snapshot().connection.is !== 'online',
      ),
    ),
  ])
  await owner.at(far.url).says(room, 'where are you?')
  const back = onlooker.frames.length
  for (const end of ends) network.heal(end, host)
  await sees('online', back)
  for (const [n, client] of clients.entries()) await agrees(client, people[n] as Person)
}

/** A node hears nobody and is heard by nobody, while another goes on. */
async function alone(nodes: Nodes, crowd: Crowd): Promise<void> {
  const { network, postgresHost, redisHost, hosts } = nodes
  const host = hosts[2] as Host
  await crowd.says(100)
  for (const other of [postgresHost, redisHost, network.test]) network.cut(host, other)
  await Promise.all([nodes.forgotten(host), crowd.says(300)])
  for (const other of [postgresHost, redisHost, network.test]) network.heal(host, other)
  await nodes.bus('joined')
  await crowd.says(100)
  assert.deepEqual(await crowd.end(), [])
}

test('lines to people are cut, and a node from everything', {
  skip: whyNoNetwork() ?? false,
  timeout: 280_000,
  concurrency: true,
}, async t => {
  const seed = Math.floor(Math.random() * 2 ** 31)
  t.diagnostic(`seed ${seed}`)
  await using nodes = (await NodesApart.open(3)) as Nodes
  const [near, second, third] = nodes.servers
  using crowd = await Crowd.gather({ servers: [second, third], seen: () => nodes.seen() }, 6, seed, 20)
  const owner = await near.signIn('owner')
  await Promise.all([
    t.test(
      '[S2] [F2] half-open: client and server notice, and what was missed comes when the line is whole',
      () => halfOpen(nodes, owner),
    ),
    t.test(
      '[F1] [F2] [F3] one node is cut off from everything: the other goes on, and all have one history in the end',
      () => alone(nodes, crowd),
    ),
  ])
})
