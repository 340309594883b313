import type { Copied, CopySource, CopyTarget, CopyWatcher } from '../adapters/store/copy/copy.ts'
import { copyTables } from '../adapters/store/copy/copy.ts'
import type { Tally } from '../adapters/store/copy/rows.ts'
import { filesNamed } from '../adapters/store/copy/rows.ts'
import type { Table } from '../adapters/store/copy/tables.ts'
import { tablesOfSchema } from '../adapters/store/copy/tables.ts'
import { CannotCopy } from './cannot-copy.ts'
import { copyFiles } from './copied-files.ts'
import type { FilesPlace, Place } from './places.ts'
import { arrive, filesOf, leave, shown } from './places.ts'

/** What was copied. `missing`: hashes of files that rows name and that are not there. */
export interface Copy {
  readonly tables: readonly Tally[]
  readonly files: number
  readonly missing: readonly string[]
}

/**
 * Copies a workspace to another place and compares every table and file with where it came from. It is the same history, so clients go on
 * where they were. What is interrupted is gone on with by the next call; when it resolves, the workspace is used at `to` alone. `null`: an earlier call had done all of it.
 * @throws CannotOpen where a server runs, or the target is in use; CannotCopy where the copy does not come out the same.
 */
export async function move(from: Place, to: Place, now: number, watch: CopyWatcher): Promise<Copy | null> {
  const [whence, whither] = [await shown(from), await shown(to)]
  if (whence === whither) throw new CannotCopy(`${whence} is where the workspace is already.`)
  await using source = await leave(from, whither, now)
  const already = source.left ? source.epoch : null
  await using target = await arrive(to, { from: whence, now, replace: false, already })
  if (!target) return null
  const tables = tablesOfSchema()
  const stay = filesOf(from).at === filesOf(to).at
  const files = stay
    ? { files: 0, missing: [] }
    : await bringFiles(tables, source, filesOf(from), target.files)
  const tallies = await copyRows(tables, source, target, watch)
  // In this order: killed in between, neither is used, and the next call finishes it. The other way round both would be.
  await source.leave()
  await target.finish(null)
  return { tables: tallies, ...files }
}

/** @throws CannotCopy where a table comes out different. */
export async function copyRows(
  tables: readonly Table[],
  source: Pick<CopySource, 'rows'>,
  target: Pick<CopyTarget, 'rows'>,
  watch: CopyWatcher,
): Promise<readonly Tally[]> {
  return same(await copyTables(tables, source.rows, target.rows, watch))
}

/** @throws CannotCopy where it is not. */
export function same(copied: Copied): readonly Tally[] {
  if (copied.is === 'same') return copied.tables
  throw new CannotCopy(
    `The table ${copied.table} is not the same when it is read back, so nothing was put into use. Check both disks, and run the same command again.`,
  )
}

async function bringFiles(
  tables: readonly Table[],
  source: Pick<CopySource, 'rows'>,
  from: FilesPlace,
  to: FilesPlace,
): Promise<{ files: number; missing: readonly string[] }> {
  const hashes = await filesNamed(tables, source.rows)
  const missing = await copyFiles(hashes, from.read, await to.open())
  return { files: hashes.size - missing.length, missing }
}
