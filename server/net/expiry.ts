import type { SessionId, TokenId } from '../../contract/ids.ts'
import { limits } from '../../contract/limits.ts'
import type { Clock } from '../core/ports/clock.ts'

type Key = SessionId | TokenId

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
