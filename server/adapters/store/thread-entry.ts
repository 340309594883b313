import { parentPort, workerData } from 'node:worker_threads'
import { batchesOf } from './batch.ts'
import { openToWrite } from './connection.ts'
import { failpointOf } from './failpoint.ts'
import type { Job } from './jobs.ts'

/** The thread that waits for the disk, so that the event loop does not. It takes one batch after another, and `null` as the last. */
const { directory, failpoints } = workerData as { directory: string; failpoints?: string }
const port = parentPort
if (!port) throw new Error('This file is the entry of a worker thread.')

const db = openToWrite(directory)
const batch = batchesOf(db, await failpointOf(failpoints))

port.on('message', (jobs: readonly Job[] | null) => {
  if (jobs) {
    port.postMessage(batch(jobs))
    return
  }
  db.pragma('wal_checkpoint(TRUNCATE)')
  db.close()
  port.close()
})
