import { existsSync, statSync } from 'node:fs'
import Database from 'better-sqlite3'
import { reasonOf } from '../../adapters/reason.ts'
import { databaseFile } from '../../adapters/store/sqlite/connection.ts'
import {
  directoryProblem,
  lossProblem,
  missingProblem,
  sqliteSchema,
  sqliteSchemaProblem,
} from '../../adapters/store/sqlite/problems.ts'
import type { Finding } from './finding.ts'
import { fail, failOf, ok, warn } from './finding.ts'
import { schemaAt } from './schema.ts'

const mebibyte = 1024 * 1024
/** Several times what a server lets it grow to before it copies it into the database. */
const largeLog = 256 * mebibyte

const restore = 'Stop the server, keep a copy of the data directory as it is, and restore the newest backup.'

/** The embedded database, by a connection that only reads, whether a server runs or not. */
export function checkSqlite(directory: string): Finding[] {
  const file = databaseFile(directory)
  const problem = directoryProblem(directory) ?? missingProblem(directory)
  if (problem) return [failOf(problem)]
  if (!existsSync(file)) return [ok('There is no database yet: the first start makes it.')]
  try {
    using db = opened(file)
    const [broken] = db.open.pragma('quick_check(1)') as { quick_check: string }[]
    if (broken?.quick_check !== 'ok')
      return [fail(`The database ${file} is damaged: ${broken?.quick_check}.`, restore)]
    return [
      ok('The database is whole.'),
      schemaOf(db.open, directory),
      wholeSince(db.open, directory),
      journalOf(db.open),
      logOf(file),
      ...readers(file),
    ]
  } catch (error) {
    return [fail(`The database ${file} cannot be read: ${reasonOf(error)}.`, restore)]
  }
}

function wholeSince(db: Database.Database, directory: string): Finding {
  const loss = lossProblem(db, directory)
  return loss ? failOf(loss) : ok('It has all events that it is known to have had.')
}

function opened(file: string): { open: Database.Database } & Disposable {
  const open = new Database(file, { readonly: true, fileMustExist: true, timeout: 5_000 })
  return { open, [Symbol.dispose]: () => void open.close() }
}

function schemaOf(db: Database.Database, directory: string): Finding {
  const problem = sqliteSchemaProblem(db, directory)
  return problem ? failOf(problem) : schemaAt(sqliteSchema(db))
}

function journalOf(db: Database.Database): Finding {
  const mode = String(db.pragma('journal_mode', { simple: true }))
  if (mode === 'wal') return ok('The database keeps a write-ahead log.')
  return warn(
    `The database is in journal mode ${mode}, and not in WAL.`,
    'Start the server, which sets it. If it stays so, the file system cannot share memory: use a local disk.',
  )
}

function logOf(file: string): Finding {
  const bytes = statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0
  const says = `The write-ahead log has ${Math.ceil(bytes / mebibyte)} MiB.`
  if (bytes < largeLog) return ok(says)
  return warn(says, 'Something reads the database for very long: end what does, then restart the server.')
}

function readers(file: string): Finding[] {
  if (process.platform === 'win32') return []
  const bits = statSync(file).mode & 0o777
  if ((bits & 0o077) === 0) return []
  const told = bits.toString(8).padStart(4, '0')
  return [warn(`Others may read the database (${told}).`, `Run \`chmod 600 ${file}*\`.`)]
}
