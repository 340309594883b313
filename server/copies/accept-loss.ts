import { existsSync } from 'node:fs'
import { newId } from '../../contract/ids.ts'
import { databaseFile, openToWrite } from '../adapters/store/sqlite/connection.ts'
import { missingEvents, writeLastKnown } from '../adapters/store/sqlite/last-known.ts'
import { lockDirectory } from '../adapters/store/sqlite/running.ts'
import { CannotOpen } from '../core/ports/failures.ts'

/**
 * Lets the workspace on SQLite in a directory go on without events that are missing, under a new epoch, so that every client begins anew.
 * Answers how many are missing; where none is, nothing is changed.
 * @throws CannotOpen where there is no database, or a server runs on it.
 */
export function acceptLoss(directory: string, now: number): number {
  if (!existsSync(databaseFile(directory)))
    throw new CannotOpen(`There is no database of Confab in ${directory}.`)
  using _lock = lockDirectory(directory)
  const db = openToWrite(directory)
  try {
    const missing = missingEvents(db, directory)
    if (missing > 0) {
      db.prepare('UPDATE workspace SET epoch = ?').run(newId(now))
      writeLastKnown(db, directory)
    }
    return missing
  } finally {
    db.close()
  }
}
