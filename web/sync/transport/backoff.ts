const firstMs = 500
const mostMs = 30_000

/** How long to wait before the next attempt: full jitter over a bound that doubles, so that many who were cut or refused at once do not come back at once. */
export class Backoff {
  #failures = 0
  readonly #random: () => number

  constructor(random: () => number) {
    this.#random = random
  }

  /** How many attempts failed since one worked. */
  get failures(): number {
    return this.#failures
  }

  /**
   * In ms; each call counts as one more failure. No less than the server asks for, in seconds, where it does: many who were refused at once
   * were all told the same.
   */
  next(retryAfter = 0): number {
    const bound = Math.min(mostMs, firstMs * 2 ** this.#failures++)
    return retryAfter * 1_000 + this.#random() * bound
  }

  /** Counts as several failures at once: somebody asked for patience. */
  slower(): void {
    this.#failures += 3
  }

  worked(): void {
    this.#failures = 0
  }
}
