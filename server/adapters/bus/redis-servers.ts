import type { RedisClientOptions } from '@redis/client'
import { createClient } from '@redis/client'
import type { Clock } from '../../core/ports.ts'

/** One Redis that carries channels: all of them, or, in a cluster, those of its slots. */
export interface RedisAddress {
  readonly options: RedisClientOptions
  readonly slots: readonly { readonly from: number; readonly to: number }[]
}

/** What stands behind an address: a Redis by itself, or the masters of a cluster. */
export type RedisServers =
  | { readonly is: 'one'; readonly options: RedisClientOptions }
  | { readonly is: 'cluster'; readonly masters: readonly RedisAddress[] }

/**
 * Asks the Redis at an address. A cluster before version 7 has no sharded channels and passes plain ones on to all its nodes, so any
 * one of them serves, as a Redis by itself does.
 * @throws what the connection throws, or after `deadlineMs`.
 */
export async function findServers(url: string, clock: Clock, deadlineMs: number): Promise<RedisServers> {
  const options: RedisClientOptions = { url }
  const client = createClient({
    ...options,
    disableClientInfo: true,
    maintNotifications: 'disabled',
    socket: { reconnectStrategy: false, connectTimeout: deadlineMs },
  })
  client.on('error', () => {})
  using _late = clock.after(deadlineMs, () => client.destroy())
  try {
    await client.connect()
    const { mode, version } = await client.hello()
    if (mode !== 'cluster' || Number.parseInt(version, 10) < 7) return { is: 'one', options }
    return { is: 'cluster', masters: mastersOf(url, await client.clusterSlots()) }
  } finally {
    if (client.isOpen) client.destroy()
  }
}

type Slots = readonly { from: number; to: number; master: { host: string; port: number } }[]

function mastersOf(url: string, ranges: Slots): RedisAddress[] {
  const masters = new Map<string, { options: RedisClientOptions; slots: { from: number; to: number }[] }>()
  for (const { from, to, master } of ranges) {
    const at = new URL(url)
    // A server that does not know its own name means the one that it was asked by.
    if (master.host) at.hostname = master.host
    at.port = String(master.port)
    const found = masters.get(at.href) ?? { options: { url: at.href }, slots: [] }
    found.slots.push({ from, to })
    masters.set(at.href, found)
  }
  return [...masters.values()]
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
