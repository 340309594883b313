import { limits } from '../../contract/limits.ts'
import type { Log } from '../core/ports/log.ts'

const everyMs = 60_000

/** Tells the operator of slow operations: the first at once, then one a minute with how many `more` there were since, so that a slow disk does not fill the log. */
export class SlowCalls {
  readonly #log: Log
  readonly #now: () => number
  #loggedAt = Number.NEGATIVE_INFINITY
  #more = 0

  constructor(log: Log, now: () => number) {
    this.#log = log
    this.#now = now
  }

  /** An operation took so many ms. */
  took(
    ms: number,
    fields: { readonly op: string; readonly transport: string; readonly request?: string | undefined },
  ): void {
    if (ms <= limits.slowMs) return
    if (this.#now() - this.#loggedAt < everyMs) {
      this.#more++
      return
    }
    this.#loggedAt = this.#now()
    const more = this.#more > 0 ? { more: this.#more } : {}
    this.#more = 0
    this.#log.warn({ ...fields, ms: Math.round(ms), ...more }, 'An operation was slow.')
  }
}
