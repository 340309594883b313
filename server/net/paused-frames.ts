import { limits } from '../../contract/limits.ts'

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
