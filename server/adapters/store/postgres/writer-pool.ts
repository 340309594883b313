import type { Clock } from '../../../core/ports/clock.ts'
import type { GroupCommit } from '../sql/group-commit.ts'

interface WriterQueue<Job, Answer> {
  readonly writer: GroupCommit<Job, Answer>
  /** Jobs that it has and has not done. */
  load: number
  /** When it was last seen to go: it did a job, or was given one while it had none. */
  wentAt: number
}

/** So many queues take all that comes while they move: fewer make larger batches, and a batch costs PostgreSQL more than a job in it. */
const usual = 2
/** A queue that has done nothing of what it has for so long, ms, is held up, by a lock maybe. */
const heldUpMs = 50

/**
 * Several writers side by side. Jobs of one key go one after the other by one writer, in the order given; a key that nobody has takes the
 * writer with the least to do of the first few that are not held up, so that what is held up holds up its own key and hardly another.
 */
export class WriterPool<Job, Answer> {
  readonly #clock: Clock
  readonly #queues: readonly WriterQueue<Job, Answer>[]
  readonly #taken = new Map<string, { readonly queue: WriterQueue<Job, Answer>; jobs: number }>()

  constructor(writers: readonly GroupCommit<Job, Answer>[], clock: Clock) {
    this.#clock = clock
    this.#queues = writers.map(writer => ({ writer, load: 0, wentAt: 0 }))
  }

  async do(key: string, job: Job): Promise<Answer> {
    const taken = this.#taken.get(key) ?? { queue: this.#best(), jobs: 0 }
    const { queue } = taken
    this.#taken.set(key, taken)
    taken.jobs++
    if (queue.load++ === 0) queue.wentAt = this.#clock.monotonic()
    try {
      return await queue.writer.do(job)
    } finally {
      queue.load--
      queue.wentAt = this.#clock.monotonic()
      if (--taken.jobs === 0) this.#taken.delete(key)
    }
  }

  #best(): WriterQueue<Job, Answer> {
    const since = this.#clock.monotonic() - heldUpMs
    const going = this.#queues.filter(({ load, wentAt }) => load === 0 || wentAt >= since).slice(0, usual)
    return (going.length > 0 ? going : this.#queues).reduce((least, queue) =>
      queue.load < least.load ? queue : least,
    )
  }
}
