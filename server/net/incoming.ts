import { limits } from '../../contract/limits.ts'
import type { Clock } from '../core/ports.ts'
import { Allowance } from './allowance.ts'
import { Typing } from './typing.ts'

/** Where a message may stop halfway. What is paused is not read, and stands still for that. */
interface Source {
  readonly isMidMessage: boolean
  readonly isPaused: boolean
}

/** What one connection sends: how often it may, when it last did, and how long a message has been on its way. */
export class Incoming {
  /** When something was last heard, monotonic ms. */
  heardAt: number
  readonly #clock: Clock
  readonly #frames = new Allowance({ aSecond: limits.framesASecond, atOnce: limits.framesAtOnce })
  readonly #typing = new Typing()
  #unfinishedSince: number | null = null

  constructor(clock: Clock) {
    this.#clock = clock
    this.heardAt = clock.monotonic()
  }

  /** A whole message came. Answers whether it may. */
  message(): boolean {
    this.#unfinishedSince = null
    return this.control()
  }

  /** A ping or a pong came. Answers whether it may. */
  control(): boolean {
    this.heardAt = this.#clock.monotonic()
    return this.#frames.take(this.heardAt)
  }

  /** Whether it may be told now that they type. */
  mayType(): boolean {
    return this.#typing.mayTell(this.#clock)
  }

  /** Looks whether one and the same message was unfinished at every look for `limits.messageStallMs`. */
  stalls(source: Source): boolean {
    const now = this.#clock.monotonic()
    const since = source.isMidMessage && !source.isPaused ? (this.#unfinishedSince ?? now) : null
    this.#unfinishedSince = since
    return since !== null && now - since >= limits.messageStallMs
  }
}
