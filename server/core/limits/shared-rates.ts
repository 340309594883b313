import type { UserId } from '../../../contract/ids.ts'
import type { Clock } from '../ports/clock.ts'
import type { NodeSignals, TakenCounts } from '../presence/node-signals.ts'
import type { TokenBucket } from './token-bucket.ts'

/** What was taken is told this often: nobody waits for another node, and somebody on all of them at once gains this much. */
const publishEveryMs = 250

export type Shared = 'posts' | 'changes' | 'pictures'

/** Buckets that nodes have in common: each tells the others what was taken of it, and they take it from theirs. */
export class SharedRates implements Disposable {
  readonly #buckets: Readonly<Record<Shared, TokenBucket>>
  readonly #signals: NodeSignals | null
  readonly #held: Disposable[] = []
  #taken = new Map<UserId, Record<Shared, number>>()

  /** `signals` is null where there is no other node. */
  constructor(parts: {
    buckets: Readonly<Record<Shared, TokenBucket>>
    signals: NodeSignals | null
    clock: Clock
  }) {
    this.#buckets = parts.buckets
    this.#signals = parts.signals
    if (!parts.signals) return
    this.#held.push(
      parts.signals.on('taken', ({ taken }) => this.#spend(taken)),
      parts.clock.every(publishEveryMs, () => this.#publish()),
    )
  }

  /** Takes one. Answers the whole seconds to wait where there is none left, else 0. */
  take(of: Shared, user: UserId): number {
    const seconds = this.#buckets[of].take(user)
    if (seconds === 0 && this.#signals) {
      const taken = this.#taken.get(user) ?? { posts: 0, changes: 0, pictures: 0 }
      taken[of]++
      this.#taken.set(user, taken)
    }
    return seconds
  }

  /** The whole seconds to wait until there is one; nothing is taken. */
  wait(of: Shared, user: UserId): number {
    return this.#buckets[of].wait(user)
  }

  sweep(): void {
    for (const bucket of Object.values(this.#buckets)) bucket.sweep()
  }

  [Symbol.dispose](): void {
    for (const held of this.#held) held[Symbol.dispose]()
  }

  #publish(): void {
    if (this.#taken.size === 0) return
    const taken = [...this.#taken].map(([user, of]): TakenCounts => ({ user, ...of }))
    this.#taken = new Map()
    this.#signals?.say({ s: 'taken', taken })
  }

  #spend(taken: readonly TakenCounts[]): void {
    for (const { user, ...of } of taken)
      for (const [name, many] of Object.entries(of))
        if (many > 0) this.#buckets[name as Shared].spend(user, many)
  }
}
