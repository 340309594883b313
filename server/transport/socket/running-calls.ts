import { limits } from '../../../contract/limits.ts'

/** The socket whose calls these are: while it is paused nothing more is read from it. */
interface Source {
  pause(): void
  resume(): void
}

/** The calls of one connection that run: at most so many at once, and the connection goes after the last where it is to go. */
export class RunningCalls {
  readonly #source: Source
  readonly #leave: (after: number) => void
  #running = 0
  /** The time after which to come back, ms, of a connection that is to go. */
  #retiring: number | null = null

  /** `leave`: says goodbye, once the connection is to go and nothing runs. */
  constructor(source: Source, leave: (after: number) => void) {
    this.#source = source
    this.#leave = leave
  }

  get isRetiring(): boolean {
    return this.#retiring !== null
  }

  begin(): void {
    if (++this.#running === limits.callsAtOnce) this.#source.pause()
  }

  /** One is done, and may be answered: `answer` sends that before any goodbye. */
  end(answer: () => void): void {
    if (this.#running-- === limits.callsAtOnce && !this.isRetiring) this.#source.resume()
    answer()
    this.#leaveIfDone()
  }

  retire(after: number): void {
    this.#retiring = after
    // What was sent and is not read yet gets no answer: whoever sent it asks again, by its id, where they come back.
    this.#source.pause()
    this.#leaveIfDone()
  }

  #leaveIfDone(): void {
    if (this.#retiring === null || this.#running > 0) return
    this.#leave(this.#retiring)
    // The other end's answer to the close is to be read.
    this.#source.resume()
  }
}
