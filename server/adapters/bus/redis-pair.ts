import type { RedisClientOptions } from '@redis/client'
import type { Clock } from '../../core/ports/clock.ts'
import type { Log } from '../../core/ports/log.ts'
import type { RedisClient } from './redis-connection.ts'
import { RedisConnection } from './redis-connection.ts'

/** So much may be on its way to a Redis that is slow; beyond it, what is published is dropped. */
const bytesOnTheWay = 8 * 1024 * 1024

export interface PairParts {
  readonly options: RedisClientOptions
  /** Whether channels are of a slot of a cluster: SSUBSCRIBE and SPUBLISH (Redis 7). */
  readonly sharded: boolean
  /** A channel of this Redis that nobody follows, where it is tried whether it takes what is published. */
  readonly trial: string
  readonly clock: Clock
  readonly log: Log
  received(channel: string, message: Buffer): void
  /** From now on these channels are heard; before, they were not. */
  subscribed(channels: readonly string[]): void
  /** It can publish again, and had dropped some. */
  dropped(): void
  down(): void
}

/** The two connections of a node to one Redis: one publishes, one is subscribed to the channels that are wanted. */
export class Pair {
  readonly #parts: PairParts
  readonly #publisher: RedisConnection
  readonly #subscriber: RedisConnection
  readonly #wanted = new Set<string>()
  #subscribed = new Set<string>()
  #settling = false
  #bytes = 0
  #missed = false

  constructor(parts: PairParts) {
    this.#parts = parts
    const { options, clock, log, down } = parts
    const shared = { options, clock, log, down }
    this.#publisher = new RedisConnection({
      ...shared,
      name: 'publisher',
      up: async client => void (await this.#publish(client, parts.trial, Buffer.alloc(0))),
    })
    this.#subscriber = new RedisConnection({
      ...shared,
      name: 'subscriber',
      up: client => this.#begin(client),
    })
  }

  get joined(): boolean {
    return this.#publisher.client !== null && this.#subscriber.client !== null
  }

  /** Pipelined: what is sent in one turn goes in one write, and nothing is waited for. What is dropped is not made. */
  publish(channel: string, make: () => Buffer): void {
    const client = this.#publisher.client
    if (!client || this.#bytes > bytesOnTheWay) {
      this.#missed = true
      return
    }
    if (this.#missed) {
      this.#missed = false
      this.#parts.dropped()
    }
    const message = make()
    const settled = () => {
      this.#bytes -= message.length
    }
    this.#bytes += message.length
    this.#publish(client, channel, message).then(settled, error => {
      settled()
      this.#missed = true
      // Refused is as good as away: in a cluster, another server has the slot by now; else, its rights were taken.
      this.#publisher.fail(client, error)
    })
  }

  /** Adds or takes away a channel. */
  want(channel: string, wanted: boolean): void {
    if (wanted) this.#wanted.add(channel)
    else this.#wanted.delete(channel)
    this.#settleSoon()
  }

  [Symbol.dispose](): void {
    this.#publisher[Symbol.dispose]()
    this.#subscriber[Symbol.dispose]()
  }

  readonly #onMessage = (message: Buffer, channel: Buffer) =>
    this.#parts.received(channel.toString(), message)

  #publish(client: RedisClient, channel: string, message: Buffer): Promise<number> {
    return this.#parts.sharded ? client.sPublish(channel, message) : client.publish(channel, message)
  }

  async #begin(client: RedisClient): Promise<void> {
    const channels = [...this.#wanted]
    await this.#subscribe(client, channels)
    this.#subscribed = new Set(channels)
    this.#parts.subscribed(channels)
    this.#settleSoon()
  }

  /** What is followed in one turn becomes one command. */
  #settleSoon(): void {
    if (this.#settling) return
    this.#settling = true
    setImmediate(() => void this.#settle())
  }

  async #settle(): Promise<void> {
    const client = this.#subscriber.client
    try {
      while (client && client === this.#subscriber.client) {
        const more = [...this.#wanted].filter(channel => !this.#subscribed.has(channel))
        const less = [...this.#subscribed].filter(channel => !this.#wanted.has(channel))
        if (more.length === 0 && less.length === 0) break
        await Promise.all([this.#subscribe(client, more), this.#unsubscribe(client, less)])
        if (client !== this.#subscriber.client) break
        for (const channel of more) this.#subscribed.add(channel)
        for (const channel of less) this.#subscribed.delete(channel)
        this.#parts.subscribed(more)
      }
    } catch (error) {
      if (client) this.#subscriber.fail(client, error)
    } finally {
      this.#settling = false
    }
    // Another connection came about meanwhile, and may not know of what was wanted since.
    if (this.#subscriber.client && this.#subscriber.client !== client) this.#settleSoon()
  }

  async #subscribe(client: RedisClient, channels: string[]): Promise<void> {
    if (channels.length === 0) return
    if (!this.#parts.sharded) await client.subscribe(channels, this.#onMessage, true)
    // Channels of one SSUBSCRIBE must be of one slot.
    else await Promise.all(channels.map(channel => client.sSubscribe(channel, this.#onMessage, true)))
  }

  async #unsubscribe(client: RedisClient, channels: string[]): Promise<void> {
    if (channels.length === 0) return
    if (!this.#parts.sharded) await client.unsubscribe(channels)
    else await Promise.all(channels.map(channel => client.sUnsubscribe(channel)))
  }
}
