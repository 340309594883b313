import pg from 'pg'
import type { Epoch } from '../../../../contract/ids.ts'
import type { BatchResult } from '../sql/jobs.ts'
import type { Hand, Told } from '../sql/writer.ts'
import { connectionConfig } from './connection.ts'
import { notTaken, stateOf } from './failures.ts'
import { enter } from './running.ts'
import { Wire } from './wire.ts'

/** Does a batch of jobs on a connection that nobody else uses meanwhile. */
export type Work<Job, Answer> = (client: pg.Client, jobs: readonly Job[]) => Promise<BatchResult<Answer>>

export interface LineParts {
  readonly url: string
  /** Of the history that is written to. */
  readonly epoch: Epoch
  /** Whether what is answered outlives a crash of PostgreSQL, whatever its own setting is; it does unless said otherwise. */
  readonly durable?: boolean
}

/**
 * The hand that is a connection of its own to PostgreSQL. It holds the lock of running servers, so that nothing is written to a database
 * that is being moved, or to another history. When the connection fails, what it was given has an unknown outcome, and the hand has ended.
 */
export function lineTo<Job, Answer>(
  parts: LineParts,
  work: Work<Job, Answer>,
): (told: Told<Answer>) => Hand<Job> {
  return told => {
    const wire = new Wire()
    const client = new pg.Client(connectionConfig(parts.url, () => wire))
    let fault: Error | null = null
    let ended = false
    const end = () => {
      if (ended) return
      ended = true
      told.ended(fault)
    }
    client.on('error', error => {
      fault = error
    })
    client.on('end', end)
    const ready = begin(client, parts)
    const give = async (jobs: readonly Job[]): Promise<void> => {
      try {
        await ready
        told.done(await work(client, jobs))
      } catch (error) {
        fault = error instanceof Error ? error : new Error(String(error))
        // What PostgreSQL itself refused leaves the connection good; anything else may have left it anywhere.
        if (stateOf(error) !== null && !ended) told.done(notTaken(error))
        else await client.end().finally(end)
      }
    }
    ready.catch(() => {})
    const leave = () => {
      void client.end().finally(end)
      // By itself where it is encrypted: what ends then is not this socket.
      wire.leave()
    }
    return { give: jobs => void give(jobs), end: leave }
  }
}

async function begin(client: pg.Client, { epoch, durable = true }: LineParts): Promise<void> {
  await client.connect()
  await client.query(`SET synchronous_commit = ${durable ? 'on' : 'off'}`)
  await enter(client, epoch)
}
