import type { CloseCode } from '../../../contract/codes.ts'
import type { Epoch, RoomId, UserId } from '../../../contract/ids.ts'
import type { Identity, Origin } from '../../core/answer.ts'
import type { Meters } from '../../core/meters.ts'
import type { Clock } from '../../core/ports/clock.ts'
import type { Presence, Watcher } from '../../core/presence/presence.ts'
import type { InvalidInput } from '../invalid-input.ts'
import type { ReadScheduler } from '../read-scheduler.ts'
import type { Serve } from '../serve.ts'
import type { Hub } from './hub.ts'

/** A connection as its keeper sees it. `user` is there once it has an identity. */
export interface Kept extends Watcher {
  readonly identity: Identity | null
  readonly user: UserId
  readonly origin: Origin
  /** When something was last heard of the other end, monotonic ms. */
  readonly heardAt: number
  /** What its queue holds. */
  readonly queuedBytes: number
  bye(code: CloseCode, reason?: string, after?: number): void
  /** Tells it to come back after so many ms, when the calls that run are answered; nothing more is taken. */
  retire(after: number): void
  ping(): void
  /** Ends it where what it sends of one message has not been whole for `limits.messageStallMs`. */
  endStalled(): void
  /** Something of what is on its way may not be theirs any more: none of it reaches them later than in a moment (F4). */
  revoke(): void
  /** Whoever is in none of these rooms may not read them any more: answers that tell of them reach them in a moment or not at all (F4). */
  estrange(rooms: readonly RoomId[]): void
  /** What was held may go. */
  release(): void
  /** Ends the line at once: what is queued for it, here and in the operating system, reaches nobody. */
  terminate(): void
}

/** What every connection shares. */
export interface SocketParts {
  readonly hub: Hub
  readonly presence: Presence
  readonly serve: Serve
  readonly reads: ReadScheduler
  readonly invalidInput: InvalidInput
  readonly clock: Clock
  readonly node: string
  readonly metrics: Meters
  /** `off` for benchmarks only. */
  readonly limits: 'on' | 'off'
  identify(proof: { bearer: string }, from: Origin): Promise<Identity | null>
  epoch(): Epoch
  /** Whether the node is ending, so that sockets are let in elsewhere. */
  draining(): boolean
  /** Whether nothing may be delivered now, because it is not known whose keys have ended. */
  holding(): boolean
  /** Whether one more socket is let in from this address: those without identity are bounded. */
  admits(address: string, identified: boolean): boolean
  /** Whether one more socket of this person is served. */
  serves(user: UserId): boolean
  arrived(connection: Kept): void
  named(connection: Kept): void
  /** It is served nothing more; what was queued for it may be on its way still. */
  left(connection: Kept): void
  /** Its line is closed. */
  gone(connection: Kept): void
}
