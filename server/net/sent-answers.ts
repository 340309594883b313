import type { Socket } from 'node:net'
import type { RoomId } from '../../contract/ids.ts'

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
