import type { Event } from '../../../contract/events.ts'
import type { ResetWhy } from '../../../contract/frames.ts'
import type { RoomId, Seq, Topic, UserId } from '../../../contract/ids.ts'
import { parseTopic, roomTopic, userTopic } from '../../../contract/ids.ts'
import { limits } from '../../../contract/limits.ts'
import { deletedUpTo } from '../../core/access.ts'
import type { Feed } from '../../core/log/feed.ts'
import type { Clock } from '../../core/ports/clock.ts'
import type { Removal } from '../../core/ports/endings.ts'
import type { Store } from '../../core/ports/store.ts'
import type { NodeSignals } from '../../core/presence/node-signals.ts'
import type { ReadScheduler } from '../read-scheduler.ts'
import { costOf } from '../read-scheduler.ts'
import type { CatchUp, Listener, Schedule } from './channel.ts'
import { Channel, turns } from './channel.ts'
import { formerMembers } from './former-members.ts'
import { framed } from './frames.ts'

const page = { events: limits.catchUpEvents, bytes: limits.catchUpBytes }
const gone = (topic: Topic): Buffer => framed({ t: 'gone', topic })
/** A channel that nobody hears is kept this long, so that a reconnect finds its head in memory. */
const lingerMs = 30_000

/** What a hub reads of a store. */
export type HubStore = Pick<Store, 'events' | 'heads' | 'memberIds' | 'membersIn' | 'roomsOf'>

/**
 * Topic -> connections on this node. Live push is only the fast path of catching up: a listener is `behind` and reads pages of the
 * store until, in one turn, a page reaches the channel's head; in that turn it goes live (F1, F2, F7).
 */
export class Hub implements Schedule, Disposable {
  readonly #store: HubStore
  readonly #feed: Feed
  readonly #clock: Clock
  readonly #signals: NodeSignals
  readonly #reads: ReadScheduler
  readonly #channels = new Map<Topic, Promise<Channel>>()
  readonly #open = new Map<Topic, Channel>()
  /** Of channels that are being begun, what was told meanwhile: what they read may be from before it. */
  readonly #beginning = new Map<Topic, Removal[]>()
  #ending = new Set<Channel>()
  #immediate: NodeJS.Immediate | null = null
  readonly #held: Disposable[]

  constructor(parts: {
    store: HubStore
    feed: Feed
    clock: Clock
    signals: NodeSignals
    reads: ReadScheduler
  }) {
    this.#store = parts.store
    this.#feed = parts.feed
    this.#clock = parts.clock
    this.#signals = parts.signals
    this.#reads = parts.reads
    this.#held = [
      this.#clock.every(lingerMs / 2, () => this.#forgetIdle()),
      this.#signals.on('typing', ({ room, user }) => this.#typed(room, user)),
    ]
  }

  /**
   * Serves a listener everything that is its user's, from its cursors on; `sameEpoch` tells whether they are of this history. `welcome`
   * is called once, with the heads, before any frame of a topic. Resolves when the listener is live in all of them.
   */
  async admit(
    listener: Listener,
    cursors: Readonly<Record<string, Seq>>,
    sameEpoch: boolean,
    welcome: (heads: Record<Topic, Seq>) => void,
  ): Promise<void> {
    const [workspace, own] = await Promise.all([
      this.#channel('workspace'),
      this.#channel(userTopic(listener.user)),
    ])
    own.flush()
    const known = own.head
    const rooms = await this.#roomsOf(listener)
    this.#reads.charge(listener.user, costOf(2 + rooms.size, 0))
    if (!listener.isOpen) return
    const served = [workspace, own, ...rooms.keys()].filter(channel => channel.admits(listener.user))
    for (const channel of served) channel.flush()
    const heads = Object.fromEntries(served.map(channel => [channel.topic, channel.head]))
    welcome(heads as Record<Topic, Seq>)
    for (const topic of Object.keys(cursors))
      if (!Object.hasOwn(heads, topic)) listener.write(gone(topic as Topic), 0)
    const late: CatchUp[] = []
    for (const channel of served) {
      const cursor = Object.hasOwn(cursors, channel.topic) ? cursors[channel.topic] : undefined
      if (cursor === undefined) this.#serveNew(listener, channel)
      else if (!sameEpoch) this.#reset(listener, channel, 'epoch')
      else if (cursor < (rooms.get(channel) ?? 0)) this.#reset(listener, channel, 'behind')
      else if (cursor === channel.head) channel.join(listener)
      else late.push(channel.hold(listener, cursor))
    }
    // One topic after the other, so that what is queued stays one page.
    for (const catchUp of late) await this.#catchUp(catchUp, known)
    // Where their own log was begun anew it did not tell them of a room that they came into meanwhile.
    own.flush()
    if (own.head === known || !listener.isOpen) return
    for (const { topic } of (await this.#roomsOf(listener)).keys()) await this.#enter(listener, topic)
  }

  /** Ends all that the listener is served. */
  dismiss(listener: Listener): void {
    for (const channel of [...listener.channels]) channel.leave(listener)
  }

  /** Somebody types in a room that they hear; anybody else's word of it goes nowhere. */
  typing(listener: Listener, room: RoomId): void {
    const channel = this.#open.get(roomTopic(room))
    if (!channel?.isLive(listener)) return
    this.#typed(room, listener.user)
    this.#signals.say({ s: 'typing', room, user: listener.user }, roomTopic(room))
  }

  /** These may not hear these rooms any more, as the store has it: they are told, though the rooms' logs were not heard up to there. */
  removed(removals: readonly Removal[]): void {
    for (const removal of removals) {
      const topic = roomTopic(removal.room)
      this.#beginning.get(topic)?.push(removal)
      const channel = this.#open.get(topic)
      if (channel) this.#take(channel, removal)
    }
  }

  /** Who of those that hear rooms here is no member of them any more, as the store has it now. */
  formerMembers(): Promise<readonly Removal[]> {
    return formerMembers(this.#open.values(), this.#store)
  }

  now(): number {
    return this.#clock.monotonic()
  }

  flushIn(channel: Channel, ms: number): void {
    if (ms > 0) return void this.#clock.after(ms, () => channel.due())
    this.#ending.add(channel)
    this.#immediate ??= setImmediate(() => {
      const channels = this.#ending
      this.#ending = new Set()
      this.#immediate = null
      for (const due of channels) due.due()
    })
  }

  turned(listener: Listener, event: Event): void {
    if (event.e === 'room.removed') this.#gone(listener, roomTopic(event.room))
    if (event.e === 'room.added') void this.#enter(listener, roomTopic(event.room))
  }

  returned(listener: Listener, { topic }: Channel): void {
    void this.#enter(listener, topic)
  }

  [Symbol.dispose](): void {
    for (const held of this.#held) held[Symbol.dispose]()
    if (this.#immediate) clearImmediate(this.#immediate)
  }

  #typed(room: RoomId, user: UserId): void {
    const channel = this.#open.get(roomTopic(room))
    if (channel?.admits(user)) channel.signal(framed({ t: 'signal', s: 'typing', room, user }), user)
  }

  /** The rooms that somebody is in, each heard up to there at least, with what they deleted it up to. Who went out of one meanwhile is not admitted to it. */
  async #roomsOf({ user }: Listener): Promise<ReadonlyMap<Channel, Seq>> {
    const rooms = await this.#store.roomsOf(user)
    const entries = rooms.map(async ({ room, kind, since }) => {
      const channel = await this.#channel(roomTopic(room))
      if (!channel.admits(user) || channel.head < since) await this.#feed.fill(channel.topic)
      return [channel, deletedUpTo({ room: { kind }, membership: { since } })] as const
    })
    return new Map(await Promise.all(entries))
  }

  /** Somebody came into a room while connected: it begins anew for them, unless they went out again meanwhile. */
  async #enter(listener: Listener, topic: Topic): Promise<void> {
    try {
      const channel = await this.#channel(topic)
      // Their own log may be heard before the room's, where another node wrote both.
      if (!channel.admits(listener.user)) await this.#feed.fill(topic)
      if (!listener.isOpen || channel.serves(listener) || !channel.admits(listener.user)) return
      this.#serveNew(listener, channel)
    } catch {
      listener.lose()
    }
  }

  #serveNew(listener: Listener, channel: Channel): void {
    channel.flush()
    if (channel.head === 0) channel.join(listener)
    else this.#reset(listener, channel, 'new')
  }

  /** `known`: up to where what one's own log tells of rooms was seen before it was decided what one is served. */
  async #catchUp(catchUp: CatchUp, known: Seq): Promise<void> {
    const { channel, listener } = catchUp
    // A cursor may come from a snapshot that is newer than what this node has heard of.
    if (catchUp.cursor > channel.head) await this.#feed.fill(channel.topic)
    for (;;) {
      channel.flush()
      if (catchUp.isOver) return
      if (catchUp.cursor > channel.head) return this.#reset(listener, channel, 'ahead')
      if (channel.head - catchUp.cursor > limits.gapEvents) return this.#reset(listener, channel, 'behind')
      if (catchUp.cursor === channel.head) return channel.join(listener)
      const read = await this.#page(catchUp)
      channel.flush()
      if (!read || catchUp.isOver) return
      if (read.head.start > catchUp.cursor + 1) return this.#reset(listener, channel, 'behind')
      this.#give(catchUp, read.bodies, known)
      if (!(await listener.drained())) return
    }
  }

  /** A page of what a listener missed, in their turn and at their cost; null where nobody waits for it any more. */
  #page(catchUp: CatchUp) {
    return this.#reads.whenAffordable(catchUp.listener.user, catchUp, async () => {
      const value = await this.#store.events(catchUp.channel.topic, catchUp.cursor, page)
      const bytes = value.bodies.reduce((sum, body) => sum + body.length, 0)
      return { value, cost: costOf(value.bodies.length, bytes) }
    })
  }

  /** One's own log tells of rooms that one came into or went out of: of those after `known`, which nobody has acted on yet. */
  #give(catchUp: CatchUp, bodies: readonly string[], known: Seq): void {
    const first = catchUp.cursor + 1
    const given = catchUp.give(bodies)
    if (!catchUp.channel.topic.startsWith('user:')) return
    for (const [n, body] of given.entries())
      if (first + n > known && turns(body)) this.turned(catchUp.listener, JSON.parse(body) as Event)
  }

  #reset(listener: Listener, channel: Channel, why: ResetWhy): void {
    channel.flush()
    listener.write(framed({ t: 'reset', topic: channel.topic, head: channel.head, why }), 0)
    channel.join(listener)
  }

  #gone(listener: Listener, topic: Topic): void {
    const channel = [...listener.channels].find(one => one.topic === topic)
    if (channel?.takeFrom(listener)) listener.write(gone(topic), 0)
  }

  #channel(topic: Topic): Promise<Channel> {
    const open = this.#open.get(topic)
    if (open) open.usedAt = this.now()
    let channel = this.#channels.get(topic)
    if (!channel) {
      channel = this.#begin(topic)
      this.#channels.set(topic, channel)
      channel.catch(() => this.#channels.delete(topic))
    }
    return channel
  }

  async #begin(topic: Topic): Promise<Channel> {
    const channel = new Channel(topic, this)
    const removals: Removal[] = []
    this.#beginning.set(topic, removals)
    try {
      await this.#feed.follow(
        topic,
        run => channel.receive(run),
        async () => {
          const at = await this.#read(topic)
          channel.begin(at.seq, at.users)
          return at
        },
      )
    } finally {
      this.#beginning.delete(topic)
    }
    this.#open.set(topic, channel)
    for (const removal of removals) this.#take(channel, removal)
    return channel
  }

  #take(channel: Channel, { who, seq }: Removal): void {
    if (who === 'strangers') return
    for (const listener of channel.remove(who, seq)) listener.write(gone(channel.topic), 0)
  }

  async #read(topic: Topic) {
    const name = parseTopic(topic)
    if (name?.kind === 'room') return this.#store.memberIds(name.room)
    const heads = await this.#store.heads([topic])
    return { seq: heads.get(topic)?.head ?? 0, users: null }
  }

  #forgetIdle(): void {
    for (const [topic, channel] of this.#open) {
      if (channel.listeners > 0 || this.now() - channel.usedAt < lingerMs) continue
      this.#feed.unfollow(topic)
      this.#open.delete(topic)
      this.#channels.delete(topic)
    }
  }
}
