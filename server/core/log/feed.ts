import type { Seq, Topic, UserId } from '../../../contract/ids.ts'
import { limits } from '../../../contract/limits.ts'
import { Semaphore } from '../limits/semaphore.ts'
import { Meters } from '../meters.ts'
import type { Announcement, Bus } from '../ports/bus.ts'
import type { Clock } from '../ports/clock.ts'
import { Unavailable } from '../ports/failures.ts'
import type { Store } from '../ports/store.ts'
import type { Appended, Change, Outcome, RowWrite } from './change.ts'
import type { EventRun } from './live-log.ts'
import { LiveLog } from './live-log.ts'
import type { Writer } from './writer.ts'

/** What a feed needs of a store. */
export type LogStore = Pick<Store, 'commit' | 'events' | 'heads'>

/** Receives one log from where it was begun: each seq once, in order, without a gap. */
type LogListener = (run: EventRun) => void

interface Followed {
  readonly topic: Topic
  readonly log: LiveLog
  readonly listener: LogListener
  /** What the store was seen to have, and has not come yet. */
  due: Seq
  /** The reading under way; whether it read everything there was. */
  filling: Promise<boolean> | null
  waiting: Disposable | null
  readonly onBus: Disposable
}

const page = { events: limits.catchUpEvents, bytes: limits.catchUpBytes }
/** A store that does not answer is asked again after this long. */
const retryMs = 1_000
/** So many logs are read at once, that those who ask the store for something else still get a turn. */
const fillsAtOnce = 8

/**
 * The live end of all logs on this node. What is committed here is announced to this node's listeners and, over the bus, to the other nodes;
 * what other nodes announce is received here. Announcements are hints: a missing one is waited for shortly and then read from the store,
 * so that a lost one delays and never skips (F3, L5).
 */
export class Feed implements Writer, Disposable {
  readonly #store: LogStore
  readonly #bus: Bus
  readonly #clock: Clock
  readonly #meters: Meters
  readonly #followed = new Map<Topic, Followed>()
  readonly #endings = new Set<(user: UserId) => void>()
  readonly #held: Disposable[] = []
  readonly #fills = new Semaphore(fillsAtOnce, Number.POSITIVE_INFINITY)
  /** The logs to compare next; null where nothing is being compared. */
  #comparing: Set<Topic> | null = null

  /** `compareEveryMs`: how often heads are compared with the store's, where other nodes write too; null where none does. */
  constructor(parts: {
    store: LogStore
    bus: Bus
    clock: Clock
    compareEveryMs: number | null
    meters?: Meters
  }) {
    this.#store = parts.store
    this.#bus = parts.bus
    this.#clock = parts.clock
    this.#meters = parts.meters ?? new Meters()
    const announced = (a: Announcement) => this.#offer(a.topic, { first: a.seq, bodies: a.bodies })
    const compare = (topics: Iterable<Topic> = this.#followed.keys()) => void this.#compare(topics)
    this.#held.push(this.#bus.listen({ announced, signalled: () => {}, lost: compare }))
    if (parts.compareEveryMs !== null)
      this.#held.push(this.#clock.every(parts.compareEveryMs, () => compare()))
  }

  async commit(change: Change): Promise<Outcome> {
    const outcome = await this.#store.commit(change)
    if (outcome.is !== 'done') return outcome
    this.#announce(outcome.appended)
    for (const user of usersWhoseKeysEnded(change.rows)) for (const listener of this.#endings) listener(user)
    return outcome
  }

  /** Calls back when a session or token of somebody was ended by a commit of this node. */
  onEnded(listener: (user: UserId) => void): Disposable {
    this.#endings.add(listener)
    return { [Symbol.dispose]: () => this.#endings.delete(listener) }
  }

  /**
   * Begins to follow a log. `read` reads its head from the store, together with whatever must hold at that very seq; the listener gets
   * everything after it. One listener per topic.
   */
  async follow<At extends { seq: Seq }>(
    topic: Topic,
    listener: LogListener,
    read: () => Promise<At>,
  ): Promise<At> {
    const onBus = this.#bus.follow(topic)
    const followed: Followed = {
      topic,
      log: new LiveLog(),
      listener,
      due: 0,
      filling: null,
      waiting: null,
      onBus,
    }
    this.#followed.set(topic, followed)
    try {
      const at = await read()
      this.#deliver(followed, followed.log.begin(at.seq))
      return at
    } catch (error) {
      this.unfollow(topic)
      throw error
    }
  }

  unfollow(topic: Topic): void {
    const followed = this.#followed.get(topic)
    followed?.waiting?.[Symbol.dispose]()
    followed?.onBus[Symbol.dispose]()
    this.#followed.delete(topic)
  }

  /**
   * Resolves when everything has been heard of a followed log that the store has now.
   * @throws Unavailable when the store cannot be read.
   */
  async fill(topic: Topic): Promise<void> {
    const followed = this.#followed.get(topic)
    // What is being read already may be from before now.
    await followed?.filling
    if (followed && !(await this.#fill(followed))) throw new Unavailable('The log could not be read.')
  }

  [Symbol.dispose](): void {
    for (const held of this.#held) held[Symbol.dispose]()
    for (const topic of [...this.#followed.keys()]) this.unfollow(topic)
  }

  #announce(appended: readonly Appended[]): void {
    for (let at = 0; at < appended.length; ) {
      const { topic, seq } = appended[at] as Appended
      const bodies: string[] = []
      for (; appended[at]?.topic === topic; at++) bodies.push((appended[at] as Appended).body)
      this.#offer(topic, { first: seq, bodies })
      this.#bus.publish({ topic, seq, bodies })
    }
  }

  #offer(topic: Topic, run: EventRun): void {
    const followed = this.#followed.get(topic)
    if (followed) this.#deliver(followed, followed.log.take(run))
  }

  #deliver(followed: Followed, run: EventRun | null): void {
    if (run) followed.listener(run)
    if (followed.log.gap) this.#fillSoon(followed)
  }

  /** What is missing may be on its way: it is waited for before the store is asked. */
  #fillSoon(followed: Followed): void {
    followed.waiting ??= this.#clock.after(limits.gapWaitMs, () => {
      followed.waiting = null
      if (followed.log.gap || followed.due > followed.log.head) void this.#fill(followed)
    })
  }

  #fill(followed: Followed): Promise<boolean> {
    followed.filling ??= this.#fills
      .run(() => this.#readOn(followed))
      .finally(() => {
        followed.filling = null
      })
    return followed.filling
  }

  async #readOn(followed: Followed): Promise<boolean> {
    try {
      for (;;) {
        const after = followed.log.head
        const { bodies, head } = await this.#store.events(followed.topic, after, page)
        if (this.#followed.get(followed.topic) !== followed) return false
        this.#meters.gapsFilled += bodies.length
        if (bodies.length > 0) this.#deliver(followed, followed.log.take({ first: after + 1, bodies }))
        if (bodies.length === 0 || followed.log.head >= head.head) return true
      }
    } catch {
      // The store is out of reach: what is missing stays missing until it answers.
      this.#retry(followed)
      return false
    }
  }

  #retry(followed: Followed): void {
    followed.waiting ??= this.#clock.after(retryMs, () => {
      followed.waiting = null
      if (this.#followed.get(followed.topic) === followed) void this.#fill(followed)
    })
  }

  /** Compares heads with the store's, in one query; what is to be compared while one is on its way joins the next. */
  async #compare(topics: Iterable<Topic>): Promise<void> {
    if (this.#comparing) {
      for (const topic of topics) this.#comparing.add(topic)
      return
    }
    for (let asked = [...topics]; asked.length > 0; asked = [...this.#comparing]) {
      this.#comparing = new Set()
      const heads = await this.#store.heads(asked).catch(() => new Map<Topic, { head: Seq }>())
      this.#meters.headsCompared += heads.size
      for (const [topic, { head }] of heads) this.#expect(topic, head)
    }
    this.#comparing = null
  }

  #expect(topic: Topic, head: Seq): void {
    const followed = this.#followed.get(topic)
    if (!followed || head <= followed.log.head) return
    followed.due = Math.max(followed.due, head)
    this.#fillSoon(followed)
  }
}

function usersWhoseKeysEnded(rows: readonly RowWrite[]): Set<UserId> {
  const users = new Set<UserId>()
  for (const row of rows) {
    if (
      row.row === 'session ended' ||
      row.row === 'sessions ended' ||
      row.row === 'token ended' ||
      row.row === 'tokens ended'
    )
      users.add(row.user)
  }
  return users
}
