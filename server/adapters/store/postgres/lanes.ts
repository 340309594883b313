import type { Writer } from '../sql/writer.ts'

interface Lane<Job, Answer> {
  readonly writer: Writer<Job, Answer>
  /** Jobs that it has and has not done. */
  load: number
}

/**
 * Several writers side by side. Jobs of one key go one after the other by one writer, in the order given; a key that nobody has takes the
 * writer with the least to do, so that what is held up holds up its own key and not the others.
 */
export class Lanes<Job, Answer> {
  readonly #lanes: readonly Lane<Job, Answer>[]
  readonly #taken = new Map<string, { readonly lane: Lane<Job, Answer>; jobs: number }>()

  constructor(writers: readonly Writer<Job, Answer>[]) {
    this.#lanes = writers.map(writer => ({ writer, load: 0 }))
  }

  async do(key: string, job: Job): Promise<Answer> {
    const taken = this.#taken.get(key) ?? { lane: this.#leastLoaded(), jobs: 0 }
    this.#taken.set(key, taken)
    taken.jobs++
    taken.lane.load++
    try {
      return await taken.lane.writer.do(job)
    } finally {
      taken.lane.load--
      if (--taken.jobs === 0) this.#taken.delete(key)
    }
  }

  #leastLoaded(): Lane<Job, Answer> {
    return this.#lanes.reduce((least, lane) => (lane.load < least.load ? lane : least))
  }
}
