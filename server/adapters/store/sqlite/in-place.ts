import { statSync } from 'node:fs'
import { join } from 'node:path'

/** Which file each name in the data directory was when the store was opened. All of it is data, so that it may cross to a thread. */
export interface InPlace {
  readonly directory: string
  readonly files: Readonly<Record<string, string>>
}

/** The database and its lock, as they are now. */
export const inPlace = (directory: string): InPlace => ({
  directory,
  files: Object.fromEntries(
    ['confab.db', 'lock.db'].map(name => [name, identityOf(join(directory, name)) ?? '']),
  ),
})

/** What was taken away or put in another's place since, as a sentence; null where all is as it was. */
export function outOfPlace({ directory, files }: InPlace): string | null {
  for (const [name, was] of Object.entries(files)) {
    const is = identityOf(join(directory, name))
    if (is === was || is === 'unknown') continue
    const what = is === null ? 'removed' : 'replaced'
    return `${join(directory, name)} was ${what} while the server ran: what it stores now would be lost.`
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
