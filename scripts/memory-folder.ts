import { accessSync, chmodSync, constants, mkdtempSync, rmSync, statfsSync } from 'node:fs'
import { freemem } from 'node:os'
import { join } from 'node:path'

const shared = '/dev/shm'
const GIBIBYTE = 2 ** 30

/** A folder whose files are in memory, until it is disposed of. */
export interface MemoryFolder extends Disposable {
  readonly path: string
}

/**
 * For the temporary files of tests: a store there waits for no disk when it synchronises, which is most of what tests with a database wait
 * for. Nothing where there is no such file system or too little memory, or where TMPDIR names a folder to use.
 */
export function makeMemoryFolder(): MemoryFolder | undefined {
  if (process.env.TMPDIR || !isRoomy()) return undefined
  const path = mkdtempSync(join(shared, 'confab-tests-'))
  // As /tmp is: PostgreSQL runs as another user where these tests are root's.
  chmodSync(path, 0o1777)
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) }
}

/** Whether it has room for all that tests keep at once, a few hundred MiB, several times over. A container often has 64 MiB of it. */
function isRoomy(): boolean {
  try {
    accessSync(shared, constants.W_OK)
    const { bavail, bsize } = statfsSync(shared)
    return bavail * bsize > 4 * GIBIBYTE && freemem() > 6 * GIBIBYTE
  } catch {
    return false
  }
}
