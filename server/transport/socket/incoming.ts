import { limits } from '../../../contract/limits.ts'
import type { Identity, Origin } from '../../core/answer.ts'
import type { Clock } from '../../core/ports/clock.ts'
import type { InvalidInput, Sender } from '../invalid-input.ts'
import { isLarge } from '../invalid-input.ts'
import { Allowance } from './allowance.ts'

/** Where a message may stop halfway. What is paused is not read, and stands still for that. */
interface Source {
  readonly isMidMessage: boolean
  readonly isPaused: boolean
}

/** Who sends it. */
interface From {
  readonly identity: Identity | null
  readonly origin: Origin
}

/** What one connection sends: how often it may, what it costs where it is wrong, when it last came, and how long a message has been on its way. */
export class Incoming {
  /** When something was last heard, monotonic ms. */
  heardAt: number
  readonly #clock: Clock
  readonly #invalidInput: InvalidInput
  readonly #from: From
  readonly #frames = new Allowance({ aSecond: limits.framesASecond, atOnce: limits.framesAtOnce })
  readonly #typing = new Typing()
  #unfinishedSince: number | null = null
  #wrongHellos = 0

  constructor(parts: { readonly clock: Clock; readonly invalidInput: InvalidInput }, from: From) {
    this.#clock = parts.clock
    this.#invalidInput = parts.invalidInput
    this.#from = from
    this.heardAt = parts.clock.monotonic()
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

  /** What came was not of its form, or a hello of nobody: it counts as many frames as it has kilobytes, and costs its sender as much elsewhere too. */
  charge(text: string): void {
    const bytes = Buffer.byteLength(text)
    this.#frames.spend(Math.max(0, Math.ceil(bytes / 1024) - 1))
    this.#invalidInput.charge(this.#sender, bytes)
  }

  /** Why this is too much of a sender whose input was wrong, and after how many ms to come back; null where it is taken. */
  lateFor(text: string): { readonly reason: string; readonly after: number } | null {
    const late = isLarge(Buffer.byteLength(text))
      ? this.#invalidInput.refusal(this.#sender)?.error
      : undefined
    return late ? { reason: late.message, after: 1_000 * (late.retryAfter ?? 1) } : null
  }

  get #sender(): Sender {
    return { user: this.#from.identity?.user ?? null, address: this.#from.origin.address }
  }

  /** A hello was wrong. Answers whether it may be said again. */
  mayRepeatHello(): boolean {
    return ++this.#wrongHellos <= limits.helloRepeats
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

/** Typing is told to the others at most this often. */
const everyMs = 1_000

/** How often one connection may tell that its person types. */
class Typing {
  #at = Number.NEGATIVE_INFINITY

  mayTell(clock: Clock): boolean {
    const now = clock.monotonic()
    if (now - this.#at < everyMs) return false
    this.#at = now
    return true
  }
}
