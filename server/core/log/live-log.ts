import type { Seq } from '../../../contract/ids.ts'

/** Consecutive events: the n-th body has seq `first + n`. */
export interface EventRun {
  readonly first: Seq
  readonly bodies: readonly string[]
}

/** So many events may wait for an earlier one; beyond it, later ones are read from the store, as the missing one is. */
const earlyEvents = 1_000

/**
 * One log's live end, put in order: it takes runs in any order and any number of times, and gives each seq once, in order, without a gap
 * (L5, F1). Until it is begun it only collects, so that what is announced while its head is being read is neither lost nor doubled (F7).
 */
export class LiveLog {
  #head: Seq | null = null
  readonly #early = new Map<Seq, string>()
  /** The last seq that was not kept for want of room. */
  #left: Seq = 0

  /** The last seq given; 0 before it is begun. */
  get head(): Seq {
    return this.#head ?? 0
  }

  /** Something after a missing seq is waiting, or was not kept. */
  get gap(): boolean {
    return this.#head !== null && (this.#early.size > 0 || this.#left > this.#head)
  }

  /** Starts after `head`; gives what was collected above it. */
  begin(head: Seq): EventRun | null {
    this.#head = head
    for (const seq of this.#early.keys()) if (seq <= head) this.#early.delete(seq)
    return this.#next()
  }

  /** What can be given now. */
  take(run: EventRun): EventRun | null {
    if (this.#head !== null && run.first <= this.#head + 1) return this.#goOn(this.#head + 1, run)
    run.bodies.forEach((body, n) => {
      this.#keep(run.first + n, body)
    })
    return null
  }

  /** A run that reaches the head, or goes beyond it: what is new of it, and what waited for it. */
  #goOn(first: Seq, run: EventRun): EventRun | null {
    const bodies = run.first === first ? run.bodies : run.bodies.slice(first - run.first)
    this.#head = first - 1 + bodies.length
    if (this.#early.size > 0) for (const n of bodies.keys()) this.#early.delete(first + n)
    const more = this.#next()
    if (more) return { first, bodies: [...bodies, ...more.bodies] }
    if (bodies === run.bodies) return run
    return bodies.length > 0 ? { first, bodies } : null
  }

  #keep(seq: Seq, body: string): void {
    if (this.#early.size < earlyEvents) this.#early.set(seq, body)
    else this.#left = Math.max(this.#left, seq)
  }

  #next(): EventRun | null {
    if (this.#head === null || this.#early.size === 0) return null
    const first = this.#head + 1
    const bodies: string[] = []
    for (let body = this.#early.get(first); body !== undefined; body = this.#early.get(this.#head + 1)) {
      this.#early.delete(++this.#head)
      bodies.push(body)
    }
    return bodies.length > 0 ? { first, bodies } : null
  }
}
