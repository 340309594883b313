import type { UserId } from '../../contract/ids.ts'
import { limits } from '../../contract/limits.ts'
import type { Refusal } from '../core/answer.ts'
import { refuse } from '../core/answer.ts'
import { TokenBucket } from '../core/limits/token-bucket.ts'
import { Histogram } from '../core/meters.ts'
import type { Clock } from '../core/ports/clock.ts'
import { serverBusy } from '../core/refusals.ts'

/** Reads of one person that run at once: a page that opens asks for several, and none of them needs more than its share. */
const runningAPerson = 2
/** Of so many turns one is a catch-up's where both wait, and the others are of what people ask for: neither waits for the other to end. */
const turnsARound = 4
/** How long reads may keep the event loop, in ms, before everything else that waits has its turn. */
const sliceMs = 5

/** What a read costs whatever it answers, and each row of its answer, in bytes: about what takes as long to encode as they take to read. */
const callCost = 4 * 1024
const rowCost = 512

/** What a read of so many rows cost, in bytes, where its answer has so many. */
export const costOf = (rows: number, bytes: number): number => callCost + bytes + rows * rowCost

/** What a read came to, and what it cost in bytes (see `costOf`). */
export interface Read<T> {
  readonly value: T
  readonly cost: number
}

/** Bytes that one person may read at once, and then a second. */
export interface ReadBudget {
  readonly burst: number
  readonly aSecond: number
}

const usualBudget: ReadBudget = { burst: limits.readBurstBytes, aSecond: limits.readBytesASecond }

/** Whose budget and turns a read takes: a person's own, or those of their catch-ups. */
type Payer = UserId | ReturnType<typeof catchUpsOf>
const catchUpsOf = (user: UserId) => `catch-ups of ${user}` as const

interface Waiting {
  begin(): void
}

/** One payer with reads that run or wait. */
class Reader {
  running = 0
  readonly waiting: Waiting[] = []
  /** Those of its kind who wait and may run one more, in the order of their turns. */
  readonly ready: Set<Reader>

  constructor(ready: Set<Reader>) {
    this.ready = ready
  }

  get inFlight(): number {
    return this.running + this.waiting.length
  }
}

/**
 * Shares the event loop and the database among the people who read, whichever transport they come by and over however many connections:
 * a person has so many bytes at once and then so many a second, so many reads in flight, and takes turns with everybody else's. Between
 * turns the loop goes on with what else there is, so that no number of reads delays an acknowledgement by more than a slice.
 */
export class ReadScheduler {
  /** How long reads waited for their turn, ms. */
  readonly waits = new Histogram([1, 2.5, 5, 10, 25, 50, 100, 250, 1_000, 5_000])
  readonly #clock: Clock
  readonly #limits: 'on' | 'off'
  readonly #runningAtOnce: number
  readonly #budget: TokenBucket
  readonly #readers = new Map<Payer, Reader>()
  readonly #askers = new Set<Reader>()
  readonly #catchUps = new Set<Reader>()
  /** Turns that were taken while both kinds waited. */
  #turns = 0
  #running = 0
  #spentMs = 0
  #nextSlice: NodeJS.Immediate | null = null
  readonly #sweeping: Disposable

  /** `runningAtOnce`: reads of everybody that the database may have at once. `limits` `off`: turns alone, for benchmarks. */
  constructor(parts: {
    clock: Clock
    limits: 'on' | 'off'
    runningAtOnce: number
    budget?: ReadBudget | undefined
  }) {
    this.#clock = parts.clock
    this.#limits = parts.limits
    this.#runningAtOnce = parts.runningAtOnce
    this.#budget = new TokenBucket(parts.clock, parts.budget ?? usualBudget)
    this.#sweeping = parts.clock.every(60_000, () => this.#budget.sweep())
  }

  /** Reads that run or wait now, of everybody. */
  get inFlight(): number {
    let sum = 0
    for (const reader of this.#readers.values()) sum += reader.inFlight
    return sum
  }

  /**
   * Does a read in its person's turn. Refused with `rate_limited` and when to come again where that person has read too much or asked
   * for too much at once; with `unavailable` where the turn does not come within `limits.readWaitMs`.
   */
  async run<T>(user: UserId, read: () => Promise<Read<T>>): Promise<{ readonly done: T } | Refusal> {
    const late = this.refusal(user)
    if (late) return late
    const reader = this.#readerOf(user, this.#askers)
    if (this.#limits === 'on' && reader.inFlight >= limits.readsAPerson) return tooMuch(1)
    if (!(await this.#turn(user, reader, limits.readWaitMs))) return serverBusy
    // What ran before it may have cost all that was left.
    return this.#do(user, reader, async () => this.refusal(user) ?? { done: await this.#paid(user, read) })
  }

  /**
   * A page of a catch-up. It waits until there is something left to read with, and has a budget and turns of its own: how much there is to
   * catch up with is up to others, so that it must not be in the way of what its person asks for. Nothing is read, and null is answered,
   * where what it is for is over when its turn comes.
   */
  async whenAffordable<T>(
    user: UserId,
    whatFor: { readonly isOver: boolean },
    read: () => Promise<Read<T>>,
  ): Promise<T | null> {
    const payer = catchUpsOf(user)
    for (;;) {
      const seconds = this.#seconds(payer)
      if (seconds > 0) await new Promise<void>(resolve => void this.#clock.after(seconds * 1_000, resolve))
      if (whatFor.isOver) return null
      const reader = this.#readerOf(payer, this.#catchUps)
      await this.#turn(payer, reader, null)
      // All who waited woke at once: those before it may have left nothing.
      const done = await this.#do(payer, reader, async () => {
        if (whatFor.isOver) return { value: null }
        return this.#seconds(payer) > 0 ? null : { value: await this.#paid(payer, read) }
      })
      if (done) return done.value
    }
  }

  /** Why this person may not read now, or null. */
  refusal(user: UserId): Refusal | null {
    const seconds = this.#seconds(user)
    return seconds > 0 ? tooMuch(seconds) : null
  }

  /** So many bytes were read for this person. */
  charge(user: UserId, bytes: number): void {
    this.#spend(user, bytes)
  }

  [Symbol.dispose](): void {
    this.#sweeping[Symbol.dispose]()
  }

  #seconds(payer: Payer): number {
    return this.#limits === 'on' ? this.#budget.wait(payer) : 0
  }

  #spend(payer: Payer, bytes: number): void {
    if (this.#limits === 'on') this.#budget.spend(payer, bytes)
  }

  #readerOf(payer: Payer, ready: Set<Reader>): Reader {
    const reader = this.#readers.get(payer) ?? new Reader(ready)
    this.#readers.set(payer, reader)
    return reader
  }

  /** Resolves true in this reader's turn, and false where that does not come within `mostMs`. */
  async #turn(payer: Payer, reader: Reader, mostMs: number | null): Promise<boolean> {
    if (this.#askers.size + this.#catchUps.size === 0 && this.#mayRun(reader)) {
      this.#begin(reader)
      this.waits.observe(0)
      return true
    }
    const since = this.#clock.monotonic()
    const { promise, resolve } = Promise.withResolvers<boolean>()
    const waiting = { begin: () => resolve(true) }
    reader.waiting.push(waiting)
    using _late =
      mostMs === null ? null : this.#clock.after(mostMs, () => this.#giveUp(payer, reader, waiting, resolve))
    if (reader.running < runningAPerson) reader.ready.add(reader)
    this.#runReady()
    const isIts = await promise
    this.waits.observe(this.#clock.monotonic() - since)
    return isIts
  }

  #giveUp(payer: Payer, reader: Reader, waiting: Waiting, resolve: (isIts: boolean) => void): void {
    const at = reader.waiting.indexOf(waiting)
    if (at < 0) return
    reader.waiting.splice(at, 1)
    if (reader.waiting.length === 0) reader.ready.delete(reader)
    this.#forgetIdle(payer, reader)
    resolve(false)
  }

  async #do<T>(payer: Payer, reader: Reader, work: () => Promise<T>): Promise<T> {
    const begun = this.#clock.monotonic()
    try {
      return await work()
    } finally {
      this.#ended(payer, reader, this.#clock.monotonic() - begun)
    }
  }

  async #paid<T>(payer: Payer, read: () => Promise<Read<T>>): Promise<T> {
    const { value, cost } = await read()
    this.#spend(payer, cost)
    return value
  }

  #mayRun(reader: Reader): boolean {
    return reader.running < runningAPerson && this.#running < this.#runningAtOnce && this.#spentMs < sliceMs
  }

  #begin(reader: Reader): void {
    reader.running++
    this.#running++
  }

  /** Whose turn it is: those of each kind one after the other, and the kinds by their shares. */
  #next(): Reader | undefined {
    const [asker] = this.#askers
    const [catchUp] = this.#catchUps
    if (!asker || !catchUp) return asker ?? catchUp
    return this.#turns % turnsARound === turnsARound - 1 ? catchUp : asker
  }

  #runReady(): void {
    for (let reader = this.#next(); reader; reader = this.#next()) {
      if (!this.#mayRun(reader)) return
      if (this.#askers.size > 0 && this.#catchUps.size > 0) this.#turns++
      reader.ready.delete(reader)
      const next = reader.waiting.shift()
      if (!next) continue
      this.#begin(reader)
      // Behind everybody else who waits.
      if (reader.waiting.length > 0 && reader.running < runningAPerson) reader.ready.add(reader)
      next.begin()
    }
  }

  #ended(payer: Payer, reader: Reader, ms: number): void {
    reader.running--
    this.#running--
    this.#spentMs += ms
    this.#nextSlice ??= setImmediate(() => {
      this.#nextSlice = null
      this.#spentMs = 0
      this.#runReady()
    })
    if (reader.waiting.length > 0) reader.ready.add(reader)
    this.#forgetIdle(payer, reader)
    this.#runReady()
  }

  #forgetIdle(payer: Payer, reader: Reader): void {
    if (reader.inFlight === 0) this.#readers.delete(payer)
  }
}

const tooMuch = (seconds: number): Refusal =>
  refuse(
    'rate_limited',
    `You read too much at once. Wait for ${seconds} ${seconds === 1 ? 'second' : 'seconds'}, then go on.`,
    { retryAfter: seconds },
  )
