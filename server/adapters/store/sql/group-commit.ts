import { Unavailable } from '../../../core/ports/failures.ts'
import type { Meter } from '../../../core/ports/meter.ts'
import type { BatchResult, JobResult, NotTaken } from './jobs.ts'

/** Who does batches, one at a time: it is given the next when it has reported what the last came to. */
export interface BatchExecutor<Job> {
  give(jobs: readonly Job[]): void
  /** Nothing is given any more; `ended` is called when all is closed. */
  end(): void
}

export interface BatchListener<Answer> {
  done(result: BatchResult<Answer>): void
  /** Asked for or not. `last`: what the batch came to that was not reported; where nobody knows that, it has an unknown outcome. */
  ended(fault: Error | null, last?: BatchResult<Answer>): void
}

interface Waiting<Job, Answer> {
  readonly job: Job
  resolve(answer: Answer): void
  reject(error: Error): void
}

/** No batch is larger, so that the first of it does not wait long for the last. */
const mostJobs = 1_000

/**
 * Group commit: jobs that are given while a batch is on its way to the disk gather, and go together as the next. When the executor dies, what
 * it had is `Unavailable` (a retry by id is safe) unless it reported what came of it, and the next job is given to another executor.
 */
export class GroupCommit<Job, Answer> {
  readonly #open: (listener: BatchListener<Answer>) => BatchExecutor<Job>
  readonly #batches: Meter | undefined
  #executor: BatchExecutor<Job> | null
  #gathering: Waiting<Job, Answer>[] = []
  #underway: Waiting<Job, Answer>[] | null = null
  #closing: PromiseWithResolvers<void> | null = null

  /** `batches` hears how many jobs went together. */
  constructor(open: (listener: BatchListener<Answer>) => BatchExecutor<Job>, batches?: Meter) {
    this.#open = open
    this.#batches = batches
    this.#executor = this.#openExecutor()
  }

  /** Resolves when the job is done and durable. */
  do(job: Job): Promise<Answer> {
    if (this.#closing) return Promise.reject(new Unavailable('The store is closed.', { undone: true }))
    return new Promise((resolve, reject) => {
      this.#gathering.push({ job, resolve, reject })
      if (!this.#underway) this.#next()
    })
  }

  /** Does what was given before, then ends the executor. */
  close(): Promise<void> {
    if (this.#closing) return this.#closing.promise
    this.#closing = Promise.withResolvers()
    if (!this.#underway) this.#next()
    return this.#closing.promise
  }

  #openExecutor(): BatchExecutor<Job> {
    return this.#open({
      done: result => this.#settle(result),
      ended: (fault, last) => this.#lost(fault, last),
    })
  }

  #next(): void {
    const batch = this.#gathering.splice(0, mostJobs)
    this.#underway = batch.length > 0 ? batch : null
    if (this.#underway) {
      this.#executor ??= this.#openExecutor()
      this.#batches?.observe(batch.length)
      this.#executor.give(batch.map(waiting => waiting.job))
    } else if (this.#closing) {
      if (this.#executor) this.#executor.end()
      else this.#closing.resolve()
    }
  }

  #settle(result: BatchResult<Answer>, fault: Error | null = null): void {
    const batch = this.#underway ?? []
    this.#next()
    for (const [n, waiting] of batch.entries())
      answer(waiting, 'results' in result ? result.results[n] : result, fault)
  }

  #lost(fault: Error | null, last: BatchResult<Answer> = unknown): void {
    this.#executor = null
    this.#settle(last, fault)
  }
}

const unknown: NotTaken = { unavailable: 'what writes to it ended', full: false, undone: false }

function answer<Job, Answer>(
  waiting: Waiting<Job, Answer>,
  result: JobResult<Answer> | undefined,
  cause: Error | null,
): void {
  if (result && 'answer' in result) waiting.resolve(result.answer)
  else if (result && 'unavailable' in result) {
    const { unavailable, full, gone = false, undone } = result
    waiting.reject(new Unavailable(`The database failed: ${unavailable}.`, { full, gone, undone, cause }))
  } else waiting.reject(new Error(`A change was built wrongly: ${result?.failed ?? 'it got no answer'}`))
}
