import type { RedisClientOptions } from '@redis/client'
import { createClient } from '@redis/client'
import type { Clock } from '../../core/ports/clock.ts'
import type { RedisClient } from './redis-connection.ts'

/** One Redis that carries channels: all of them, or, in a cluster, those of its slots. */
export interface RedisAddress {
  readonly options: RedisClientOptions
  readonly slots: readonly { readonly from: number; readonly to: number }[]
}

/** What stands behind an address: a Redis by itself, or the masters of a cluster, any of whose `nodes` can be asked for them. */
export type RedisServers =
  | { readonly is: 'one'; readonly options: RedisClientOptions; readonly isReplica: boolean }
  | { readonly is: 'cluster'; readonly masters: readonly RedisAddress[]; readonly nodes: readonly string[] }

/**
 * Asks the Redis at the first of these addresses that answers. A cluster before version 7 has no sharded channels and passes plain ones on
 * to all its nodes, so any one of them serves, as a Redis by itself does.
 * @throws what the connection to the first one throws, or, each of them after `deadlineMs`, that it does not answer.
 */
export async function findServers(
  urls: readonly [string, ...string[]],
  clock: Clock,
  deadlineMs: number,
): Promise<RedisServers> {
  const failures: unknown[] = []
  for (const url of urls)
    try {
      return await serversAt(url, clock, deadlineMs)
    } catch (error) {
      failures.push(error)
    }
  throw failures[0]
}

async function serversAt(url: string, clock: Clock, deadlineMs: number): Promise<RedisServers> {
  const options: RedisClientOptions = { url }
  const client = createClient({
    ...options,
    disableClientInfo: true,
    maintNotifications: 'disabled',
    socket: { reconnectStrategy: false, connectTimeout: deadlineMs },
  })
  client.on('error', () => {})
  const late = Promise.withResolvers<never>()
  using _late = clock.after(deadlineMs, () => late.reject(new Error('It did not answer in time.')))
  try {
    return await Promise.race([asked(client, options, url), late.promise])
  } finally {
    if (client.isOpen) client.destroy()
  }
}

async function asked(client: RedisClient, options: RedisClientOptions, url: string): Promise<RedisServers> {
  await client.connect()
  const { mode, version, role } = await client.hello()
  if (mode === 'sentinel') throw new Error('It is a Sentinel, which carries no messages of others.')
  if (mode !== 'cluster' || Number.parseInt(version, 10) < 7)
    return { is: 'one', options, isReplica: role === 'replica' || role === 'slave' }
  return clusterOf(url, await client.clusterSlots())
}

interface Node {
  readonly host: string
  readonly port: number
}
type Slots = readonly { from: number; to: number; master: Node; replicas: readonly Node[] }[]

function clusterOf(url: string, ranges: Slots): RedisServers {
  const masters = new Map<string, { options: RedisClientOptions; slots: { from: number; to: number }[] }>()
  const nodes = new Set<string>()
  for (const { from, to, master, replicas } of ranges) {
    const at = addressOf(url, master)
    const found = masters.get(at) ?? { options: { url: at }, slots: [] }
    found.slots.push({ from, to })
    masters.set(at, found)
    for (const node of [master, ...replicas]) nodes.add(addressOf(url, node))
  }
  return { is: 'cluster', masters: [...masters.values()], nodes: [...nodes] }
}

/** A server that does not know its own name means the one that it was asked by. */
function addressOf(url: string, { host, port }: Node): string {
  const at = new URL(url)
  if (host) at.hostname = host
  at.port = String(port)
  return at.href
}

/** The slot of a key without braces: CRC-16/XMODEM modulo 16384 (Redis Cluster specification, "Key distribution model"). */
export function slotOf(key: string): number {
  let crc = 0
  for (const byte of Buffer.from(key)) {
    crc ^= byte << 8
    for (let bit = 0; bit < 8; bit++) crc = crc & 0x8000 ? ((crc << 1) ^ 0x1021) & 0xffff : crc << 1
  }
  return crc % 16_384
}
