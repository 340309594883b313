import type { UserId } from '../../../contract/ids.ts'
import { limits } from '../../../contract/limits.ts'
import type { Clock } from '../../core/ports/clock.ts'
import { Allowance } from './allowance.ts'

type Watch = (users: readonly UserId[]) => void

/** Whose presence one connection hears of, replaced only so often: of those that come sooner the latest counts, when its time has come. */
export class WatchTurns implements Disposable {
  readonly #clock: Clock
  readonly #watch: Watch
  readonly #left = new Allowance({ aSecond: limits.watchesASecond, atOnce: limits.watchesAtOnce })
  #next: readonly UserId[] | null = null
  #waiting: Disposable | null = null

  constructor(clock: Clock, watch: Watch) {
    this.#clock = clock
    this.#watch = watch
  }

  /** Answers whether it took the place of one that waited, which was sent in vain. */
  replace(users: readonly UserId[]): boolean {
    const isReplaced = this.#next !== null
    this.#next = users
    if (!this.#waiting) this.#apply()
    return isReplaced
  }

  /** What waits is applied no more. */
  [Symbol.dispose](): void {
    this.#next = null
    this.#waiting?.[Symbol.dispose]()
  }

  #apply(): void {
    this.#waiting = null
    const users = this.#next
    if (!users) return
    const ms = this.#left.wait(this.#clock.monotonic())
    if (ms > 0) {
      this.#waiting = this.#clock.after(ms, () => this.#apply())
      return
    }
    this.#left.take(this.#clock.monotonic())
    this.#next = null
    this.#watch(users)
  }
}
