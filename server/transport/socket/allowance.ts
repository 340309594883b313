/** How many of something one connection may still send: it grows with the time since the last. */
export class Allowance {
  readonly #of: { readonly aSecond: number; readonly atOnce: number }
  #left: number
  #at: number | null = null

  /** `aSecond` for long, and `atOnce` after a pause. */
  constructor(of: { readonly aSecond: number; readonly atOnce: number }) {
    this.#of = of
    this.#left = of.atOnce
  }

  /** Takes one at `now`, monotonic ms. Answers whether there was one left. */
  take(now: number): boolean {
    this.#grow(now)
    this.spend(1)
    return this.#left >= 0
  }

  /** So many more count as taken. */
  spend(many: number): void {
    this.#left = Math.max(-1, this.#left - many)
  }

  /** The ms from `now`, monotonic, until there is one; 0 where there is. Nothing is taken. */
  wait(now: number): number {
    this.#grow(now)
    return this.#left >= 1 ? 0 : Math.ceil(((1 - this.#left) * 1_000) / this.#of.aSecond)
  }

  #grow(now: number): void {
    const { aSecond, atOnce } = this.#of
    this.#left = Math.min(atOnce, this.#left + ((now - (this.#at ?? now)) / 1_000) * aSecond)
    this.#at = now
  }
}
