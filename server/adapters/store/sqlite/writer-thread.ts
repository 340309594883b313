import { Worker } from 'node:worker_threads'
import type { BatchExecutor, BatchListener } from '../sql/group-commit.ts'
import type { BatchResult, Job, JobAnswer } from '../sql/jobs.ts'
import type { InPlace } from './running.ts'

export interface ThreadData {
  readonly directory: string
  /** The descriptor of the database file, for scrubbing. */
  readonly file: number
  readonly scrubAfterMs: number
  /** The files that are written to, while they are in their place. */
  readonly files: InPlace
  readonly failpoints: string | undefined
}

/** The executor that is a thread: it waits for the disk, the event loop does not. */
export function threadOn(workerData: ThreadData): (listener: BatchListener<JobAnswer>) => BatchExecutor<Job> {
  return listener => {
    const thread = new Worker(new URL('./writer-thread-entry.ts', import.meta.url), { workerData })
    let fault: Error | null = null
    thread.on('message', (result: BatchResult<JobAnswer>) => listener.done(result))
    thread.on('error', (error: Error) => {
      fault = error
    })
    thread.on('exit', () => listener.ended(fault))
    return {
      give: jobs => thread.postMessage(jobs),
      end: () => thread.postMessage(null),
    }
  }
}
