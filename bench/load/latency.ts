/** A histogram of milliseconds in steps of a tenth, up to a minute: counting is one addition, however many there are. */
export class Latency {
  readonly #counts = new Uint32Array(600_001)
  count = 0
  max = 0

  add(ms: number, times = 1): void {
    const step = Math.min(600_000, Math.max(0, Math.round(ms * 10)))
    this.#counts[step] = (this.#counts[step] as number) + times
    this.count += times
    if (ms > this.max) this.max = ms
  }

  /** The least ms that so large a share (0 to 1) of all did not exceed; 0 for none. */
  quantile(share: number): number {
    let left = Math.ceil(this.count * share)
    for (let step = 0; step < this.#counts.length; step++) {
      left -= this.#counts[step] as number
      if (left <= 0) return step / 10
    }
    return this.max
  }

  summary(): { count: number; p50: number; p99: number; max: number } {
    return {
      count: this.count,
      p50: this.quantile(0.5),
      p99: this.quantile(0.99),
      max: Math.round(this.max * 10) / 10,
    }
  }
}
