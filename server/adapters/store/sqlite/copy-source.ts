import { existsSync } from 'node:fs'
import type { Database } from 'better-sqlite3'
import Sqlite from 'better-sqlite3'
import type { Epoch } from '../../../../contract/ids.ts'
import { CannotOpen } from '../../../core/ports/failures.ts'
import type { CopySource } from '../copy/copy.ts'
import { refuseToOpen } from '../sql/problem.ts'
import { steps } from '../sql/schema.ts'
import { databaseFile, openToRead, openToWrite } from './connection.ts'
import { migrate } from './migrate.ts'
import { awayTo, markAway } from './moving.ts'
import { directoryProblem } from './problems.ts'
import { sqliteRows } from './rows.ts'
import { lockDirectory } from './running.ts'

/**
 * The workspace of a data directory, that no server uses meanwhile, in the newest schema; `to` is where it goes.
 * @throws CannotOpen where there is none, or a server runs on it.
 */
export async function openSqliteSource(directory: string, to: string, now: number): Promise<CopySource> {
  refuseNone(directory)
  await using parts = new AsyncDisposableStack()
  parts.use(lockDirectory(directory))
  refuseToOpen(directoryProblem(directory, to))
  const writing = openToWrite(directory)
  try {
    migrate(writing, directory, now)
  } finally {
    writing.close()
  }
  return snapshotOf(openToRead(directory), parts, {
    left: awayTo(directory) !== null,
    leave: () => markAway(directory, to),
  })
}

/**
 * The workspace of a data directory as it is now, also while a server goes on writing to it: a read transaction sees none of that.
 * @throws CannotOpen where there is none, or it is not in this program's schema.
 */
export async function viewSqliteSource(directory: string): Promise<CopySource> {
  refuseNone(directory)
  refuseToOpen(directoryProblem(directory))
  await using parts = new AsyncDisposableStack()
  return snapshotOf(openedToRead(directory), parts, { left: false, leave: () => {} })
}

function openedToRead(directory: string): Database {
  try {
    const db = openToRead(directory)
    const schema = Number(db.pragma('user_version', { simple: true }))
    if (schema === steps.length) return db
    db.close()
    throw new CannotOpen(
      `The data in ${directory} is of another Confab (schema ${schema}; this one writes ${steps.length}). Use the version that runs on it, or start this one on it first.`,
    )
  } catch (cause) {
    if (!(cause instanceof Sqlite.SqliteError)) throw cause
    throw new CannotOpen(`The database in ${directory} cannot be read: ${cause.message}.`, { cause })
  }
}

function snapshotOf(
  db: Database,
  parts: AsyncDisposableStack,
  { left, leave }: { left: boolean; leave: () => void },
): CopySource {
  parts.defer(() => void db.close())
  db.exec('BEGIN')
  const workspace = db.prepare<[], { epoch: Epoch; name: string }>('SELECT epoch, name FROM workspace').get()
  if (!workspace) throw new CannotOpen('The database has no workspace in it.')
  const held = parts.move()
  return {
    rows: sqliteRows(db),
    ...workspace,
    left,
    leave: async () => leave(),
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  }
}

function refuseNone(directory: string): void {
  if (!existsSync(databaseFile(directory)))
    throw new CannotOpen(`There is no database of Confab in ${directory}.`)
}
