import { parentPort, workerData } from 'node:worker_threads'
import { failpointOf } from '../sql/failpoint.ts'
import type { BatchResult, Job, JobAnswer } from '../sql/jobs.ts'
import { batchesOf } from './batch.ts'
import { databaseFile, openToWrite } from './connection.ts'
import { eraserOf } from './erase.ts'
import { writeLastKnown } from './last-known.ts'
import { Maintenance } from './maintenance.ts'
import { outOfPlace } from './running.ts'
import { FileScrubber } from './scrub.ts'
import type { ThreadData } from './writer-thread.ts'

/** The thread that waits for the disk, so that the event loop does not. It takes one batch after another, and `null` as the last. */
const { directory, file, scrubAfterMs, failpoints, files } = workerData as ThreadData
const port = parentPort
if (!port) throw new Error('This file is the entry of a worker thread.')

const db = openToWrite(directory)
const scrubber = new FileScrubber(db, file)
const maintenance = new Maintenance({ erase: eraserOf(db, scrubber), scrubber, scrubAfterMs })
const batch = batchesOf(db, scrubber, await failpointOf(failpoints))

/** Written down so often at most, while there is something new. */
const knownEveryMs = 1_000
let writingDown: NodeJS.Timeout | null = null

/** A look this long ago, ms, is as good as one before a batch: what goes meanwhile is seen after it, or by the next look. */
const lookIsGoodMs = 100
/** What is acknowledged is in this one, so that it is looked at after each batch. */
const database = files.filter(({ path }) => path === databaseFile(directory))
let lookedAt = Number.NEGATIVE_INFINITY

/** Of what is no longer in its place nothing is acknowledged: neither what comes now, nor what was under way when it went. */
function done(jobs: readonly Job[]): BatchResult<JobAnswer> {
  const begun = performance.now()
  const isDue = begun - lookedAt > lookIsGoodMs
  if (isDue) lookedAt = begun
  const before = isDue ? outOfPlace(files) : null
  if (before) return { unavailable: before, full: false, gone: true, undone: true }
  const result = batch(jobs)
  const after = outOfPlace(database)
  if (after) return { unavailable: after, full: false, gone: true, undone: false }
  if (writingDown === null)
    writingDown = setTimeout(() => {
      writingDown = null
      writeLastKnown(db, directory)
    }, knownEveryMs).unref()
  return result
}

maintenance.look()
port.on('message', (jobs: readonly Job[] | null) => {
  if (jobs) {
    port.postMessage(done(jobs))
    maintenance.look()
    return
  }
  maintenance.finish()
  db.pragma('wal_checkpoint(TRUNCATE)')
  writeLastKnown(db, directory)
  db.close()
  process.exit(0)
})
