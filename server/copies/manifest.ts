import { readFile } from 'node:fs/promises'
import type { Epoch } from '../../contract/ids.ts'
import type { Tally } from '../adapters/store/copy/rows.ts'
import { backupFile } from '../adapters/store/sqlite/moving.ts'
import { CannotCopy } from './cannot-copy.ts'

/** What a backup says of itself: enough to know that it is whole, without the database that it was made of. */
export interface Manifest {
  /** The version of Confab that wrote it. */
  readonly confab: string
  /** When its snapshot was taken, ISO 8601 in UTC. */
  readonly taken: string
  readonly workspace: string
  readonly epoch: Epoch
  readonly tables: readonly Tally[]
  readonly files: number
  /** Hashes of files that rows name and that were not there when it was made. */
  readonly missing: readonly string[]
}

/** @throws CannotCopy where the folder is no backup. */
export async function readManifest(folder: string): Promise<Manifest> {
  const file = backupFile(folder)
  try {
    const read = JSON.parse(await readFile(file, 'utf8')) as Partial<Manifest>
    if (Array.isArray(read.tables) && Array.isArray(read.missing)) return read as Manifest
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT')
      throw new CannotCopy(`${folder} is no backup: there is no backup.json in it.`, { cause })
    throw new CannotCopy(`${file} cannot be read: ${(cause as Error).message}.`, { cause })
  }
  throw new CannotCopy(`${file} is not what a backup says of itself.`)
}
