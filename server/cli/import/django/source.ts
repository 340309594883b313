import {
  closeSync,
  constants,
  copyFileSync,
  existsSync,
  mkdtempSync,
  openSync,
  readSync,
  realpathSync,
  rmSync,
  statSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join, resolve } from 'node:path'
import Database from 'better-sqlite3'
import { ImportRefusal } from './refusal.ts'

/** A database that nobody vouches for, open for reading alone: one snapshot of it, until it is disposed of. */
export interface Source extends Disposable {
  readonly db: Database.Database
  readonly name: string
}

const untrusted = [
  'trusted_schema = OFF',
  'cell_size_check = ON',
  'query_only = ON',
  'mmap_size = 0',
  'temp_store = MEMORY',
]
const headerBytes = 100
const walMode = 2
const utf8 = 1

/**
 * Opens the file read-only, and changes nothing in it nor beside it. Throws ImportRefusal with a sentence where it is missing, no SQLite
 * database, cut short, damaged, in use, or left in the middle of a change.
 */
export function openSource(file: string): Source {
  const path = realFile(file)
  const name = basename(path)
  const header = readHeader(path, name)
  refuseUnfinished(path, name)
  // Reading a database in WAL mode writes files beside it. So a private copy is read, of which nobody else knows.
  const copy = header.wal ? copyAside(path, name) : null
  const forget = () => copy && rmSync(copy, { recursive: true, force: true })
  try {
    const db = openUntrusted(copy ? join(copy, name) : path)
    return {
      db,
      name,
      [Symbol.dispose]() {
        db.close()
        forget()
      },
    }
  } catch (error) {
    forget()
    throw readingFailed(error, name)
  }
}

/** Runs what reads the source; SQLite's errors become sentences about the file. */
export function reading<T>(source: Source, read: () => T): T {
  try {
    return read()
  } catch (error) {
    throw readingFailed(error, source.name)
  }
}

function realFile(file: string): string {
  const path = resolve(file)
  if (!existsSync(path)) throw new ImportRefusal(`There is no file ${path}.`)
  const real = realpathSync(path)
  if (!statSync(real).isFile()) throw new ImportRefusal(`${path} is not a file.`)
  return real
}

/** The file's header (SQLite's file format, section 1.3), which also tells how long the file must be. */
function readHeader(path: string, name: string): { wal: boolean } {
  const header = Buffer.alloc(headerBytes)
  const fd = openSync(path, constants.O_RDONLY)
  const read = readSync(fd, header, 0, headerBytes, 0)
  closeSync(fd)
  if (read === 0) throw new ImportRefusal(`${name} is empty.`)
  if (header.toString('latin1', 0, 16) !== 'SQLite format 3\0')
    throw new ImportRefusal(`${name} is not an SQLite database.`)
  const pageBytes = header.readUInt16BE(16) === 1 ? 65536 : header.readUInt16BE(16)
  const pagesKnown = header.readUInt32BE(24) === header.readUInt32BE(92)
  const expected = pagesKnown ? header.readUInt32BE(28) * pageBytes : pageBytes
  const { size } = statSync(path)
  if (read < headerBytes || size < expected)
    throw new ImportRefusal(
      `${name} is cut short: it has ${size} of ${expected} bytes. Copy it again from the ChatApp's folder.`,
    )
  if (header.readUInt32BE(56) > utf8)
    throw new ImportRefusal(`${name} keeps its text in UTF-16, which Django never does.`)
  return { wal: header.readUInt8(19) === walMode }
}

/** A journal that was not rolled back: the file alone is a mix of before and after. Its first byte is zero once it is done with. */
function refuseUnfinished(path: string, name: string): void {
  const journal = `${path}-journal`
  if (!existsSync(journal) || statSync(journal).size === 0) return
  const first = Buffer.alloc(1)
  const fd = openSync(journal, constants.O_RDONLY)
  readSync(fd, first, 0, 1, 0)
  closeSync(fd)
  if (first[0] !== 0)
    throw new ImportRefusal(
      `A change of ${name} is not finished (${name}-journal stands beside it). Stop the ChatApp; if it is stopped, start and stop it once more, and try again.`,
    )
}

function copyAside(path: string, name: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'confab-import-'))
  const files = ['', '-wal'].filter(suffix => existsSync(path + suffix))
  const stamps = () =>
    files.map(suffix => statSync(path + suffix)).map(({ size, mtimeMs }) => `${size} ${mtimeMs}`)
  try {
    const before = stamps()
    for (const suffix of files) copyFileSync(path + suffix, join(folder, name + suffix))
    if (stamps().join() !== before.join()) throw inUse(name)
    return folder
  } catch (error) {
    rmSync(folder, { recursive: true, force: true })
    throw error
  }
}

function openUntrusted(path: string): Database.Database {
  const db = new Database(path, { readonly: true, fileMustExist: true, timeout: 1_000 })
  try {
    // The schema is the sender's: it may call no function with a side effect, and nothing of it is written. better-sqlite3 opens
    // every database in defensive mode.
    for (const setting of untrusted) db.pragma(setting)
    // The snapshot is held until the end, and with it the lock that keeps the ChatApp from writing in between.
    db.exec('BEGIN')
    db.prepare('SELECT count(*) FROM sqlite_schema').get()
    return db
  } catch (error) {
    db.close()
    throw error
  }
}

const inUse = (name: string) => new ImportRefusal(`${name} is in use. Stop the ChatApp, then try again.`)

function readingFailed(error: unknown, name: string): unknown {
  if (!(error instanceof Database.SqliteError)) return error
  const { code, message } = error
  if (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED')) return inUse(name)
  if (code.startsWith('SQLITE_NOTADB'))
    return new ImportRefusal(`${name} is not an SQLite database.`, { cause: error })
  if (code.startsWith('SQLITE_CORRUPT') || code.startsWith('SQLITE_IOERR_SHORT_READ'))
    return new ImportRefusal(`${name} is damaged (${message}). Take a whole copy of it.`, { cause: error })
  return new ImportRefusal(`${name} cannot be read: ${message}.`, { cause: error })
}
