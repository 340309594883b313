import type { UserId } from '../../contract/ids.ts'
import { limits } from '../../contract/limits.ts'
import type { Answer, Refusal } from '../core/answer.ts'
import { tooOften } from '../core/limits/counts.ts'
import { networkOf } from '../core/limits/rates.ts'
import { TokenBucket } from '../core/limits/token-bucket.ts'
import type { Clock } from '../core/ports/clock.ts'

/** Whose body it is: the person who showed who they are, and where it comes from. */
export interface Sender {
  readonly user: UserId | null
  readonly address: string
}

const sweepMs = 60_000

/** Whether a call was sent in vain: it was wrong, or came too soon. To read it cost as much as if it had not. */
export const isInVain = (answer: Answer<unknown>): boolean =>
  'error' in answer && (answer.error.code === 'invalid' || answer.error.code === 'rate_limited')

/**
 * What large input costs that was sent in vain (`isInVain`, or a watch that another replaced before its turn): its kilobytes, of a budget of
 * the person over all their connections, or of the network where nobody showed who they are (`networkOf`). Small input costs nothing, and is taken from whoever has used up theirs.
 *
 * So whoever shares a network with a sender of such input is not shut out: every form that is filled in without being signed in, signing in
 * among them, is smaller than what is charged, and whoever shows who they are with the request or the upgrade is counted as themselves. What
 * waits, for as long as the other goes on, is a hello of more than `smallInputBytes`, some 90 cursors, that brings its token itself, and a
 * body that comes in chunks, which tells no size. A script says who it is at the upgrade instead, with the Authorization header.
 */
export class InvalidInput implements Disposable {
  readonly #kilobytes: TokenBucket | null
  readonly #sweeping: Disposable

  /** `limits`: `off` for benchmarks only. */
  constructor(parts: { readonly clock: Clock; readonly limits: 'on' | 'off' }) {
    const rate = { burst: limits.invalidKilobytesAtOnce, aSecond: limits.invalidKilobytesASecond }
    this.#kilobytes = parts.limits === 'on' ? new TokenBucket(parts.clock, rate) : null
    this.#sweeping = parts.clock.every(sweepMs, () => this.#kilobytes?.sweep())
  }

  charge(sender: Sender, bytes: number): void {
    if (isLarge(bytes)) this.#kilobytes?.spend(keyOf(sender), Math.ceil(bytes / 1024))
  }

  /** Why no large input is taken now, with when it is again; null where it is. */
  refusal(sender: Sender): Refusal | null {
    const seconds = this.#kilobytes?.wait(keyOf(sender)) ?? 0
    return seconds === 0 ? null : tooOften(seconds)
  }

  [Symbol.dispose](): void {
    this.#sweeping[Symbol.dispose]()
  }
}

/** Larger than whatever an ordinary client gets wrong again and again, and than any form that somebody fills in without being signed in. */
export const isLarge = (bytes: number): boolean => bytes > limits.smallInputBytes

const keyOf = ({ user, address }: Sender): string => user ?? networkOf(address)
