import { copyFile, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Database } from 'better-sqlite3'
import Sqlite from 'better-sqlite3'
import type { Epoch } from '../../contract/ids.ts'
import { newId } from '../../contract/ids.ts'
import { readDiskFiles } from '../adapters/files/disk.ts'
import type { CopyWatcher } from '../adapters/store/copy/copy.ts'
import type { RowSource } from '../adapters/store/copy/rows.ts'
import { filesNamed, tallyOf } from '../adapters/store/copy/rows.ts'
import { tablesOf, tablesOfSchema } from '../adapters/store/copy/tables.ts'
import { newerSchema } from '../adapters/store/sql/problem.ts'
import { steps } from '../adapters/store/sql/schema.ts'
import { databaseFile, openToWrite } from '../adapters/store/sqlite/connection.ts'
import { migrate } from '../adapters/store/sqlite/migrate.ts'
import { sqliteSchema } from '../adapters/store/sqlite/problems.ts'
import { sqliteRows } from '../adapters/store/sqlite/rows.ts'
import { CannotCopy } from './cannot-copy.ts'
import { copyFiles, missingOf } from './copied-files.ts'
import type { Manifest } from './manifest.ts'
import { readManifest } from './manifest.ts'
import type { Copy } from './move.ts'
import { copyRows } from './move.ts'
import type { Place } from './places.ts'
import { arrive } from './places.ts'

/**
 * Brings a backup back as the workspace of a place. All of it is verified first, by what the backup says of itself. The history that begins
 * with it has a new epoch: whoever was ahead of the backup is told to start anew. Sessions and tokens of the backup stay good.
 * @throws CannotOpen where a server runs at `to`, or people use what is there and `replace` is not said; CannotCopy where the backup is not
 * whole.
 */
export async function restore(
  backup: string,
  { to, replace, now, watch }: { to: Place; replace: boolean; now: number; watch: CopyWatcher },
): Promise<Copy & { manifest: Manifest }> {
  await using parts = new AsyncDisposableStack()
  const manifest = await readManifest(backup)
  const db = openBackup(backup)
  parts.defer(() => void db.close())
  await verify(backup, db, manifest)
  const rows = await inNewestSchema(backup, db, now, parts)
  await using target = await arrive(to, { from: backup, now, replace, already: null })
  if (!target) throw new Error('A restore has a new epoch, which no place has already.')
  const tables = tablesOfSchema()
  const hashes = await filesNamed(tables, rows)
  const missing = await copyFiles(hashes, filesIn(backup), await target.files.open())
  const tallies = await copyRows(tables, { rows }, target, watch)
  await target.finish(newId<Epoch>(now))
  return { manifest, tables: tallies, files: hashes.size - missing.length, missing }
}

const filesIn = (backup: string) => readDiskFiles(join(backup, 'files'))

function openBackup(backup: string): Database {
  try {
    return new Sqlite(databaseFile(backup), { readonly: true, fileMustExist: true })
  } catch (cause) {
    throw new CannotCopy(
      `The database of the backup ${backup} cannot be opened: ${(cause as Error).message}.`,
      {
        cause,
      },
    )
  }
}

/** The database is sound, every table is as it was written, and so is every file. */
async function verify(backup: string, db: Database, manifest: Manifest): Promise<void> {
  const damaged = (what: string, cause?: unknown) =>
    new CannotCopy(`The backup ${backup} is damaged: ${what}. Use another one.`, { cause })
  try {
    const whole = db.pragma('integrity_check', { simple: true })
    if (whole !== 'ok') throw damaged(String(whole))
    const tables = tablesOf(db)
    for (const { table: name, rows, hash } of manifest.tables) {
      const table = tables.find(one => one.name === name)
      if (!table) throw damaged(`there is no table ${name}`)
      const tally = await tallyOf(sqliteRows(db), table)
      if (tally.rows !== rows || tally.hash !== hash)
        throw damaged(`the table ${name} is not as it was written`)
    }
    const missing = await missingOf(await filesNamed(tables, sqliteRows(db)), filesIn(backup))
    const lost = missing.filter(hash => !manifest.missing.includes(hash))
    if (lost.length > 0) throw damaged(`${lost.length} files are not as they were written`)
  } catch (error) {
    throw error instanceof Sqlite.SqliteError ? damaged(error.message, error) : error
  }
}

/** The rows of the backup, which stays as it is: one of an older Confab is brought up in a copy of it. */
async function inNewestSchema(
  backup: string,
  db: Database,
  now: number,
  parts: AsyncDisposableStack,
): Promise<RowSource> {
  const schema = sqliteSchema(db)
  if (schema === steps.length) return sqliteRows(db)
  const newer = newerSchema(`The backup ${backup}`, schema)
  if (newer) throw new CannotCopy(`${newer.says} Restore it with that version.`)
  const folder = await mkdtemp(join(tmpdir(), 'confab-restore-'))
  parts.defer(() => rm(folder, { recursive: true, force: true }))
  await copyFile(databaseFile(backup), databaseFile(folder))
  const copy = openToWrite(folder)
  parts.defer(() => void copy.close())
  migrate(copy, folder, now)
  return sqliteRows(copy)
}
