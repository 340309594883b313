import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import type { Log } from '../../server/core/ports/log.ts'
import { Crowd, Nodes } from './nodes.ts'
import { silent } from './silent-log.ts'

/** Three nodes on the Redis at an address, six who talk over them, and what happens meanwhile. Nothing may be wrong in the end. `warned`: what all nodes warned of so far. */
export async function talkingOver(
  t: TestContext,
  url: string,
  happens: (crowd: Crowd, nodes: Nodes, warned: readonly string[]) => Promise<void>,
): Promise<void> {
  const seed = Math.floor(Math.random() * 2 ** 31)
  t.diagnostic(`seed ${seed}`)
  const warned: string[] = []
  const log: Log = {
    ...silent,
    warn: (fields, sentence) => void warned.push(`${sentence} ${JSON.stringify(fields)}`),
  }
  await using nodes = await Nodes.open(3, { flags: { 'redis-url': url }, overrides: () => ({ log }) })
  using crowd = await Crowd.gather(nodes, 6, seed)
  await joined(nodes)
  await crowd.says(200)
  await happens(crowd, nodes, warned)
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
