import { mkdir, open, readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { openDiskFiles } from '../adapters/files/disk.ts'
import { notWritten } from '../adapters/reason.ts'
import type { CopySource, CopyWatcher } from '../adapters/store/copy/copy.ts'
import { compareTables, writeTables } from '../adapters/store/copy/copy.ts'
import { filesNamed } from '../adapters/store/copy/rows.ts'
import { tablesOfSchema } from '../adapters/store/copy/tables.ts'
import { BulkLoad } from '../adapters/store/sqlite/bulk-load.ts'
import { whyNotOpened } from '../adapters/store/sqlite/failures.ts'
import { backupFile } from '../adapters/store/sqlite/moving.ts'
import { lockDirectory } from '../adapters/store/sqlite/running.ts'
import { CannotOpen } from '../core/ports/failures.ts'
import type { Files } from '../core/ports/files.ts'
import { versionOf } from '../version.ts'
import { CannotCopy } from './cannot-copy.ts'
import { copyFiles } from './copied-files.ts'
import type { Manifest } from './manifest.ts'
import type { Copy } from './move.ts'
import { same } from './move.ts'
import type { Place } from './places.ts'
import { filesOf, see } from './places.ts'

const nameForm = /^confab-\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d-\d{3}Z$/
const leftForm = /^confab-.*\.(unfinished|removed)$/

/** What was written, where, and which older backups were taken away. */
export interface Backup extends Copy {
  readonly folder: string
  readonly removed: readonly string[]
}

/**
 * Writes a workspace into a new folder of `to`, as it is at one instant, whoever writes to it: rows and the files that they name, all read
 * back and compared. The folder has its name only when it is whole. With `keep`, only so many of the newest stay in `to`.
 * @throws CannotOpen where there is no workspace, CannotCopy where the backup does not come out the same.
 */
export async function backUp(
  from: Place,
  { to, keep, now, watch }: { to: string; keep: number | null; now: () => number; watch: CopyWatcher },
): Promise<Backup> {
  await makeFolder(to)
  using _alone = lockFolder(to)
  await takeAway(to, await namesIn(to, leftForm))
  const taken = now()
  const folder = join(to, `confab-${new Date(taken).toISOString().replace(/[:.]/g, '-')}`)
  const unfinished = `${folder}.unfinished`
  await mkdir(unfinished, { mode: 0o700 })
  const copy = await fill(unfinished, from, taken, watch)
  await rename(unfinished, folder)
  await sync(to)
  const backups = await namesIn(to, nameForm)
  const old = keep === null ? [] : backups.slice(0, Math.max(0, backups.length - keep))
  for (const name of old) await rename(join(to, name), join(to, `${name}.removed`))
  await takeAway(
    to,
    old.map(name => `${name}.removed`),
  )
  return { folder, removed: old, ...copy }
}

async function fill(folder: string, from: Place, now: number, watch: CopyWatcher): Promise<Copy> {
  const tables = tablesOfSchema()
  const files = await openDiskFiles(join(folder, 'files'))
  const seen = await seeWithFiles(() => see(from), filesOf(from).read, files)
  await using source = seen.source
  const bulkLoad = new BulkLoad(folder, now)
  using closing = new DisposableStack()
  closing.defer(() => bulkLoad.close())
  const written = same(await writeTables(tables, source.rows, bulkLoad.rows, watch))
  // PostgreSQL keeps each version of a row that the snapshot might see, and every send goes past those of its log: the sooner it ends the better.
  await source[Symbol.asyncDispose]()
  const tallies = same(await compareTables(tables, written, bulkLoad.rows, watch))
  const wrong = bulkLoad.finish()
  if (wrong) throw new CannotCopy(`The backup is not whole: ${wrong}. Check the disk of ${folder}.`)
  const { missing } = seen
  const copy: Copy = { tables: tallies, files: seen.named.size - missing.length, missing }
  const manifest: Manifest = {
    confab: versionOf(),
    taken: new Date(now).toISOString(),
    workspace: source.name,
    epoch: source.epoch,
    ...copy,
  }
  await writeDurably(backupFile(folder), `${JSON.stringify(manifest, null, 2)}\n`)
  await sync(folder)
  return copy
}

/**
 * A snapshot of which every file is copied, but for those that are lost. A server takes a file away after the row that named it, so one that
 * is not there any more may be one that only the snapshot still names: a later snapshot does not. What that one misses too is lost. Most files
 * are copied between two snapshots, so that none is open for as long as that takes.
 */
export async function seeWithFiles(
  see: () => Promise<CopySource>,
  from: Pick<Files, 'get'>,
  to: Files,
): Promise<{ source: CopySource; named: ReadonlySet<string>; missing: readonly string[] }> {
  const namedBefore = await namedNow(see)
  let missedBefore = new Set(await copyFiles(namedBefore, from, to))
  const copied = new Set([...namedBefore].filter(hash => !missedBefore.has(hash)))
  for (;;) {
    await using parts = new AsyncDisposableStack()
    const source = parts.use(await see())
    const named = await filesNamed(tablesOfSchema(), source.rows)
    const fresh = [...named].filter(hash => !copied.has(hash))
    const missing = await copyFiles(fresh, from, to)
    if (missing.every(hash => missedBefore.has(hash))) {
      for await (const { hash } of to.list()) if (!named.has(hash)) await to.remove(hash)
      parts.move()
      return { source, named, missing }
    }
    missedBefore = new Set(missing)
    for (const hash of fresh) if (!missedBefore.has(hash)) copied.add(hash)
  }
}

async function namedNow(see: () => Promise<CopySource>): Promise<ReadonlySet<string>> {
  await using source = await see()
  return await filesNamed(tablesOfSchema(), source.rows)
}

/** One that is there already may be others' too, and keeps its rights: each backup in it has its own. */
async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 })
  } catch (cause) {
    throw new CannotOpen(`The folder ${folder} cannot be made or written to: ${notWritten(cause)}.`, {
      cause,
    })
  }
}

/** One backup at a time is written to a folder, so that what an interrupted one left is nobody's. */
function lockFolder(folder: string): Disposable {
  try {
    return lockDirectory(folder)
  } catch (cause) {
    const why =
      cause instanceof CannotOpen && cause.cause instanceof Error ? whyNotOpened(folder, cause.cause) : null
    throw new CannotOpen(
      why === null
        ? `Another backup is being written to ${folder}. Wait until it is done.`
        : `The folder ${folder} cannot be written to: ${why}.`,
      { cause },
    )
  }
}

/** Names in a folder, the oldest first. */
const namesIn = async (folder: string, form: RegExp): Promise<string[]> =>
  (await readdir(folder)).filter(name => form.test(name)).sort()

async function takeAway(folder: string, names: readonly string[]): Promise<void> {
  for (const name of names) await rm(join(folder, name), { recursive: true, force: true })
}

async function writeDurably(place: string, text: string): Promise<void> {
  await using file = await open(place, 'wx', 0o600)
  await file.writeFile(text)
  await file.sync()
}

/** Makes the names in a folder durable. Windows knows no such call, and needs none. */
async function sync(folder: string): Promise<void> {
  if (process.platform === 'win32') return
  await using opened = await open(folder, 'r')
  await opened.sync()
}
