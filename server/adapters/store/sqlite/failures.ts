import { accessSync, closeSync, constants, existsSync, openSync, unlinkSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { notWritten } from '../../reason.ts'
import { databaseFile } from './connection.ts'

/** Faults of the disk, the memory or the file: after one of these nothing in the transaction is to be relied on. */
const fatal = /^SQLITE_(FULL|IOERR|CORRUPT|NOTADB|NOMEM|READONLY|CANTOPEN|BUSY|LOCKED|PROTOCOL)/

export const isFatal = (error: unknown): error is InstanceType<typeof Sqlite.SqliteError> =>
  error instanceof Sqlite.SqliteError && fatal.test(error.code)

/** Unique columns that people choose the content of, and the field to tell them. */
const unique: Readonly<Record<string, string>> = {
  'UNIQUE constraint failed: users.folded': 'username',
  'UNIQUE constraint failed: rooms.folded': 'name',
  'UNIQUE constraint failed: users.skeleton': 'username',
  'UNIQUE constraint failed: rooms.skeleton': 'name',
  'UNIQUE constraint failed: users.lower_skeleton': 'username',
  'UNIQUE constraint failed: rooms.lower_skeleton': 'name',
}

/** Ids that somebody else was faster with: each kind of thing has its own. */
const ids =
  /^UNIQUE constraint failed: (users|rooms|messages|tokens|sessions|avatars|deleted_messages|made)\..*\bid$/

export const isIdClash = (error: unknown): boolean =>
  error instanceof IdTaken || (error instanceof Sqlite.SqliteError && ids.test(error.message))

/** Which of a person's words is taken already; null for any other fault. */
export const wordTaken = (error: unknown): string | null =>
  (error instanceof Sqlite.SqliteError && unique[error.message]) || null

/** What was to be made has an id that is in use. */
export class IdTaken extends Error {}

/** More than what is left where a disk is full but for a few bytes. */
const probeBytes = 64 * 1024

/**
 * Why SQLite could not open or write in a directory: it tells one thing of many, so that the same is tried beside it, and the system asked.
 * Half a sentence, and what to do.
 */
export function whyNotOpened(directory: string, cause: Error): string {
  const code = 'code' in cause ? String(cause.code) : ''
  if (/^SQLITE_(CORRUPT|NOTADB)/.test(code))
    return `it is damaged (${cause.message}). Keep a copy of the data directory as it is, and restore the newest backup`
  for (const look of [() => mayWrite(directory), () => probe(directory)])
    try {
      look()
    } catch (refused) {
      return notWritten(refused)
    }
  return cause.message
}

function mayWrite(directory: string): void {
  for (const path of [directory, databaseFile(directory), join(directory, 'lock.db')])
    if (existsSync(path)) accessSync(path, constants.W_OK)
}

function probe(directory: string): void {
  const path = join(directory, `probe-${process.pid}`)
  const file = openSync(path, 'wx', 0o600)
  try {
    for (let left = probeBytes; left > 0; ) left -= writeSync(file, Buffer.alloc(left))
  } finally {
    closeSync(file)
    unlinkSync(path)
  }
}
