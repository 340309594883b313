import type { Database } from 'better-sqlite3'
import type { Failpoint } from '../sql/failpoint.ts'
import type { BatchResult, Job, JobAnswer, JobResult } from '../sql/jobs.ts'
import { committerOf } from './commit.ts'
import { isFatal } from './failures.ts'
import { Logs } from './log.ts'
import type { Scrubber } from './scrub.ts'
import { upkeepOf } from './upkeep.ts'

/**
 * Does many jobs in one transaction, so that they share one wait for the disk. Each is all or nothing by itself; what comes back as
 * `results` is durable, and of `unavailable` nothing was done.
 */
export function batchesOf(
  db: Database,
  scrubber: Scrubber,
  failpoint: Failpoint,
): (jobs: readonly Job[]) => BatchResult<JobAnswer> {
  const begin = db.prepare('BEGIN IMMEDIATE')
  const commit = db.prepare('COMMIT')
  const logs = new Logs(db, () => scrubber.removed())
  const doJob = doerOf(db, logs)
  return jobs => {
    try {
      begin.run()
      const results = jobs.map(job => attempt(doJob, job))
      logs.flush()
      scrubber.flush()
      failpoint('before-commit')
      commit.run()
      failpoint('after-commit-before-reply')
      return { results }
    } catch (error) {
      if (db.inTransaction) db.exec('ROLLBACK')
      logs.forget()
      if (isFatal(error))
        return { unavailable: error.message, full: error.code === 'SQLITE_FULL', undone: true }
      throw error
    }
  }
}

function doerOf(db: Database, logs: Logs): (job: Job) => JobAnswer {
  const commit = committerOf(db, logs)
  const upkeep = upkeepOf(db)
  const doers = { ...upkeep, commit: (job: Extract<Job, { do: 'commit' }>) => commit(job.change) }
  // The table pairs each name with the doer of its own job, which the compiler cannot follow through the lookup.
  return job => (doers[job.do] as (job: Job) => JobAnswer)(job)
}

function attempt(doJob: (job: Job) => JobAnswer, job: Job): JobResult<JobAnswer> {
  try {
    return { answer: doJob(job) }
  } catch (error) {
    if (isFatal(error)) throw error
    return { failed: error instanceof Error ? (error.stack ?? error.message) : String(error) }
  }
}
