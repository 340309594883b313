import { Unavailable } from '../ports/failures.ts'

/** Lets so many tasks run at once and so many wait; the next one is turned away. */
export class Semaphore {
  readonly #atOnce: number
  readonly #most: number
  readonly #waiting: (() => void)[] = []
  #running = 0

  constructor(atOnce: number, mostWaiting: number) {
    this.#atOnce = atOnce
    this.#most = mostWaiting
  }

  /** What the task answers, in its turn. Rejects with `Unavailable` at once where too many wait already. */
  async run<T>(task: () => Promise<T>): Promise<T> {
    if (this.#running >= this.#atOnce) await this.#wait()
    else this.#running++
    try {
      return await task()
    } finally {
      const next = this.#waiting.shift()
      if (next) next()
      else this.#running--
    }
  }

  /** The turn is handed over by whoever ends: nobody new slips in between. */
  #wait(): Promise<void> {
    if (this.#waiting.length >= this.#most)
      throw new Unavailable('too many are waiting for the same work', { busy: true })
    return new Promise(resolve => this.#waiting.push(resolve))
  }
}
