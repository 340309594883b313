import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { Crowd, Nodes } from './nodes.ts'

/** Three nodes on the Redis at an address, six who talk over them, and what happens meanwhile. Nothing may be wrong in the end. */
export async function talkingOver(
  t: TestContext,
  url: string,
  happens: (crowd: Crowd, nodes: Nodes) => Promise<void>,
): Promise<void> {
  const seed = Math.floor(Math.random() * 2 ** 31)
  t.diagnostic(`seed ${seed}`)
  await using nodes = await Nodes.open(3, { flags: { 'redis-url': url } })
  using crowd = await Crowd.gather(nodes, 6, seed)
  await joined(nodes)
  await crowd.says(200)
  await happens(crowd, nodes)
  await joined(nodes)
  await crowd.says(200)
  assert.deepEqual(await crowd.end(), [])
  t.diagnostic(`${crowd.acknowledged} acknowledged`)
}

export const joined = (nodes: Nodes): Promise<void> => every(nodes, 'joined')
export const lost = (nodes: Nodes): Promise<void> => every(nodes, 'lost')

/** Resolves when the bus of every node is in this state. */
async function every(nodes: Nodes, state: 'joined' | 'lost'): Promise<void> {
  while (nodes.servers.some(({ app }) => app.bus.state !== state))
    await new Promise(resolve => setTimeout(resolve, 5))
}
