import type { CallResult } from '../model.ts'
import type { ClientClock } from '../ports.ts'

/** A read that takes longer than this, ms, is begun anew when the connection comes back: its answer may have gone with the one before. */
const lateMs = 5_000

/** The reads of a room that are on their way, each kind once at a time. What the newest turn replaces is not to be touched by those before it. */
export class Turns {
  readonly #clock: ClientClock
  readonly #refreshing = new SingleFlight<CallResult<void>>()
  readonly #paging = new SingleFlight<CallResult<void>>()
  #turn = 0
  #isLate = false

  constructor(clock: ClientClock) {
    this.#clock = clock
  }

  /** From now on, what was asked for before is not taken any more. Tells whether this is the newest turn. */
  next(): () => boolean {
    this.#refreshing.forget()
    this.#paging.forget()
    this.#isLate = false
    this.#turn++
    return this.current()
  }

  /** Tells whether the turn that is the newest now still is. */
  current(): () => boolean {
    const turn = this.#turn
    return () => turn === this.#turn
  }

  refresh(what: string, work: () => Promise<CallResult<void>>): Promise<CallResult<void>> {
    return this.#refreshing.do(what, work)
  }

  page(side: string, work: () => Promise<CallResult<void>>): Promise<CallResult<void>> {
    return this.#paging.do(side, work)
  }

  /** A read begins; the answer ends it. */
  time(isNewest: () => boolean): () => void {
    return this.#clock.after(lateMs, () => {
      this.#isLate = isNewest()
    })
  }

  /** What has been on its way for too long is given up. */
  dropLate(): void {
    if (this.#isLate) this.next()
  }
}

/** Work by name, each at most once at a time: who asks for it while it is being done is given the same. */
class SingleFlight<T> {
  readonly #doing = new Map<string, Promise<T>>()

  do(name: string, work: () => Promise<T>): Promise<T> {
    const doing = this.#doing.get(name)
    if (doing) return doing
    const done = work().then(result => {
      if (this.#doing.get(name) === done) this.#doing.delete(name)
      return result
    })
    this.#doing.set(name, done)
    return done
  }

  /** What is being done does not matter any more: it may be begun anew. */
  forget(): void {
    this.#doing.clear()
  }
}
