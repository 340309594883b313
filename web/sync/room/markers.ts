import { errorCodes } from '../../../contract/codes.ts'
import type { RoomId, Seq } from '../../../contract/ids.ts'
import type { Cancel, Ports } from '../ports.ts'
import type { CallOperation } from '../replica/snapshots.ts'
import { Backoff } from '../transport/backoff.ts'
import { callHttp } from '../transport/http-client.ts'

/** Reading on moves one's marker at most this often, ms. */
const settleMs = 400

/**
 * One's marker on its way: from where the server had it, to where one has read, past so many unread messages, where that is known; `answered`
 * when the server has answered, but no event of it is received.
 */
interface Move {
  readonly from: Seq
  readonly to: Seq
  readonly passed: number | null
  readonly answered: boolean
}

/** One's read markers on their way to the server: forward only, the farthest of each room, and again when the connection is back. */
export class Markers {
  readonly #call: CallOperation
  /** For what must not end with the page. */
  readonly #keepaliveCall: CallOperation
  readonly #clock: Ports['clock']
  readonly #changed: () => void
  readonly #backoff: Backoff
  readonly #moves = new Map<RoomId, Move>()
  #settling: Promise<void> | null = null
  #flushBy: (call: CallOperation) => void = () => {}
  #again: Cancel = () => {}
  #stopped = false

  /** `changed`: what `seen` answers is another thing. */
  constructor(
    call: CallOperation,
    { clock, random, http }: Pick<Ports, 'clock' | 'random' | 'http'>,
    changed: () => void,
  ) {
    this.#call = call
    this.#keepaliveCall = (op, input) => callHttp(op, input, { ...http, keepalive: true })
    this.#clock = clock
    this.#changed = changed
    this.#backoff = new Backoff(() => random())
  }

  /** How far one has read in a room where one's marker is known to be at `read`. */
  seen(room: RoomId, read: Seq): Seq {
    const move = this.#moves.get(room)
    return move && underWay(move, read) ? Math.max(move.to, read) : read
  }

  /** Past how many unread messages one has read there, where that is known. */
  passed(room: RoomId, read: Seq): number | null {
    const move = this.#moves.get(room)
    return move?.from === read ? move.passed : null
  }

  /** From `from`, where the marker is known to be, past so many unread messages. Resolves when the server has it, or could not be reached. */
  move(room: RoomId, from: Seq, to: Seq, passed: number | null): Promise<void> {
    if (to > this.seen(room, from)) {
      this.#moves.set(room, { from, to, passed, answered: false })
      this.#changed()
    }
    return this.flush()
  }

  /** Messages after `to` are unread. What was still to be sent of the room is not sent any more. */
  back(room: RoomId, to: Seq): Promise<unknown> {
    this.#forget(room)
    return this.#call('reads.back', { id: room, seq: to })
  }

  /** Sends what is to be sent, a moment later. */
  flush(): Promise<void> {
    if (this.#stopped || this.#unanswered.length === 0) return Promise.resolve()
    this.#settling ??= this.#settle()
    return this.#settling
  }

  /** Sends it at once: the page may be about to end. */
  hurry(): void {
    this.#flushBy(this.#keepaliveCall)
  }

  /** Nothing is sent any more. */
  stop(): void {
    this.#stopped = true
    this.#again()
    this.#flushBy(this.#call)
  }

  get #unanswered(): [RoomId, Move][] {
    return [...this.#moves].filter(([, move]) => !move.answered)
  }

  async #settle(): Promise<void> {
    const call = await new Promise<CallOperation>(resolve => {
      const cancel = this.#clock.after(settleMs, () => resolve(this.#call))
      this.#flushBy = by => {
        cancel()
        resolve(by)
      }
    })
    this.#settling = null
    if (this.#stopped) return
    await Promise.all(this.#unanswered.map(([room, move]) => this.#send(call, room, move)))
  }

  async #send(call: CallOperation, room: RoomId, move: Move): Promise<void> {
    const answer = await call('reads.move', { id: room, seq: move.to })
    if ('unreachable' in answer) return
    const refused = 'error' in answer ? answer.error : null
    if (refused && errorCodes[refused.code].retry) this.#later(refused.retryAfter)
    else {
      this.#backoff.worked()
      // What is refused for good is not sent again, nor does it count as unread here because of that.
      if (this.#moves.get(room) === move) this.#moves.set(room, { ...move, answered: true })
    }
  }

  /** The server asks for patience, for so many seconds maybe. */
  #later(retryAfter: number | undefined): void {
    this.#again()
    this.#again = this.#clock.after(this.#backoff.next(retryAfter), () => void this.flush())
  }

  #forget(room: RoomId): void {
    if (this.#moves.delete(room)) this.#changed()
  }
}

/** Until the server has it and the marker is known to have moved: to there, or by another device. */
const underWay = ({ from, answered }: Move, read: Seq): boolean => !answered || from === read
