import type pg from 'pg'
import type { Epoch } from '../../../../contract/ids.ts'
import type { Clock } from '../../../core/ports/clock.ts'
import { CannotOpen } from '../../../core/ports/failures.ts'
import type { Log } from '../../../core/ports/log.ts'
import type { Meter } from '../../../core/ports/meter.ts'
import type { Store } from '../../../core/ports/store.ts'
import { reasonOf } from '../../reason.ts'
import { outcomeOf } from '../sql/encode.ts'
import { failpointOf } from '../sql/failpoint.ts'
import { GroupCommit } from '../sql/group-commit.ts'
import type { Committed } from '../sql/jobs.ts'
import { refuseToOpen } from '../sql/problem.ts'
import type { CommitJob } from './commit.ts'
import { BatchCommit, commitJob } from './commit.ts'
import { clientOf, connectionConfig } from './connection.ts'
import { Eraser } from './erase.ts'
import type { LeaseConnectionParts } from './lease-connection.ts'
import { LeaseConnection } from './lease-connection.ts'
import { lockKeyOf, locksOf } from './locks.ts'
import { migratePostgres } from './migrate.ts'
import { databaseProblem, durabilityProblems } from './problems.ts'
import type { Program } from './program.ts'
import { programOf } from './program.ts'
import { openReader } from './reader.ts'
import { lockShared } from './running.ts'
import type { UpkeepJob } from './upkeep.ts'
import { upkeepBy } from './upkeep.ts'
import { writerConnection } from './writer-connection.ts'
import { WriterPool } from './writer-pool.ts'

export interface PostgresOptions {
  /** `postgres://...`: the one database, never a replica of it. */
  readonly url: string
  readonly clock: Clock
  /** Hears how many changes went together. */
  readonly batches?: Meter
  /** Hears, while it is opened, what is waited for, and of settings that nothing is safe under. */
  readonly log?: Log
  /** Hears, once, why the store has ended by itself: the workspace was moved away, or a backup restored over it. */
  lost?(why: CannotOpen): void
  /** For tests: the address of a module whose default export is called at each failpoint of the writer. */
  readonly failpoints?: string
}

/** Batches on their way at once at most, each on a connection of its own. */
const writerCount = 4

/**
 * The Store on PostgreSQL, for any number of nodes at once.
 * @throws CannotOpen with a sentence for the operator.
 */
export async function openPostgresStore({
  url,
  clock,
  batches,
  log,
  lost = () => {},
  failpoints,
}: PostgresOptions): Promise<Store> {
  const program = programOf()
  await using opened = new AsyncDisposableStack()
  const { epoch, lease } = await prepare({ url, clock, lost }, program, log)
  opened.use(lease)
  const reader = opened.use(openReader(url))
  const batchCommit = new BatchCommit(program, await failpointOf(failpoints))
  const writers = Array.from(
    { length: writerCount },
    () => new GroupCommit(writerConnection({ url, epoch }, batchCommit.commit), batches),
  )
  for (const writer of writers) opened.defer(() => writer.close())
  // What upkeep writes may be lost by a crash of PostgreSQL: the Store promises no more of it.
  const upkeep = new GroupCommit(
    writerConnection<UpkeepJob, unknown>({ url, epoch, durable: false }, pipelined),
  )
  opened.defer(() => upkeep.close())
  const eraser = opened.use(new Eraser(upkeep, clock))
  eraser.look()
  const parts = opened.move()
  return {
    ...reader,
    ...lease.reads,
    ...upkeepBy(upkeep),
    commit: committingBy(new WriterPool(writers, clock), eraser),
    [Symbol.asyncDispose]: () => parts.disposeAsync(),
  }
}

/** The schema and the program are brought up before anything else is asked of the database. From then on it is held. */
async function prepare(
  parts: Omit<LeaseConnectionParts, 'epoch'>,
  { install }: Program,
  log: Log | undefined,
): Promise<{ epoch: Epoch; lease: LeaseConnection }> {
  const client = clientOf({ ...connectionConfig(parts.url), pipeline: false })
  client.on('error', () => {})
  try {
    await client.connect()
    if (!(await lockShared(client)))
      throw new CannotOpen('The PostgreSQL database is being moved or restored. Wait until that is done.')
    refuseToOpen(await databaseProblem(client))
    const waits = (sentence: string) => log?.warn({}, sentence)
    await migratePostgres(client, parts.clock.now(), { waits })
    await client.query(install)
    for (const { says } of await durabilityProblems(client)) log?.warn({}, says)
    const { rows } = await client.query<{ epoch: Epoch }>('SELECT epoch FROM workspace')
    const epoch = rows[0]?.epoch as Epoch
    return { epoch, lease: await LeaseConnection.on({ ...parts, epoch }) }
  } catch (cause) {
    if (cause instanceof CannotOpen) throw cause
    const why = reasonOf(cause)
    throw new CannotOpen(
      `The PostgreSQL database of CONFAB_DATABASE_URL cannot be opened: ${why}. \`npm run confab -- doctor\` looks at each part.`,
      {
        cause,
      },
    )
  } finally {
    await client.end().catch(() => {})
  }
}

function committingBy(pool: WriterPool<CommitJob, Committed>, eraser: Eraser): Store['commit'] {
  return async change => {
    const locks = locksOf(change)
    const job = commitJob(change, locks)
    const outcome = outcomeOf(change, job.encoded, await pool.do(lockKeyOf(locks), job))
    if (change.rows.some(({ row }) => row === 'room erased')) eraser.look()
    return outcome
  }
}

/** Every job's statement is sent before the first is answered. */
async function pipelined(client: pg.Client, jobs: readonly UpkeepJob[]) {
  const results = await Promise.all(jobs.map(async job => ({ answer: await job(client) })))
  return { results }
}
