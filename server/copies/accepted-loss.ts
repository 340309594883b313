import { existsSync } from 'node:fs'
import { databaseFile } from '../adapters/store/sqlite/connection.ts'
import { acceptLoss } from '../adapters/store/sqlite/last-known.ts'
import { CannotOpen } from '../core/ports/failures.ts'

/**
 * Lets the workspace on SQLite in a directory go on without events that are missing, under a new epoch; answers how many are.
 * @throws CannotOpen where there is none, or a server runs on it.
 */
export function goOnWithout(directory: string, now: number): number {
  if (!existsSync(databaseFile(directory)))
    throw new CannotOpen(`There is no database of Confab in ${directory}.`)
  return acceptLoss(directory, now)
}
