import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { CannotOpen } from '../../../core/ports/failures.ts'
import { databaseFile } from './connection.ts'
import { lastKnownFile } from './last-known.ts'

/** What tells that a workspace was kept here though its database is not there: the name of the file or folder, or null. */
export function traceOfEarlier(directory: string): string | null {
  if ((statSync(databaseFile(directory), { throwIfNoEntry: false })?.size ?? 0) > 0) return null
  if (existsSync(lastKnownFile(directory))) return 'confab.last.json'
  const log = `${databaseFile(directory)}-wal`
  if ((statSync(log, { throwIfNoEntry: false })?.size ?? 0) > 0) return 'confab.db-wal'
  const files = join(directory, 'files')
  const kept = existsSync(files) ? readdirSync(files).filter(name => name !== 'unfinished') : []
  return kept.length > 0 ? 'files' : null
}

/** What is so and what to do where a database is gone. */
export const goneTold = (directory: string, trace: string): { says: string; fix: string } => ({
  says: `${databaseFile(directory)} is ${existsSync(databaseFile(directory)) ? 'empty' : 'missing'}, though ${trace} in ${directory} shows that a workspace was kept there.`,
  fix: 'Put the database back, or restore the newest backup (`npm run confab -- restore --from <backup>`). Where the workspace is in PostgreSQL, set CONFAB_DATABASE_URL. To begin a new workspace, give it an empty directory (CONFAB_DATA).',
})

/** @throws CannotOpen rather than beginning a new workspace in the place of one that was here. */
export function refuseWithoutDatabase(directory: string): void {
  const trace = traceOfEarlier(directory)
  if (trace === null) return
  const { says, fix } = goneTold(directory, trace)
  throw new CannotOpen(`${says} ${fix}`)
}
