import { Latency } from './latency.ts'
import { cpuMicroseconds } from './process.ts'
import type { RawClient } from './raw-client.ts'

/** One member of the loaded room: how to post, and what was heard. */
export interface Member {
  readonly client: RawClient
  post(n: number): void
}

/** What the clients tell the meter. */
export interface Meter {
  /** So many posts, the last of which was number `last`, reached one member in one frame. */
  delivered(last: number, count: number): void
  acknowledged(n: number): void
}

export interface Result {
  readonly server: string
  readonly members: number
  readonly offeredPerSecond: number
  readonly deliveriesPerSecond: number
  readonly acknowledgedPerSecond: number
  readonly latencyMs: { count: number; p50: number; p99: number; max: number }
  readonly cpuMicrosecondsPerDelivery: number
  readonly complete: boolean
}

const cpuOf = (pids: readonly number[]): number => pids.reduce((sum, pid) => sum + cpuMicroseconds(pid), 0)

const everyMs = 2
const lastWaitMs = 15_000

/**
 * Posts at a fixed rate, whatever the server keeps up with, and measures deliveries from the moment a post was due. The first share of
 * the time warms up and is not counted.
 */
export class Load implements Meter {
  readonly #sentAt: number[] = []
  #latency = new Latency()
  #delivered = 0
  #acknowledged = 0
  #all = 0

  delivered(last: number, count: number): void {
    const now = performance.now()
    for (let n = last - count + 1; n <= last; n++) this.#latency.add(now - (this.#sentAt[n] as number))
    this.#delivered += count
    this.#all += count
  }

  /** Posts so far, and how many of them reached how many members, the warming up counted in. */
  get sent(): number {
    return this.#sentAt.length
  }

  get deliveries(): number {
    return this.#all
  }

  acknowledged(): void {
    this.#acknowledged++
  }

  async run(
    server: string,
    pids: readonly number[],
    members: readonly Member[],
    posters: number,
    rate: number,
    seconds: number,
  ): Promise<Result> {
    const warmUp = Math.min(2, seconds / 4)
    await this.#post(members, posters, rate, warmUp)
    this.#latency = new Latency()
    this.#delivered = 0
    this.#acknowledged = 0
    const cpu = cpuOf(pids)
    const began = performance.now()
    await this.#post(members, posters, rate, seconds)
    const elapsed = (performance.now() - began) / 1_000
    const counted = {
      delivered: this.#delivered,
      acknowledged: this.#acknowledged,
      cpu: cpuOf(pids) - cpu,
    }
    const complete = await this.#last(members.length)
    return {
      server,
      members: members.length,
      offeredPerSecond: rate,
      deliveriesPerSecond: Math.round(counted.delivered / elapsed),
      acknowledgedPerSecond: Math.round(counted.acknowledged / elapsed),
      latencyMs: this.#latency.summary(),
      cpuMicrosecondsPerDelivery: Math.round((counted.cpu / Math.max(1, counted.delivered)) * 1_000) / 1_000,
      complete,
    }
  }

  async #post(members: readonly Member[], posters: number, rate: number, seconds: number): Promise<void> {
    const began = performance.now()
    const first = this.#sentAt.length
    const due = () => Math.min(seconds * rate, ((performance.now() - began) / 1_000) * rate)
    while (performance.now() - began < seconds * 1_000) {
      while (this.#sentAt.length - first < due()) {
        const n = this.#sentAt.push(began + ((this.#sentAt.length - first) / rate) * 1_000) - 1
        members[n % posters]?.post(n)
      }
      await new Promise(resolve => setTimeout(resolve, everyMs))
    }
  }

  /** Waits for what is still on its way; whether every member got every post. */
  async #last(members: number): Promise<boolean> {
    const until = performance.now() + lastWaitMs
    const expected = this.#sentAt.length * members
    while (this.#all < expected && performance.now() < until)
      await new Promise(resolve => setTimeout(resolve, 20))
    return this.#all === expected
  }
}
