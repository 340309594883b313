import type { Scrubber } from './scrub.ts'

/** Steps of erasing that closing waits for: a few seconds. What is left goes on at the next opening. */
const lastSteps = 100

/** What the writing thread does when nobody waits for it: erased rooms are emptied, and the file is scrubbed a while after. */
export class Maintenance {
  readonly #erase: () => boolean
  readonly #scrubber: Scrubber
  readonly #scrubAfterMs: number
  #erasing = false
  #scrubbing = false

  constructor(parts: { erase: () => boolean; scrubber: Scrubber; scrubAfterMs: number }) {
    this.#erase = parts.erase
    this.#scrubber = parts.scrubber
    this.#scrubAfterMs = parts.scrubAfterMs
  }

  /** There may be something to do. Each step lets what was sent meanwhile go first. */
  look(): void {
    if (this.#erasing) return
    this.#erasing = true
    setImmediate(() => this.#eraseOn())
  }

  /** Leaves nothing in the file that was removed, but for what is too much to wait for. */
  finish(): void {
    for (let steps = 0; steps < lastSteps && this.#erase(); steps++);
    while (this.#scrubber.step());
  }

  #eraseOn(): void {
    if (this.#erase()) {
      setImmediate(() => this.#eraseOn())
      return
    }
    this.#erasing = false
    if (!this.#scrubber.isDue || this.#scrubbing) return
    this.#scrubbing = true
    setTimeout(() => this.#scrubOn(), this.#scrubAfterMs)
  }

  #scrubOn(): void {
    if (this.#scrubber.step()) {
      setImmediate(() => this.#scrubOn())
      return
    }
    this.#scrubbing = false
    this.look()
  }
}
