import { join } from 'node:path'
import Database from 'better-sqlite3'
import { CannotOpen } from '../../../core/ports/failures.ts'

const busyMs = 5_000

export const databaseFile = (directory: string): string => join(directory, 'confab.db')

/**
 * The one connection that writes. `synchronous=FULL` is asserted, not assumed: the library's own default in WAL mode is NORMAL, which
 * loses acknowledged commits when the power fails.
 */
export function openToWrite(directory: string): Database.Database {
  const db = new Database(databaseFile(directory), { timeout: busyMs })
  try {
    db.pragma('journal_mode = WAL')
    db.pragma('synchronous = FULL')
    db.pragma('foreign_keys = ON')
    db.pragma('secure_delete = ON')
    db.pragma('trusted_schema = OFF')
    db.pragma('cache_size = -65536')
    db.pragma('temp_store = MEMORY')
    // The same pages are written again and again: a longer log copies each to the file less often.
    db.pragma('wal_autocheckpoint = 4000')
    const held = ['journal_mode', 'synchronous', 'foreign_keys', 'secure_delete'].map(name =>
      db.pragma(name, { simple: true }),
    )
    if (String(held) !== 'wal,2,1,1')
      throw new CannotOpen(`The file system under ${directory} does not let SQLite keep what it writes.`)
    return db
  } catch (error) {
    db.close()
    throw error
  }
}

/** A connection that can only read. It is opened after the database is there and of this schema. */
export function openToRead(directory: string): Database.Database {
  const db = new Database(databaseFile(directory), { readonly: true, fileMustExist: true, timeout: busyMs })
  db.pragma('trusted_schema = OFF')
  db.pragma('cache_size = -32768')
  return db
}
