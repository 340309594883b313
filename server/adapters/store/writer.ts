import { Worker } from 'node:worker_threads'
import { Unavailable } from '../../core/ports.ts'
import type { BatchResult, Job, JobName, JobResult, Jobs } from './jobs.ts'

interface Waiting {
  readonly job: Job
  resolve(answer: Jobs[JobName]['answer']): void
  reject(error: Error): void
}

/** No batch is larger, so that the first of it does not wait long for the last. */
const mostJobs = 1_000

/**
 * Group commit: jobs that are given while a batch is on its way to the disk gather, and go together as the next. When the thread dies,
 * what was on its way is `Unavailable` (its outcome is unknown, a retry by id is safe), and the next job starts another thread.
 */
export class Writer {
  readonly #directory: string
  readonly #failpoints: string | undefined
  #thread: Worker | null = null
  #gathering: Waiting[] = []
  #underway: Waiting[] | null = null
  #closing: PromiseWithResolvers<void> | null = null

  constructor(directory: string, failpoints: string | undefined) {
    this.#directory = directory
    this.#failpoints = failpoints
  }

  /** Resolves when the job is done and durable. */
  do<Name extends JobName>(name: Name, given: Jobs[Name]['given']): Promise<Jobs[Name]['answer']> {
    if (this.#closing) return Promise.reject(new Unavailable('The store is closed.'))
    return new Promise((resolve, reject) => {
      // `do` and `given` belong together by the signature; the union cannot express it.
      const job = { do: name, ...given } as unknown as Job
      this.#gathering.push({ job, resolve, reject })
      if (!this.#underway) this.#send()
    })
  }

  /** Does what was given before, then ends the thread. */
  close(): Promise<void> {
    this.#closing ??= Promise.withResolvers()
    if (!this.#underway) this.#end(this.#closing)
    return this.#closing.promise
  }

  #send(): void {
    if (this.#gathering.length === 0) {
      this.#underway = null
      if (this.#closing) this.#end(this.#closing)
      return
    }
    const batch = this.#gathering.splice(0, mostJobs)
    this.#underway = batch
    this.#thread ??= this.#start()
    this.#thread.postMessage(batch.map(waiting => waiting.job))
  }

  #start(): Worker {
    const workerData = { directory: this.#directory, failpoints: this.#failpoints }
    const thread = new Worker(new URL('./writer-thread.ts', import.meta.url), { workerData })
    let fault: Error | null = null
    thread.on('message', (result: BatchResult) => this.#settle(result))
    thread.on('error', error => {
      fault = error
    })
    thread.on('exit', () => {
      if (this.#thread === thread) this.#lost(fault)
    })
    return thread
  }

  #settle(result: BatchResult): void {
    const batch = this.#underway ?? []
    this.#send()
    if ('unavailable' in result) {
      const error = new Unavailable(`The database failed: ${result.unavailable}.`, { full: result.full })
      for (const waiting of batch) waiting.reject(error)
      return
    }
    for (const [n, waiting] of batch.entries()) answer(waiting, result.results[n])
  }

  #lost(fault: Error | null): void {
    this.#thread = null
    const batch = this.#underway ?? []
    const error = new Unavailable('The thread that writes the database ended.', { cause: fault })
    for (const waiting of batch) waiting.reject(error)
    this.#send()
  }

  #end(closing: PromiseWithResolvers<void>): void {
    const thread = this.#thread
    this.#thread = null
    if (!thread) {
      closing.resolve()
      return
    }
    thread.on('exit', () => closing.resolve())
    thread.postMessage(null)
  }
}

function answer(waiting: Waiting, result: JobResult | undefined): void {
  if (result && 'answer' in result) waiting.resolve(result.answer)
  else waiting.reject(new Error(`A change was built wrongly: ${result?.failed ?? 'it got no answer'}`))
}
