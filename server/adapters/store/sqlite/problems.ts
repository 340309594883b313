import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Database } from 'better-sqlite3'
import type { Problem } from '../sql/problem.ts'
import { newerSchema } from '../sql/problem.ts'
import { databaseFile } from './connection.ts'
import { lastKnownFile, missingEvents } from './last-known.ts'
import { arrivingFolder, awayFile, awayTo, backupFile } from './moving.ts'

/** "Cnfb": what `file` and other programs may tell the database by. */
export const applicationId = 0x436e6662

/** Where the directory is not whole, or not the one that people use. `leaving`: where its workspace is being moved to. */
export function directoryProblem(directory: string, leaving: string | null = null): Problem | null {
  if (existsSync(databaseFile(arrivingFolder(directory))))
    return {
      says: `What was being copied into the data directory ${directory} was cut short.`,
      fix: `Run the same command again to go on, or take ${arrivingFolder(directory)} away to go without.`,
    }
  const away = awayTo(directory)
  if (away !== leaving && away !== null)
    return {
      says: `The workspace in ${directory} was moved to ${away}.`,
      fix: `Start Confab there (CONFAB_DATABASE_URL, CONFAB_DATA); to go back to what is here, take ${awayFile(directory)} away.`,
    }
  if (!existsSync(backupFile(directory))) return null
  return {
    says: `${directory} is a backup.`,
    fix: `\`npm run confab -- restore --from ${directory}\` brings it back.`,
  }
}

/** Where a workspace was kept whose database is not there: a start would begin a new one in its place. */
export function missingProblem(directory: string): Problem | null {
  const trace = traceOfEarlier(directory)
  if (trace === null) return null
  const file = databaseFile(directory)
  return {
    says: `${file} is ${existsSync(file) ? 'empty' : 'missing'}, though ${trace} in ${directory} shows that a workspace was kept there.`,
    fix: 'Put the database back, or restore the newest backup (`npm run confab -- restore --from <backup>`). Where the workspace is in PostgreSQL, set CONFAB_DATABASE_URL. To begin a new workspace, give it an empty directory (CONFAB_DATA).',
  }
}

/** The name of the file or folder that tells of an earlier workspace, where there is no database; else null. */
function traceOfEarlier(directory: string): string | null {
  if ((statSync(databaseFile(directory), { throwIfNoEntry: false })?.size ?? 0) > 0) return null
  if (existsSync(lastKnownFile(directory))) return 'confab.last.json'
  const log = `${databaseFile(directory)}-wal`
  if ((statSync(log, { throwIfNoEntry: false })?.size ?? 0) > 0) return 'confab.db-wal'
  const files = join(directory, 'files')
  const kept = existsSync(files) ? readdirSync(files).filter(name => name !== 'unfinished') : []
  return kept.length > 0 ? 'files' : null
}

/** Where the database is another program's, or a newer Confab's. */
export function sqliteSchemaProblem(db: Database, directory: string, known?: number): Problem | null {
  const owner = Number(db.pragma('application_id', { simple: true }))
  const isEmpty = db.prepare('SELECT count(*) FROM sqlite_schema').pluck().get() === 0
  if (owner !== applicationId && !(isEmpty && owner === 0))
    return {
      says: `${databaseFile(directory)} is not a database of Confab.`,
      fix: 'Give Confab a directory of its own (CONFAB_DATA).',
    }
  return newerSchema(`The data in ${directory}`, sqliteSchema(db), known)
}

/** How many steps of the schema the database has. */
export const sqliteSchema = (db: Database): number => Number(db.pragma('user_version', { simple: true }))

/** Where the database has lost what it had acknowledged. */
export function lossProblem(db: Database, directory: string): Problem | null {
  const missing = missingEvents(db, directory)
  if (missing === 0) return null
  return {
    says: `The database ${databaseFile(directory)} lacks ${missing === 1 ? 'an event that it' : `${missing} events that it`} had: its write-ahead log (confab.db-wal) was removed after a crash, or an older copy was put in its place.`,
    fix: 'Put confab.db and confab.db-wal back as they were, or restore the newest backup. To go on without what is missing, run `npm run confab -- accept-loss`.',
  }
}
