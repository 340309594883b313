import type { Socket } from 'node:net'
import type { RoomId } from '../../../contract/ids.ts'
import { limits } from '../../../contract/limits.ts'
import type { Clock } from '../../core/ports/clock.ts'

interface HeldFrame {
  readonly frame: Buffer
  readonly events: number
}

/** A socket's frames that wait until it is known whose keys have ended: as many as may be queued. */
export class PausedFrames {
  #frames: HeldFrame[] = []
  #events = 0
  #bytes = 0

  get isEmpty(): boolean {
    return this.#frames.length === 0
  }

  /** Answers false where that is more than may wait. */
  add(frame: Buffer, events: number): boolean {
    this.#frames.push({ frame, events })
    this.#events += events
    this.#bytes += frame.length
    return this.#events <= limits.queuedEvents && this.#bytes <= limits.queuedBytes
  }

  /** Whether any of them is one of these. */
  some(which: (frame: Buffer) => boolean): boolean {
    return this.#frames.some(({ frame }) => which(frame))
  }

  /** All of them, in their order; none waits any more. */
  take(): readonly HeldFrame[] {
    const frames = this.#frames
    this.#frames = []
    this.#events = 0
    this.#bytes = 0
    return frames
  }
}

/** Answers that were written to a connection and may be on their way still: none, as soon as the operating system took all that was written. */
export class SentAnswers {
  readonly #tcp: Socket
  #frames: Buffer[] = []

  constructor(tcp: Socket) {
    this.#tcp = tcp
  }

  /** It was written now. What went at once is not kept. */
  add(frame: Buffer): void {
    if (this.#tcp.writableLength > 0) this.#frames.push(frame)
  }

  /** Before something is written, and when the connection has drained: an empty queue holds nothing. */
  look(): void {
    if (this.#frames.length > 0 && this.#tcp.writableLength === 0) this.#frames = []
  }

  /** Whether any of them may be on its way and names one of these rooms. */
  mayName(rooms: readonly RoomId[]): boolean {
    this.look()
    return this.#frames.some(frame => namesAny(frame, rooms))
  }
}

/** Whatever is answered of a room names it. */
export const namesAny = (frame: Buffer, rooms: readonly RoomId[]): boolean =>
  rooms.some(room => frame.includes(room))

/** Calls `expired` unless the operating system takes what is queued on a line now within `limits.endedLineMs`. */
export function onWriteTimeout(tcp: Socket, clock: Clock, expired: () => void): void {
  if (tcp.writableLength === 0) return
  const due = tcp.bytesWritten
  clock.after(limits.endedLineMs, () => {
    if (tcp.bytesWritten - tcp.writableLength < due) expired()
  })
}
