import type { Clock } from '../ports/clock.ts'

/** So many at once and then so many a second, for each key by itself. In memory: what it forgets at a restart is a burst. */
export class TokenBucket {
  readonly #clock: Clock
  readonly #burst: number
  readonly #aSecond: number
  readonly #left = new Map<string, { tokens: number; at: number }>()

  constructor(clock: Clock, rate: { burst: number; aSecond: number }) {
    this.#clock = clock
    this.#burst = rate.burst
    this.#aSecond = rate.aSecond
  }

  /** Takes one. Answers the whole seconds to wait for the next one where there is none left, else 0. */
  take(key: string): number {
    const seconds = this.wait(key)
    if (seconds === 0) this.spend(key, 1)
    return seconds
  }

  /** The whole seconds to wait until there is one left; 0 where there is. Nothing is taken. */
  wait(key: string): number {
    const tokens = this.#tokens(key, this.#clock.monotonic())
    return tokens >= 1 ? 0 : Math.max(1, Math.ceil((1 - tokens) / this.#aSecond))
  }

  /** So many were taken elsewhere. They count like those that were taken here, down to a burst that is owed. */
  spend(key: string, many: number): void {
    const now = this.#clock.monotonic()
    this.#left.set(key, { tokens: Math.max(-this.#burst, this.#tokens(key, now) - many), at: now })
  }

  /** Forgets who has a full bucket again. */
  sweep(): void {
    const now = this.#clock.monotonic()
    for (const key of this.#left.keys()) if (this.#tokens(key, now) >= this.#burst) this.#left.delete(key)
  }

  #tokens(key: string, now: number): number {
    const left = this.#left.get(key)
    if (!left) return this.#burst
    return Math.min(this.#burst, left.tokens + ((now - left.at) / 1000) * this.#aSecond)
  }
}
