import type { Clock } from '../../server/core/ports/clock.ts'

interface Due {
  at: number
  readonly every: number | null
  readonly then: () => void
}

/** A clock whose time the test turns on. It begins at a day of 2026, so that nothing is older than the epoch. */
export class HandClock implements Clock {
  #now = Date.UTC(2026, 0, 1)
  readonly #due = new Set<Due>()

  now = (): number => this.#now
  monotonic = (): number => this.#now
  after = (ms: number, then: () => void): Disposable => this.#add({ at: this.#now + ms, every: null, then })
  every = (ms: number, then: () => void): Disposable => this.#add({ at: this.#now + ms, every: ms, then })

  /** Moves on and runs what is due, each once. */
  turn(ms: number): void {
    this.#now += ms
    for (const due of [...this.#due]) {
      if (due.at > this.#now) continue
      if (due.every === null) this.#due.delete(due)
      else due.at = this.#now + due.every
      due.then()
    }
  }

  #add(due: Due): Disposable {
    this.#due.add(due)
    return { [Symbol.dispose]: () => this.#due.delete(due) }
  }
}
