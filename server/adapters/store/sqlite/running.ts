import { chmodSync, statSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { CannotOpen } from '../../../core/ports/failures.ts'
import { whyNotOpened } from './failures.ts'

/**
 * Held until it is closed, or by the kernel until the process is gone: a lock file's text would outlive a kill -9, a lock does not.
 * @throws CannotOpen while another process holds it.
 */
export function lockDirectory(directory: string): Disposable {
  const file = join(directory, 'lock.db')
  const lock = openedLock(directory, file)
  try {
    lock.pragma('journal_mode = MEMORY')
    lock.exec('BEGIN EXCLUSIVE')
    chmodSync(file, 0o600)
  } catch (cause) {
    lock.close()
    const busy = cause instanceof Database.SqliteError && cause.code.startsWith('SQLITE_BUSY')
    throw busy
      ? new CannotOpen(
          `Another Confab is running on the data directory ${directory}. Stop it, or give this one a directory of its own (CONFAB_DATA).`,
        )
      : notLocked(directory, cause)
  }
  return { [Symbol.dispose]: () => void lock.close() }
}

function openedLock(directory: string, file: string): Database.Database {
  try {
    return new Database(file, { timeout: 0 })
  } catch (cause) {
    throw notLocked(directory, cause)
  }
}

const notLocked = (directory: string, cause: unknown): CannotOpen =>
  new CannotOpen(
    `The data directory ${directory} cannot be locked: ${whyNotOpened(directory, cause as Error)}.`,
    {
      cause,
    },
  )

/** Which file each path was when the store was opened. All of it is data, so that it may cross to a thread. */
export type InPlace = readonly { readonly path: string; readonly was: string }[]

/** The database and its lock, as they are now. */
export const inPlace = (directory: string): InPlace =>
  ['confab.db', 'lock.db'].map(name => {
    const path = join(directory, name)
    return { path, was: identityOf(path) ?? '' }
  })

/** What was taken away or put in another's place since, as a sentence; null where all is as it was. It is asked twice a commit. */
export function outOfPlace(files: InPlace): string | null {
  for (const { path, was } of files) {
    const is = identityOf(path)
    if (is === was || is === 'unknown') continue
    const what = is === null ? 'removed' : 'replaced'
    return `${path} was ${what} while the server ran: what it stores now would be lost.`
  }
  return null
}

/** Null where there is no such file any more. Where the disk does not tell, that is nobody's removing it. */
function identityOf(path: string): string | null {
  try {
    const { dev, ino } = statSync(path)
    return `${dev}:${ino}`
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    return code === 'ENOENT' || code === 'ENOTDIR' ? null : 'unknown'
  }
}
