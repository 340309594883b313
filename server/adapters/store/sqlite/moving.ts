import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

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
