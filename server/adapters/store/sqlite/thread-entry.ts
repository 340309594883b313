import { parentPort, workerData } from 'node:worker_threads'
import { failpointOf } from '../sql/failpoint.ts'
import type { Job } from '../sql/jobs.ts'
import { batchesOf } from './batch.ts'
import { Chores } from './chores.ts'
import { openToWrite } from './connection.ts'
import { eraserOf } from './erase.ts'
import { FileScrubber } from './scrub.ts'
import type { ThreadData } from './thread.ts'

/** The thread that waits for the disk, so that the event loop does not. It takes one batch after another, and `null` as the last. */
const { directory, file, scrubAfterMs, failpoints } = workerData as ThreadData
const port = parentPort
if (!port) throw new Error('This file is the entry of a worker thread.')

const db = openToWrite(directory)
const scrubber = new FileScrubber(db, file)
const chores = new Chores({ erase: eraserOf(db, scrubber), scrubber, scrubAfterMs })
const batch = batchesOf(db, scrubber, await failpointOf(failpoints))

chores.look()
port.on('message', (jobs: readonly Job[] | null) => {
  if (jobs) {
    port.postMessage(batch(jobs))
    chores.look()
    return
  }
  chores.finish()
  db.pragma('wal_checkpoint(TRUNCATE)')
  db.close()
  process.exit(0)
})
