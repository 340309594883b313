import type { RoomId, Seq } from '../../contract/ids.ts'
import type { Clock } from './ports.ts'
import type { Call } from './snapshots.ts'

/** Reading on moves one's marker at most this often, ms. */
const settleMs = 400

/** One's read markers on their way to the server: forward only, the farthest of each room, and again when the line is back. */
export class Markers {
  readonly #call: Call
  readonly #clock: Clock
  readonly #wanted = new Map<RoomId, Seq>()
  #settling: Promise<void> | null = null
  #wake: () => void = () => {}
  #stopped = false

  constructor(call: Call, clock: Clock) {
    this.#call = call
    this.#clock = clock
  }

  /** Resolves when the server was told, or could not be. */
  move(room: RoomId, to: Seq): Promise<void> {
    if (to > (this.#wanted.get(room) ?? 0)) this.#wanted.set(room, to)
    return this.flush()
  }

  /** Messages after `to` are unread. What was still to be told of the room is not told any more. */
  back(room: RoomId, to: Seq): Promise<unknown> {
    this.#wanted.delete(room)
    return this.#call('reads.back', { id: room, seq: to })
  }

  /** Tells what is to be told, a moment later. */
  flush(): Promise<void> {
    if (this.#wanted.size === 0 || this.#stopped) return Promise.resolve()
    this.#settling ??= this.#settle()
    return this.#settling
  }

  /** Nothing is told any more. */
  stop(): void {
    this.#stopped = true
    this.#wake()
  }

  async #settle(): Promise<void> {
    await new Promise<void>(resolve => {
      const cancel = this.#clock.after(settleMs, resolve)
      this.#wake = () => {
        cancel()
        resolve()
      }
    })
    this.#settling = null
    if (this.#stopped) return
    await Promise.all([...this.#wanted].map(([room, seq]) => this.#tell(room, seq)))
  }

  async #tell(room: RoomId, seq: Seq): Promise<void> {
    const answer = await this.#call('reads.move', { id: room, seq })
    if (!('unreachable' in answer) && this.#wanted.get(room) === seq) this.#wanted.delete(room)
  }
}
