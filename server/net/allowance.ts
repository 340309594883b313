/** Frames a second that one connection may send for long, and how many at once. */
const framesASecond = 100
const framesAtOnce = 500

/** How many frames one connection may still send: it grows with the time since the last. */
export class Allowance {
  #left = framesAtOnce

  /** Takes one, `quietMs` after the one before. Answers whether there was one left. */
  take(quietMs: number): boolean {
    this.#left = Math.min(framesAtOnce, this.#left + (quietMs / 1_000) * framesASecond) - 1
    return this.#left >= 0
  }
}
