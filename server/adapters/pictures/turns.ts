import type { Clock } from '../../core/ports/clock.ts'

/** Someone's picture that waits to be read. */
export interface Waiting<Answer> {
  /** Whose it is. */
  readonly of: string
  readonly bytes: Uint8Array
  answer(answer: Answer): void
}

/** So long it counts what somebody's pictures took, ms. */
const rememberedMs = 10 * 60_000

interface Bounds {
  readonly most: number
  /** Of one person. */
  readonly mostOfOne: number
  /** How long one waits at most, ms. */
  readonly patienceMs: number
}

/** About how long a picture takes by how large it is, ms: of those that take longest for their size, some MB take some seconds. */
const expectedMs = (bytes: Uint8Array): number => bytes.length / 1024

/**
 * Whose picture is read next, where one is read after the other: that of whoever took the least time so far, with what theirs is expected to
 * take, and each person's in their order. So whoever brings pictures that take long waits for everybody else's, also where each comes from
 * an account of its own, and everybody else for one of theirs at most.
 */
export class PictureTurns<Answer> {
  readonly #clock: Clock
  readonly #bounds: Bounds
  readonly #waiting = new Map<Waiting<Answer>, Disposable>()
  /** How long the pictures of each took, ms, since the first of them, and when that is forgotten, monotonic ms. */
  readonly #took = new Map<string, { readonly ms: number; readonly until: number }>()

  constructor(clock: Clock, bounds: Bounds) {
    this.#clock = clock
    this.#bounds = bounds
  }

  /** Answers whether there was room for it. `late` is what it is answered when its turn has not come in time. */
  add(one: Waiting<Answer>, late: Answer): boolean {
    const { most, mostOfOne, patienceMs } = this.#bounds
    const theirs = [...this.#waiting.keys()].filter(({ of }) => of === one.of)
    if (this.#waiting.size >= most || theirs.length >= mostOfOne) return false
    const giveUp = this.#clock.after(patienceMs, () => {
      this.#waiting.delete(one)
      one.answer(late)
    })
    this.#waiting.set(one, giveUp)
    return true
  }

  /** Takes out the next one. */
  next(): Waiting<Answer> | undefined {
    const firsts = new Map<string, Waiting<Answer>>()
    for (const one of this.#waiting.keys()) if (!firsts.has(one.of)) firsts.set(one.of, one)
    let next: Waiting<Answer> | undefined
    for (const one of firsts.values()) if (!next || this.#costOf(one) < this.#costOf(next)) next = one
    if (next) this.#take(next)
    return next
  }

  /** Somebody's picture took so long. */
  took(of: string, ms: number): void {
    const now = this.#clock.monotonic()
    for (const [other, { until }] of this.#took) if (until <= now) this.#took.delete(other)
    const before = this.#took.get(of)
    this.#took.set(of, { ms: (before?.ms ?? 0) + ms, until: before?.until ?? now + rememberedMs })
  }

  /** Nobody waited for a while: all begin anew. */
  forget(): void {
    this.#took.clear()
  }

  /** Takes out all. */
  empty(): Waiting<Answer>[] {
    const all = [...this.#waiting.keys()]
    for (const one of all) this.#take(one)
    return all
  }

  #take(one: Waiting<Answer>): void {
    this.#waiting.get(one)?.[Symbol.dispose]()
    this.#waiting.delete(one)
  }

  #costOf(one: Waiting<Answer>): number {
    return (this.#took.get(one.of)?.ms ?? 0) + expectedMs(one.bytes)
  }
}
