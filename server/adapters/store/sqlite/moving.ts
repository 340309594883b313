import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { CannotOpen } from '../../../core/ports/failures.ts'
import { databaseFile } from './connection.ts'

/** The folder, within the data directory, of what is being copied into it and is not whole yet. */
export const arrivingFolder = (directory: string): string => join(directory, 'moving')
/** A file that is in a data directory whose workspace was moved away, and says where to. */
export const awayFile = (directory: string): string => join(directory, 'moved')
/** A file that is in every backup, and says what is in it. */
export const backupFile = (directory: string): string => join(directory, 'backup.json')

/** Where the workspace of a data directory was moved to; `null` where it was not. */
export const awayTo = (directory: string): string | null =>
  existsSync(awayFile(directory)) ? readFileSync(awayFile(directory), 'utf8').trim() : null

export function markAway(directory: string, to: string): void {
  const draft = `${awayFile(directory)}.new`
  writeFileSync(draft, `${to}\n`, { mode: 0o600, flush: true })
  renameSync(draft, awayFile(directory))
}

/**
 * Asked before the database of a data directory is opened to be used. `leaving`: where it is being moved to.
 * @throws CannotOpen with what to do where it is not whole, or not the one that people use.
 */
export function refuseMarkedDirectory(directory: string, leaving: string | null = null): void {
  if (existsSync(databaseFile(arrivingFolder(directory))))
    throw new CannotOpen(
      `What was being copied into the data directory ${directory} was cut short. Run the same command again to go on, or take ${arrivingFolder(directory)} away to go without.`,
    )
  const away = awayTo(directory)
  if (away !== leaving && away !== null)
    throw new CannotOpen(
      `The workspace in ${directory} was moved to ${away}. Start Confab there (CONFAB_DATABASE_URL, CONFAB_DATA); to go back to what is here, take ${awayFile(directory)} away.`,
    )
  if (existsSync(backupFile(directory)))
    throw new CannotOpen(
      `${directory} is a backup. \`npm run confab -- restore --from ${directory}\` brings it back.`,
    )
}
