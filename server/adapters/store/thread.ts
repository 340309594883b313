import { Worker } from 'node:worker_threads'
import type { BatchResult } from './jobs.ts'
import type { Hand, Told } from './writer.ts'

/** The hand that is a thread: it waits for the disk, the event loop does not. */
export function threadOn(directory: string, failpoints: string | undefined): (told: Told) => Hand {
  return told => {
    const workerData = { directory, failpoints }
    const thread = new Worker(new URL('./thread-entry.ts', import.meta.url), { workerData })
    let fault: Error | null = null
    thread.on('message', (result: BatchResult) => told.done(result))
    thread.on('error', (error: Error) => {
      fault = error
    })
    thread.on('exit', () => told.ended(fault))
    return {
      give: jobs => thread.postMessage(jobs),
      end: () => thread.postMessage(null),
    }
  }
}
