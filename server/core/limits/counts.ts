import type { Refusal } from '../answer.ts'
import { refuse } from '../answer.ts'
import { fingerprintOf } from '../authentication/secrets.ts'
import type { Clock } from '../ports/clock.ts'
import type { Store } from '../ports/store.ts'

/** `most` in a window of the wall clock, kept in the store so that a restart forgets none. */
export interface Bound {
  readonly most: number
  readonly windowMs: number
}

/**
 * Tries that are counted in the store. A key holds names, addresses, and whatever somebody typed for a name, a password too: only its
 * keyed hash is kept, which tells nothing without the salt of the workspace.
 */
export class Counts {
  readonly #store: Pick<Store, 'count' | 'countReset' | 'workspace'>
  readonly #clock: Clock
  #salt: string | null = null

  constructor(store: Pick<Store, 'count' | 'countReset' | 'workspace'>, clock: Clock) {
    this.#store = store
    this.#clock = clock
  }

  /** Counts one more, and answers the refusal where that is too many. */
  async within(key: string, bounds: readonly Bound[]): Promise<Refusal | null> {
    const now = this.#clock.now()
    for (const { most, windowMs } of bounds) {
      const { count, until } = await this.#store.count(await this.#hashed(key, windowMs), windowMs, now)
      if (count > most) return tooOften(Math.max(1, Math.ceil((until - now) / 1000)))
    }
    return null
  }

  async forget(key: string, bounds: readonly Bound[]): Promise<void> {
    for (const { windowMs } of bounds) await this.#store.countReset(await this.#hashed(key, windowMs))
  }

  async #hashed(key: string, windowMs: number): Promise<string> {
    // It is made with the database, and never changes.
    this.#salt ??= (await this.#store.workspace()).salt
    return fingerprintOf(this.#salt, ['count', key, windowMs])
  }
}

export const tooOften = (seconds: number): Refusal =>
  refuse(
    'rate_limited',
    `Too often. Wait for ${seconds} ${seconds === 1 ? 'second' : 'seconds'}, then try again.`,
    { retryAfter: seconds },
  )
