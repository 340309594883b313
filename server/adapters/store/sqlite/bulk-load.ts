import { rmSync } from 'node:fs'
import type { Database } from 'better-sqlite3'
import { makeDirectory } from '../../data-directory.ts'
import type { CopyRow, RowTarget } from '../copy/rows.ts'
import type { Table } from '../copy/tables.ts'
import { databaseFile, openToWrite } from './connection.ts'
import { migrate } from './migrate.ts'
import { inserterOf, sqliteRows } from './rows.ts'

/** A database that is being filled, a page in a transaction. It may hold a part already. */
export class BulkLoad {
  readonly #directory: string
  readonly #now: number
  #db: Database

  constructor(directory: string, now: number) {
    this.#directory = directory
    this.#now = now
    makeDirectory(directory)
    this.#db = this.#open()
  }

  readonly rows: RowTarget = {
    count: table => sqliteRows(this.#db).count(table),
    pages: table => sqliteRows(this.#db).pages(table),
    write: async (table, rows) => this.#write(table, rows),
    empty: async () => this.#empty(),
  }

  /** Does something to what was filled in, in one transaction. */
  change(act: (db: Database) => void): void {
    this.#db.transaction(() => act(this.#db))()
  }

  /** Closes it as one file, durable and whole; what is wrong with it, as SQLite says. */
  finish(): string | null {
    const whole = this.#db.pragma('integrity_check', { simple: true })
    const loose = this.#db.pragma('foreign_key_check') as unknown[]
    this.#db.pragma('synchronous = FULL')
    this.#db.pragma('wal_checkpoint(TRUNCATE)')
    this.#db.pragma('journal_mode = DELETE')
    this.#db.close()
    if (whole !== 'ok') return String(whole)
    return loose.length > 0 ? `${loose.length} rows refer to none` : null
  }

  close(): void {
    this.#db.close()
  }

  #open(): Database {
    const db = openToWrite(this.#directory)
    migrate(db, this.#directory, this.#now)
    // What a power failure takes of the pages is copied again; `finish` makes the rest durable.
    db.pragma('synchronous = NORMAL')
    return db
  }

  #write(table: Table, rows: readonly CopyRow[]): void {
    const insert = inserterOf(this.#db, table)
    this.#db.transaction(insert).immediate(rows)
  }

  /** A new file: rows deleted one by one would leave traces, and set off what deleting a session does. */
  #empty(): void {
    this.#db.close()
    for (const end of ['', '-wal', '-shm']) rmSync(databaseFile(this.#directory) + end, { force: true })
    this.#db = this.#open()
    this.#db.exec('DELETE FROM workspace')
  }
}
