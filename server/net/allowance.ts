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
    const { aSecond, atOnce } = this.#of
    const grown = ((now - (this.#at ?? now)) / 1_000) * aSecond
    this.#at = now
    this.#left = Math.max(-1, Math.min(atOnce, this.#left + grown) - 1)
    return this.#left >= 0
  }
}
