import { parentPort, workerData } from 'node:worker_threads'
import { batchesOf } from './batch.ts'
import { openToWrite } from './connection.ts'
import { failpointOf } from './failpoint.ts'
import type { Job } from './jobs.ts'
import { FileScrubber } from './scrub.ts'
import type { ThreadData } from './thread.ts'

/** The thread that waits for the disk, so that the event loop does not. It takes one batch after another, and `null` as the last. */
const { directory, file, scrubAfterMs, failpoints } = workerData as ThreadData
const port = parentPort
if (!port) throw new Error('This file is the entry of a worker thread.')

const db = openToWrite(directory)
const scrubber = new FileScrubber(db, file)
const batch = batchesOf(db, scrubber, await failpointOf(failpoints))
/** When the next pass begins, or that it has. */
let scrubbing: NodeJS.Timeout | null = null

/** A step at a time, with whatever was sent meanwhile done in between. */
function scrub(): void {
  if (scrubber.step()) {
    setImmediate(scrub)
    return
  }
  scrubbing = null
  scrubLater()
}

function scrubLater(): void {
  if (scrubber.isDue && !scrubbing) scrubbing = setTimeout(scrub, scrubAfterMs)
}

scrubLater()
port.on('message', (jobs: readonly Job[] | null) => {
  if (jobs) {
    port.postMessage(batch(jobs))
    scrubLater()
    return
  }
  while (scrubber.step());
  db.pragma('wal_checkpoint(TRUNCATE)')
  db.close()
  process.exit(0)
})
