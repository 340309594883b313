import { closeCodes } from '../../contract/codes.ts'
import type { Meter } from './ports/meter.ts'

/**
 * How many values there were of which size, in buckets that are made once: `counts[n]` counts those of at most `bounds[n]` and above the
 * bound before, the last one those above all bounds. To observe is a few comparisons and two additions.
 */
export class Histogram implements Meter {
  readonly bounds: readonly number[]
  readonly counts: Float64Array
  sum = 0

  constructor(bounds: readonly number[]) {
    this.bounds = bounds
    this.counts = new Float64Array(bounds.length + 1)
  }

  observe(value: number): void {
    let n = 0
    while (n < this.bounds.length && value > (this.bounds[n] as number)) n++
    this.counts[n] = (this.counts[n] as number) + 1
    this.sum += value
  }
}

/** One operation through one transport: how often with which outcome (`ok`, or the code of the refusal), and how long calls took, in ms. */
export class OperationMeter {
  readonly outcomes = new Map<string, number>()
  readonly times = new Histogram([1, 2.5, 5, 10, 25, 50, 100, 250, 1_000, 5_000])

  count(outcome: string): void {
    this.outcomes.set(outcome, (this.outcomes.get(outcome) ?? 0) + 1)
  }
}

/** Codes that the other end may close with are told apart only where they are known: it can make up thousands. 0 is all others. */
const countedCodes = new Set([1000, 1005, 1006, ...Object.keys(closeCodes).map(Number)])
const transports = ['http', 'socket'] as const

/**
 * Everything that a node counts, as plain numbers that somebody reads when they ask. What is told apart is told apart by words of
 * ours alone: operations, transports, codes. No person, room, message or address is ever a key here, so that it stays small and tells nothing.
 */
export class Meters {
  /** From a change's commit to its outcome as its caller waits for it, ms. */
  readonly commits = new Histogram([0.5, 1, 2.5, 5, 10, 25, 50, 100, 250, 1_000, 5_000])
  /** Writes that went to the disk together. */
  readonly batches = new Histogram([1, 2, 5, 10, 20, 50, 100, 200, 500])
  /** From another node's publishing to our hearing of it, ms, by the clocks of both. */
  readonly busLag = new Histogram([1, 2.5, 5, 10, 25, 50, 100, 250, 1_000, 5_000])
  /** Messages over the bus that no node of this history published. */
  busRefused = 0
  /** Events that were not heard of and were read from the store. */
  gapsFilled = 0
  headsCompared = 0
  /** Events written to sockets. */
  deliveries = 0
  /** Sockets closed for reading too slowly. */
  cut = 0
  /** Sockets closed, by the code that we gave, or the other end. */
  readonly closed = new Map<number, number>()
  /** HTTP answers by the hundreds of their status: `requests[2]` counts 2xx. */
  readonly requests = new Float64Array(6)
  readonly #operations = {
    http: new Map<string, OperationMeter>(),
    socket: new Map<string, OperationMeter>(),
  }

  /** `name` is one of the table's: what callers make up is not counted by its name. */
  operation(name: string, transport: 'http' | 'socket'): OperationMeter {
    const known = this.#operations[transport]
    let meter = known.get(name)
    if (!meter) {
      meter = new OperationMeter()
      known.set(name, meter)
    }
    return meter
  }

  *operations(): Iterable<{ name: string; transport: 'http' | 'socket'; meter: OperationMeter }> {
    for (const transport of transports)
      for (const [name, meter] of this.#operations[transport]) yield { name, transport, meter }
  }

  answered(status: number): void {
    const hundreds = Math.floor(status / 100)
    this.requests[hundreds] = (this.requests[hundreds] ?? 0) + 1
  }

  closedWith(code: number): void {
    const counted = countedCodes.has(code) ? code : 0
    this.closed.set(counted, (this.closed.get(counted) ?? 0) + 1)
  }
}
