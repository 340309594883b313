import { statSync } from 'node:fs'
import { join } from 'node:path'

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
