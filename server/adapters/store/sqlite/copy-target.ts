import { existsSync, mkdirSync, readdirSync, renameSync, rmdirSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import type { Epoch } from '../../../../contract/ids.ts'
import { CannotOpen } from '../../../core/ports/failures.ts'
import { makeDirectory } from '../../data-directory.ts'
import type { CopyTarget, CopyTargetOptions } from '../copy/copy.ts'
import { BulkLoad } from './bulk-load.ts'
import { databaseFile, openToWrite } from './connection.ts'
import { arrivingFolder, awayTo, backupFile } from './moving.ts'
import { lockDirectory } from './running.ts'

interface SqliteCopyTarget extends CopyTarget {
  /** The folder that files which come along are put into until `finish`. */
  readonly files: string
}

/**
 * A data directory that a workspace is copied into; `null` where it came before. It is filled in a folder of its own, and takes its place
 * when it is whole; what was there before is kept in a folder named `before-` and the time.
 * @throws CannotOpen while a server runs there, or where people use what is there and `replace` is not said.
 */
export async function openSqliteTarget(
  directory: string,
  { now, replace, already }: CopyTargetOptions,
): Promise<SqliteCopyTarget | null> {
  makeDirectory(directory)
  await using parts = new AsyncDisposableStack()
  parts.use(lockDirectory(directory))
  if (existsSync(backupFile(directory)))
    throw new CannotOpen(`${directory} is a backup. Give what is copied a directory of its own.`)
  const used = replace || awayTo(directory) !== null ? null : workspaceIn(directory)
  if (used && used.epoch === already) return null
  if (used)
    throw new CannotOpen(
      `${directory} holds the workspace ${JSON.stringify(used.name)} already. Choose another directory, or take this one away; a restore puts it aside with --replace.`,
    )
  const arriving = arrivingFolder(directory)
  const bulkLoad = new BulkLoad(arriving, now)
  parts.defer(() => bulkLoad.close())
  const held = parts.move()
  return {
    rows: bulkLoad.rows,
    files: join(arriving, 'files'),
    async finish(epoch) {
      if (epoch) bulkLoad.change(db => db.prepare('UPDATE workspace SET epoch = ?').run(epoch))
      const wrong = bulkLoad.finish()
      if (wrong) throw new CannotOpen(`The copy in ${arriving} is not whole: ${wrong}.`)
      takePlace(directory, now)
      await syncFolder(directory)
    },
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  }
}

/** A workspace that people use. */
function workspaceIn(directory: string): { epoch: Epoch; name: string } | null {
  if (!existsSync(databaseFile(directory))) return null
  const db = new Sqlite(databaseFile(directory), { readonly: true })
  try {
    const used = db.prepare<[], { epoch: Epoch; name: string }>(
      'SELECT epoch, name FROM workspace WHERE set_up = 1 OR EXISTS (SELECT 1 FROM users)',
    )
    return used.get() ?? null
  } catch (cause) {
    if (!(cause instanceof Sqlite.SqliteError)) throw cause
    throw new CannotOpen(
      `${databaseFile(directory)} is there, and cannot be read: ${cause.message}. Take it away; a restore puts it aside with --replace.`,
      {
        cause,
      },
    )
  } finally {
    db.close()
  }
}

/**
 * Puts what was there aside and what came in its place, by renaming. The database comes last: until then no server opens the directory, so
 * that a crash in between is seen, and the next run goes on with what is left.
 */
function takePlace(directory: string, now: number): void {
  const arriving = arrivingFolder(directory)
  gather(directory)
  const before = join(directory, `before-${new Date(now).toISOString().replace(/[:.]/g, '-')}`)
  const come = readdirSync(arriving)
  const old = [
    'confab.db',
    'confab.db-wal',
    'confab.db-shm',
    'confab.last.json',
    'moved',
    ...(come.includes('files') ? ['files'] : []),
  ]
  for (const name of old.filter(name => existsSync(join(directory, name)))) {
    mkdirSync(before, { recursive: true, mode: 0o700 })
    renameSync(join(directory, name), join(before, name))
  }
  for (const name of come.sort().reverse()) renameSync(join(arriving, name), join(directory, name))
  rmdirSync(arriving)
}

/** Brings an old database into one file, so that it is whole wherever a crash leaves it. One that is broken is put aside as it is. */
function gather(directory: string): void {
  if (!existsSync(databaseFile(directory))) return
  try {
    openToWrite(directory).close()
  } catch (error) {
    if (!(error instanceof Sqlite.SqliteError)) throw error
  }
}

async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return
  await using opened = await open(folder, 'r')
  await opened.sync()
}
