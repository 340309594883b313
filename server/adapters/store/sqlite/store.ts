import { closeSync, openSync } from 'node:fs'
import type { Database } from 'better-sqlite3'
import Sqlite from 'better-sqlite3'
import type { Clock } from '../../../core/ports/clock.ts'
import { CannotOpen, Unavailable } from '../../../core/ports/failures.ts'
import type { Meter } from '../../../core/ports/meter.ts'
import type { Store } from '../../../core/ports/store.ts'
import { makeDirectory } from '../../data-directory.ts'
import { encodeChange, outcomeOf } from '../sql/encode.ts'
import { GroupCommit } from '../sql/group-commit.ts'
import type { Job, JobAnswer, JobName, Jobs } from '../sql/jobs.ts'
import { refuseToOpen } from '../sql/problem.ts'
import type { StoreReads, Writes } from '../sql/reads.ts'
import { readsOf } from '../sql/reads.ts'
import { databaseFile, openToRead, openToWrite } from './connection.ts'
import { whyNotOpened } from './failures.ts'
import { writeLastKnown } from './last-known.ts'
import { migrate } from './migrate.ts'
import { directoryProblem, lossProblem, missingProblem } from './problems.ts'
import { readerOn } from './reader.ts'
import type { InPlace } from './running.ts'
import { inPlace, lockDirectory, outOfPlace } from './running.ts'
import { threadOn } from './writer-thread.ts'

export interface SqliteOptions {
  /** Made if it is not there, for its owner alone. One process at a time has it. */
  readonly directory: string
  readonly clock: Clock
  /** How long after something was removed the last of it may still be in the file, where no query finds it. Nothing is left by closing. */
  readonly scrubAfterMs?: number
  /** Hears how many writes went to the disk together. */
  readonly batches?: Meter
  /** Hears, once, why the store has ended by itself: its files were removed or replaced under it. */
  lost?(why: CannotOpen): void
  /** For tests: the address of a module whose default export is called at each failpoint of the writer. */
  readonly failpoints?: string
}

const lookEveryMs = 1_000

/**
 * The Store in one folder, on SQLite: one thread writes, this one reads.
 * @throws CannotOpen with a sentence for the operator.
 */
export async function openSqliteStore(options: SqliteOptions): Promise<Store> {
  const { directory, scrubAfterMs = 60_000, failpoints, batches, clock, lost = () => {} } = options
  makeDirectory(directory)
  await using opened = new AsyncDisposableStack()
  opened.use(lockDirectory(directory))
  refuseToOpen(directoryProblem(directory) ?? missingProblem(directory))
  prepare(options)
  const file = openSync(databaseFile(directory), 'r+')
  opened.defer(() => closeSync(file))
  const files = inPlace(directory)
  const writer = new GroupCommit(threadOn({ directory, file, scrubAfterMs, failpoints, files }), batches)
  opened.defer(() => writer.close())
  const db = openToRead(directory)
  opened.defer(() => void db.close())
  const watch = opened.use(watchFiles(files, clock, lost))
  const parts = opened.move()
  return {
    ...outOfReach(db, watch, readsOf(readerOn(db))),
    ...writes(writer),
    [Symbol.asyncDispose]: () => parts.disposeAsync(),
  }
}

/** Looks every second whether the files are in their place: what is stored in one that has no name any more is lost. */
function watchFiles(files: InPlace, clock: Clock, lost: (why: CannotOpen) => void) {
  const watch = { gone: null as string | null, [Symbol.dispose]: () => every[Symbol.dispose]() }
  const every = clock.every(lookEveryMs, () => {
    if (watch.gone !== null) return
    watch.gone = outOfPlace(files)
    if (watch.gone !== null) lost(new CannotOpen(watch.gone))
  })
  return watch
}

function prepare({ directory, clock }: SqliteOptions): void {
  try {
    const db = openToWrite(directory)
    try {
      migrate(db, directory, clock.now())
      refuseToOpen(lossProblem(db, directory))
      writeLastKnown(db, directory)
    } finally {
      db.close()
    }
  } catch (cause) {
    if (!(cause instanceof Sqlite.SqliteError)) throw cause
    const why = whyNotOpened(directory, cause)
    throw new CannotOpen(`The database in ${directory} cannot be opened: ${why}.`, { cause })
  }
}

/** What the database cannot give, or not any more, is `Unavailable`; the process goes on. */
function outOfReach(db: Database, watch: { readonly gone: string | null }, reads: StoreReads): StoreReads {
  const guarded = Object.entries(reads).map(([name, read]) => {
    const reading = async (...given: unknown[]): Promise<unknown> => {
      if (watch.gone !== null) throw new Unavailable(watch.gone, { gone: true })
      try {
        return await (read as (...given: unknown[]) => Promise<unknown>)(...given)
      } catch (cause) {
        if (db.open && !(cause instanceof Sqlite.SqliteError)) throw cause
        throw new Unavailable('The database could not be read.', { cause })
      }
    }
    return [name, reading] as const
  })
  // Each entry has the signature of the one that it wraps.
  return Object.fromEntries(guarded) as unknown as StoreReads
}

function writes(writer: GroupCommit<Job, JobAnswer>): Writes {
  // Each job's answer is its own; the writer knows that it is one of them.
  const run = <Name extends JobName>(name: Name, given: Jobs[Name]['given']) =>
    writer.do({ do: name, ...given } as unknown as Job) as Promise<Jobs[Name]['answer']>
  return {
    commit: async change => {
      const encoded = encodeChange(change)
      return outcomeOf(change, encoded, await run('commit', { change: encoded }))
    },
    sessionSeen: async (session, at) => void (await run('sessionSeen', { session, at })),
    tokenUsed: async (token, at) => void (await run('tokenUsed', { token, at })),
    expire: bounds => run('expire', bounds),
    count: (key, windowMs, now) => run('count', { key, windowMs, now }),
    countReset: async key => void (await run('countReset', { key })),
    trim: async bounds => {
      while (await run('trim', bounds));
    },
  }
}
