import type { RedisClientOptions } from '@redis/client'
import { ErrorReply } from '@redis/client'
import type { Epoch, Topic } from '../../../contract/ids.ts'
import type { Announcement, Bus, BusListener } from '../../core/ports/bus.ts'
import type { Clock } from '../../core/ports/clock.ts'
import type { Log } from '../../core/ports/log.ts'
import type { Meter } from '../../core/ports/meter.ts'
import { reasonOf } from '../reason.ts'
import { announcementMessage, droppedMessage, readMessage, shardOf, signalMessage } from './message.ts'
import { Pair } from './redis-pair.ts'
import type { RedisServers } from './redis-servers.ts'
import { findServers, slotOf } from './redis-servers.ts'
import { Seal } from './seal.ts'

/** So many channels carry all topics: a node is subscribed to those of the topics that it follows. */
const shards = 1_024
const findDeadlineMs = 2_000
const findAgainMs = 1_000
/** What is no message of a node is told at most this often. */
const complainEveryMs = 10_000

export interface RedisBusParts {
  readonly url: string
  /** Of the workspace: its channels are named and its messages sealed by them, so that it may share a Redis with strangers. */
  readonly salt: string
  readonly epoch: Epoch
  readonly node: string
  readonly clock: Clock
  readonly log: Log
  /** Hears how long each announcement was on its way, ms, by the clocks of both nodes. */
  readonly lag?: Meter
  /** Something came over the channels that no node of this history published. */
  refused?(): void
}

/**
 * The bus on Redis or Valkey: a bounded number of channels, over which sealed messages go. It connects by itself, and however long Redis is
 * away: what is published meanwhile is dropped, and everybody is told that they may have missed something when it is back.
 */
export const redisBus = (parts: RedisBusParts): Bus => new RedisBus(parts)

class RedisBus implements Bus {
  readonly #parts: RedisBusParts
  readonly #listeners = new Set<BusListener>()
  /** Each topic followed, with how often. */
  readonly #topics = new Map<Topic, number>()
  readonly #channels = new Map<string, Set<Topic>>()
  readonly #seal: Seal
  readonly #signals: string
  /** The channel of each shard. */
  readonly #shards: readonly string[]
  /** What the pairs are to, as it was told. */
  #carriers = ''
  /** The nodes of a cluster by their addresses: any of them tells where the others are when the one at `url` is away. */
  #nodes: readonly string[] = []
  #pairs: { readonly pair: Pair; carries(slot: number): boolean }[] = []
  #finding = false
  #failed = false
  #timer: Disposable | null = null
  #ended = false
  #complainedAt = Number.NEGATIVE_INFINITY

  constructor(parts: RedisBusParts) {
    this.#parts = parts
    this.#seal = new Seal(parts)
    this.#signals = this.#seal.channel('signals')
    this.#shards = Array.from({ length: shards }, (_, n) => this.#seal.channel(`${n}`))
    this.#channels.set(this.#signals, new Set())
    void this.#find()
  }

  get state(): 'joined' | 'lost' {
    return this.#pairs.length > 0 && this.#pairs.every(({ pair }) => pair.joined) ? 'joined' : 'lost'
  }

  get channels(): string {
    return `${this.#seal.prefix}*`
  }

  publish(announcement: Announcement): void {
    const { node, clock } = this.#parts
    this.#send(this.#channelOf(announcement.topic), announcementMessage(node, announcement, clock.now()))
  }

  signal(signal: string, topic?: Topic): void {
    const channel = topic === undefined ? this.#signals : this.#channelOf(topic)
    this.#send(channel, signalMessage(this.#parts.node, signal, topic))
  }

  follow(topic: Topic): Disposable {
    this.#topics.set(topic, (this.#topics.get(topic) ?? 0) + 1)
    const channel = this.#channelOf(topic)
    const topics = this.#channels.get(channel)
    if (topics) topics.add(topic)
    else {
      this.#channels.set(channel, new Set([topic]))
      this.#pairOf(channel)?.want(channel, true)
    }
    return { [Symbol.dispose]: () => this.#unfollow(topic, channel) }
  }

  listen(listener: BusListener): Disposable {
    this.#listeners.add(listener)
    return { [Symbol.dispose]: () => void this.#listeners.delete(listener) }
  }

  /** What was published before has the time to leave this process; whether Redis takes it is not waited for. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#ended = true
    this.#timer?.[Symbol.dispose]()
    // The client writes at the end of a turn.
    for (let turn = 0; turn < 2; turn++) await new Promise(resolve => setImmediate(resolve))
    for (const { pair } of this.#pairs) pair[Symbol.dispose]()
    this.#listeners.clear()
  }

  #unfollow(topic: Topic, channel: string): void {
    const times = (this.#topics.get(topic) ?? 0) - 1
    if (times > 0) {
      this.#topics.set(topic, times)
      return
    }
    this.#topics.delete(topic)
    const topics = this.#channels.get(channel)
    topics?.delete(topic)
    if (topics?.size !== 0) return
    this.#channels.delete(channel)
    this.#pairOf(channel)?.want(channel, false)
  }

  #channelOf(topic: Topic): string {
    return this.#shards[shardOf(topic, shards)] as string
  }

  #pairOf(channel: string): Pair | undefined {
    if (this.#pairs.length < 2) return this.#pairs[0]?.pair
    const slot = slotOf(channel)
    return this.#pairs.find(each => each.carries(slot))?.pair
  }

  #send(channel: string, message: string): void {
    this.#pairOf(channel)?.publish(channel, () => this.#seal.seal(channel, message))
  }

  #received(channel: string, sealed: Buffer): void {
    if (this.#seal.isOwn(sealed)) return
    const text = this.#seal.open(channel, sealed)
    const message =
      text === null ? 'malformed' : readMessage(text, topic => topic === null || this.#topics.has(topic))
    if (message === null) return
    if (message === 'malformed') {
      this.#refuse(sealed)
      return
    }
    const { clock } = this.#parts
    if (message.is === 'announcement') this.#parts.lag?.observe(Math.max(0, clock.now() - message.at))
    for (const listener of this.#listeners)
      if (message.is === 'announcement') listener.announced(message.announcement)
      else if (message.is === 'signal') listener.signalled(message.signal, message.from)
      else listener.lost()
  }

  #refuse(sealed: Buffer): void {
    const { clock, log, refused } = this.#parts
    refused?.()
    if (clock.monotonic() - this.#complainedAt < complainEveryMs) return
    this.#complainedAt = clock.monotonic()
    log.warn({ bytes: sealed.length }, 'What came over Redis is no message of a node. It was dropped.')
  }

  /** Looks for what stands behind the address until it answers, and again whenever a part of a cluster is away. */
  async #find(): Promise<void> {
    if (this.#finding || this.#ended) return
    this.#finding = true
    const { url, clock, log } = this.#parts
    try {
      this.#take(await findServers([url, ...this.#nodes], clock, findDeadlineMs))
      if (this.#failed) log.info({}, 'Redis is there.')
      this.#failed = false
    } catch (error) {
      if (!this.#failed && !this.#ended) log.warn({ why: reasonOf(error) }, notFound(error))
      this.#failed = true
      this.#findLater()
    } finally {
      this.#finding = false
    }
  }

  #findLater(): void {
    this.#timer ??= this.#parts.clock.after(findAgainMs, () => {
      this.#timer = null
      void this.#find()
    })
  }

  #take(servers: RedisServers): void {
    const carriers = JSON.stringify(servers.is === 'one' ? servers.options : servers.masters)
    if (servers.is === 'cluster') this.#nodes = servers.nodes
    if (this.#ended || carriers === this.#carriers) return
    this.#carriers = carriers
    for (const { pair } of this.#pairs) pair[Symbol.dispose]()
    this.#pairs =
      servers.is === 'one'
        ? [{ pair: this.#pair(servers.options), carries: () => true }]
        : servers.masters.map(({ options, slots }) => {
            const carries = (slot: number) => slots.some(({ from, to }) => from <= slot && slot <= to)
            return { pair: this.#pair(options, carries), carries }
          })
    for (const channel of this.#channels.keys()) this.#pairOf(channel)?.want(channel, true)
    if (servers.is === 'one' && servers.isReplica)
      this.#parts.log.warn(
        {},
        'CONFAB_REDIS_URL names a replica: what this node publishes is heard by those who are connected to it alone. Name the primary.',
      )
  }

  /** `carries`: which slots of a cluster; a Redis by itself has none. */
  #pair(options: RedisClientOptions, carries?: (slot: number) => boolean): Pair {
    const { clock, log } = this.#parts
    return new Pair({
      options,
      sharded: carries !== undefined,
      trial: this.#trialFor(carries),
      clock,
      log,
      received: (channel, message) => this.#received(channel, message),
      subscribed: channels => this.#subscribed(channels),
      dropped: () => this.#send(this.#signals, droppedMessage(this.#parts.node)),
      down: () => {
        if (carries) this.#findLater()
      },
    })
  }

  /** A channel that nobody follows, of a slot that is carried: of so many names, one is of any slot. */
  #trialFor(carries: (slot: number) => boolean = () => true): string {
    for (let n = 0; ; n++) {
      const channel = this.#seal.channel(`trial ${n}`)
      if (carries(slotOf(channel))) return channel
    }
  }

  /** Where signals to all were not heard before, anything may have been missed. */
  #subscribed(channels: readonly string[]): void {
    const topics = channels.flatMap(channel => [...(this.#channels.get(channel) ?? [])])
    if (channels.includes(this.#signals)) for (const listener of this.#listeners) listener.lost()
    else if (topics.length > 0) for (const listener of this.#listeners) listener.lost(topics)
  }
}

/** A server that answers is there, whatever it answers. */
const notFound = (error: unknown): string =>
  error instanceof ErrorReply
    ? 'Redis at CONFAB_REDIS_URL refuses commands. Nodes read each other’s events from the database, with a delay, until it accepts them.'
    : 'No Redis answers at CONFAB_REDIS_URL. Nodes read each other’s events from the database, with a delay, until one does.'
