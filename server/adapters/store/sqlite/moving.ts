import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { CannotOpen } from '../../../core/ports.ts'
import { databaseFile } from './connection.ts'

/** The folder, within the data directory, of what is being copied into it and is not whole yet. */
export const arrivingFolder = (directory: string): string => join(directory, 'moving')
/** A file that is in a data directory whose workspace was moved away, and says where to. */
export const awayFile = (directory: string): string => join(directory, 'moved')
/** A file that is in every backup, and says what is in it. */
export const backupFile = (directory: string): string => join(directory, 'backup.json')

/**
 * Asked before the database of a data directory is opened to be used.
 * @throws CannotOpen with what to do where it is not whole, or not the one that people use.
 */
export function refuseMarked(directory: string): void {
  if (existsSync(databaseFile(arrivingFolder(directory))))
    throw new CannotOpen(
      `What was being copied into the data directory ${directory} was cut short. Run the same command again to go on, or take ${arrivingFolder(directory)} away to go without.`,
    )
  if (existsSync(awayFile(directory)))
    throw new CannotOpen(
      `The workspace in ${directory} was moved to ${readFileSync(awayFile(directory), 'utf8').trim()}. Start Confab there (CONFAB_DATABASE_URL, CONFAB_DATA); to go back to what is here, take ${awayFile(directory)} away.`,
    )
  if (existsSync(backupFile(directory)))
    throw new CannotOpen(
      `${directory} is a backup. \`npm run confab -- restore --from ${directory}\` brings it back.`,
    )
}
