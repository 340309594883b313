import type pg from 'pg'
import type { Epoch } from '../../../../contract/ids.ts'
import type { BatchExecutor, BatchListener } from '../sql/group-commit.ts'
import type { BatchResult, JobResult } from '../sql/jobs.ts'
import { isConnectionFailure, notTaken } from './failures.ts'
import { beginServerSession } from './running.ts'
import { sessionTo } from './session.ts'

/** Does a batch of jobs on a connection that nobody else uses meanwhile. It throws `CutShort` where it knows more than that the connection broke. */
export type Work<Job, Answer> = (client: pg.Client, jobs: readonly Job[]) => Promise<BatchResult<Answer>>

/** The connection broke in the midst of a batch, and this is what its jobs came to. */
export class CutShort<Answer> extends Error {
  readonly results: readonly JobResult<Answer>[]

  constructor(results: readonly JobResult<Answer>[], cause: unknown) {
    super('The connection broke in the midst of a batch.', { cause })
    this.results = results
  }
}

interface WriterConnectionParts {
  readonly url: string
  /** Of the history that is written to. */
  readonly epoch: Epoch
  /** Whether what is answered outlives a crash of PostgreSQL, whatever its own setting is; it does unless said otherwise. */
  readonly durable?: boolean
}

/**
 * The executor that is a connection of its own to PostgreSQL. It holds the lock of running servers, so that nothing is written to a database
 * that is being moved, or to another history. When the connection fails, what it was given has an unknown outcome, and the executor has ended.
 */
export function writerConnection<Job, Answer>(
  parts: WriterConnectionParts,
  work: Work<Job, Answer>,
): (listener: BatchListener<Answer>) => BatchExecutor<Job> {
  return listener => {
    const { client, leave } = sessionTo(parts.url)
    let fault: Error | null = null
    let [isBusy, isBroken, hasEnded] = [false, false, false]
    const end = (last?: BatchResult<Answer>) => {
      if (hasEnded) return
      hasEnded = true
      listener.ended(fault, last)
    }
    client.on('error', error => {
      fault = error
    })
    client.on('end', () => {
      isBroken = true
      // Whoever is at work hears of it too, and may know more.
      if (!isBusy) end()
    })
    const ready = begin(client, parts)
    const give = async (jobs: readonly Job[]): Promise<void> => {
      isBusy = true
      const { result, error } = await outcomeOf(ready, () => work(client, jobs))
      if (error) {
        fault = error
        await client.end().catch(() => {})
      }
      isBusy = false
      if (error || isBroken) end(result)
      else listener.done(result)
    }
    ready.catch(() => {})
    return { give: jobs => void give(jobs), end: () => void leave().finally(() => end()) }
  }
}

/** What a batch came to, and why the connection is not to be used again, if it is not. */
async function outcomeOf<Answer>(
  ready: Promise<void>,
  work: () => Promise<BatchResult<Answer>>,
): Promise<{ result: BatchResult<Answer>; error?: Error }> {
  try {
    await ready
  } catch (error) {
    return { result: { ...notTaken(error), undone: true }, error: error as Error }
  }
  try {
    return { result: await work() }
  } catch (error) {
    if (error instanceof CutShort) return { result: error, error }
    return { result: notTaken(error), ...(isConnectionFailure(error) && { error: error as Error }) }
  }
}

async function begin(client: pg.Client, { epoch, durable = true }: WriterConnectionParts): Promise<void> {
  await client.connect()
  await client.query(`SET synchronous_commit = ${durable ? 'on' : 'off'}`)
  await beginServerSession(client, epoch)
}
