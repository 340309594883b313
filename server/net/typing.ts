import type { Clock } from '../core/ports/clock.ts'

/** Typing is told to the others at most this often. */
const everyMs = 1_000

/** How often one connection may tell that its person types. */
export class Typing {
  #at = Number.NEGATIVE_INFINITY

  mayTell(clock: Clock): boolean {
    const now = clock.monotonic()
    if (now - this.#at < everyMs) return false
    this.#at = now
    return true
  }
}
