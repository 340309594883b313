import type { SessionId, TokenId } from '../../../contract/ids.ts'
import { limits } from '../../../contract/limits.ts'
import type { Clock } from '../../core/ports/clock.ts'
import type { Ended, Removal } from '../../core/ports/endings.ts'
import type { Store } from '../../core/ports/store.ts'

type Key = SessionId | TokenId

/** A read that is not answered after this long is given up for another one. */
const answerMs = 2_000
/** What ended is remembered this long: longer than a socket takes from being identified to being known by its key. */
const rememberedMs = 60_000

interface RevocationsParts {
  readonly store: Pick<Store, 'ended' | 'alive'>
  readonly clock: Clock
  /** The keys of all sockets that are open. */
  open(): readonly Key[]
  /** These ended: closes their sockets. */
  end(keys: ReadonlySet<Key>): void
  /** These may not hear or read these rooms any more: takes the rooms from them, and what is held for them. */
  removed(removals: readonly Removal[]): void
  /** Who of those that hear rooms here is no member of them any more, as the store has it now. */
  formerMembers(): Promise<readonly Removal[]>
  /** Nothing is held any more: what was held may go. */
  release(): void
}

/**
 * What ends sessions, tokens and rights to rooms on any node that shares the store, read from the store again and again, so that no lost
 * message keeps a socket open, or in a room (F4). A node whose last good read began too long ago cannot know whom it still may tell anything: it holds all
 * deliveries until it has one, so that nothing goes out later than 1 s after a revocation (F4).
 */
export class Revocations implements Disposable {
  readonly #parts: RevocationsParts
  readonly #every: Disposable
  readonly #ended = new Map<Key, number>()
  #mark: number | null = null
  /** When the last good read began, and when the one that is on its way did; monotonic ms. */
  #goodSince = Number.NEGATIVE_INFINITY
  #readingSince: number | null = null
  /** The read that is on its way asks about everything: it is let end, however long it takes, since another one would have to ask the same. */
  #comparing = false
  #isHolding = true

  constructor(parts: RevocationsParts) {
    this.#parts = parts
    this.#every = parts.clock.every(limits.endedEveryMs, () => this.#readAgain())
    this.#readAgain()
  }

  /** Whether nothing may be delivered now. Once true it stays so until `release` is called. */
  get holding(): boolean {
    this.#isHolding ||= this.#parts.clock.monotonic() - this.#goodSince > limits.endedStaleMs
    return this.#isHolding
  }

  /** Whether this key is known to have ended lately. */
  has(key: Key): boolean {
    return this.#ended.has(key)
  }

  [Symbol.dispose](): void {
    this.#every[Symbol.dispose]()
  }

  #readAgain(): void {
    const now = this.#parts.clock.monotonic()
    const isLate = this.#readingSince !== null && now - this.#readingSince >= answerMs
    if (this.#readingSince !== null && (this.#comparing || !isLate)) return
    this.#readingSince = now
    void this.#read(now)
  }

  async #read(began: number): Promise<void> {
    try {
      const ended = await this.#parts.store.ended(this.#mark)
      // Another one was begun meanwhile because this one took too long, and knows more.
      if (this.#readingSince !== began) return
      const { ids, removals } = ended.whole ? ended : await this.#compare(ended)
      // Where that took long, deliveries stay held; the next read only has to ask from here on, and lets them go.
      this.#mark = ended.upTo
      this.#take(new Set(ids), removals, began)
    } catch {
      // The store is out of reach. When that lasts, deliveries are held.
    } finally {
      if (this.#readingSince === began) this.#readingSince = null
    }
  }

  /**
   * Marks of what ended were dropped before this node read them: it asks about every socket, and about every room that is heard. It ends,
   * since each query has the store's deadline.
   */
  async #compare({ ids, removals }: Ended): Promise<Pick<Ended, 'ids' | 'removals'>> {
    this.#comparing = true
    try {
      const notAlive = await this.#notAlive()
      return {
        ids: [...ids, ...notAlive],
        removals: [...removals, ...(await this.#parts.formerMembers())],
      }
    } finally {
      this.#comparing = false
    }
  }

  async #notAlive(): Promise<Key[]> {
    const open = this.#parts.open()
    const alive = await this.#parts.store.alive(open)
    return open.filter(key => !alive.has(key))
  }

  #take(keys: ReadonlySet<Key>, removals: readonly Removal[], began: number): void {
    const now = this.#parts.clock.monotonic()
    for (const [key, at] of this.#ended) if (now - at > rememberedMs) this.#ended.delete(key)
    for (const key of keys) this.#ended.set(key, now)
    if (keys.size > 0) this.#parts.end(keys)
    if (removals.length > 0) this.#parts.removed(removals)
    this.#goodSince = began
    if (!this.#isHolding || now - began > limits.endedStaleMs) return
    this.#isHolding = false
    this.#parts.release()
  }
}

/**
 * When the sessions and tokens of open sockets run out, by the wall clock: nothing ends them in the store at that moment, so that no node
 * would hear of it. `due` is called with those whose time has come, each once; whoever is told looks whether they were used meanwhile,
 * and gives their new time.
 */
export class Expiry implements Disposable {
  readonly #clock: Clock
  readonly #due: (keys: ReadonlySet<Key>) => void
  readonly #every: Disposable
  readonly #times = new Map<Key, number>()
  /** No key is due before. */
  #next = Number.POSITIVE_INFINITY

  constructor(clock: Clock, due: (keys: ReadonlySet<Key>) => void) {
    this.#clock = clock
    this.#due = due
    this.#every = clock.every(limits.expiryEveryMs, () => this.#look())
  }

  /** `at`: Unix ms; null for never. */
  set(key: Key, at: number | null): void {
    if (at === null) return
    this.#times.set(key, at)
    this.#next = Math.min(this.#next, at)
  }

  forget(key: Key): void {
    this.#times.delete(key)
  }

  [Symbol.dispose](): void {
    this.#every[Symbol.dispose]()
  }

  #look(): void {
    const now = this.#clock.now()
    if (now < this.#next) return
    const due = new Set<Key>()
    this.#next = Number.POSITIVE_INFINITY
    for (const [key, at] of this.#times) {
      if (at <= now) due.add(key)
      else this.#next = Math.min(this.#next, at)
    }
    for (const key of due) this.#times.delete(key)
    if (due.size > 0) this.#due(due)
  }
}
