import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Database } from 'better-sqlite3'

/** Of which history the database is, and how many events were ever appended to it: a number that never falls. */
interface LastKnown {
  readonly epoch: string
  readonly events: number
}

/** The file beside the database that tells what it held when somebody last looked, at most a second or so before a crash. */
export const lastKnownFile = (directory: string): string => join(directory, 'confab.last.json')

/** Null where nothing is known: the file is not there, or a power failure left a part of it. */
function readLastKnown(directory: string): LastKnown | null {
  try {
    const { epoch, events } = JSON.parse(readFileSync(lastKnownFile(directory), 'utf8')) as Partial<LastKnown>
    return typeof epoch === 'string' && typeof events === 'number' ? { epoch, events } : null
  } catch {
    return null
  }
}

function held(db: Database): LastKnown {
  return db
    .prepare<[], LastKnown>(
      'SELECT epoch, (SELECT coalesce(sum(head), 0) FROM logs) AS events FROM workspace',
    )
    .get() as LastKnown
}

/** Writes down what the database holds now. What cannot be written stays as it was, which is still true of what was held then. */
export function writeLastKnown(db: Database, directory: string): void {
  const file = lastKnownFile(directory)
  try {
    writeFileSync(`${file}.new`, JSON.stringify(held(db)), { mode: 0o600 })
    renameSync(`${file}.new`, file)
  } catch {
    // The disk is full, or may not be written to; whatever is to be kept there says so itself.
  }
}

/** How many events of this very history the database had when it was last looked at, and has no longer. */
export function missingEvents(db: Database, directory: string): number {
  const known = readLastKnown(directory)
  const { epoch, events } = held(db)
  return known?.epoch === epoch ? Math.max(0, known.events - events) : 0
}
