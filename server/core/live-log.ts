import type { Seq } from '../../contract/ids.ts'

/** Consecutive events: the n-th body has seq `first + n`. */
export interface Run {
  readonly first: Seq
  readonly bodies: readonly string[]
}

/**
 * One log's live end, put in order: it takes runs in any order and any number of times, and gives each seq once, in order, without a gap
 * (L5, F1). Until it is begun it only collects, so that what is announced while its head is being read is neither lost nor doubled (F7).
 */
export class LiveLog {
  #head: Seq | null = null
  readonly #early = new Map<Seq, string>()

  /** The last seq given; 0 before it is begun. */
  get head(): Seq {
    return this.#head ?? 0
  }

  /** Something after a missing seq is waiting. */
  get gap(): boolean {
    return this.#head !== null && this.#early.size > 0
  }

  /** Starts after `head`; gives what was collected above it. */
  begin(head: Seq): Run | null {
    this.#head = head
    for (const seq of this.#early.keys()) if (seq <= head) this.#early.delete(seq)
    return this.#next()
  }

  /** What can be given now. */
  take(run: Run): Run | null {
    if (run.first === this.head + 1 && this.#head !== null && this.#early.size === 0) {
      this.#head += run.bodies.length
      return run
    }
    run.bodies.forEach((body, n) => {
      if (this.#head === null || run.first + n > this.#head) this.#early.set(run.first + n, body)
    })
    return this.#next()
  }

  #next(): Run | null {
    if (this.#head === null) return null
    const first = this.#head + 1
    const bodies: string[] = []
    for (let body = this.#early.get(first); body !== undefined; body = this.#early.get(this.#head + 1)) {
      this.#early.delete(++this.#head)
      bodies.push(body)
    }
    return bodies.length > 0 ? { first, bodies } : null
  }
}
