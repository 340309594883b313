import type { Epoch } from '../../../../contract/ids.ts'
import type { RowSource, RowTarget, Tally } from './rows.ts'
import { Tallying, tallyOf } from './rows.ts'
import type { Table } from './tables.ts'

/** Hears how far the copying is. */
export interface CopyWatcher {
  /** A table of so many rows is begun with. */
  begins(doing: 'copying' | 'comparing', table: string, rows: number): void
  /** So many more of its rows are done. */
  goesOn(rows: number): void
  /** It is in the target, and the same as in the source. */
  ends(tally: Tally): void
}

/** `different`: the table that came out other than it is in the source. */
export type Copied =
  | { readonly is: 'same'; readonly tables: readonly Tally[] }
  | { readonly is: 'different'; readonly table: string }

/**
 * Copies all rows, table after table, and then compares each with the source: what is read back has as many rows and the same hash. A target
 * that holds a part already is gone on with where the part is the beginning of what is in the source; else all of it is begun anew.
 */
export async function copyTables(
  tables: readonly Table[],
  source: RowSource,
  target: RowTarget,
  watch: CopyWatcher,
): Promise<Copied> {
  for (;;) {
    const written = await writeTables(tables, source, target, watch)
    if (written.is === 'different') return written
    const compared = await compareTables(tables, written.tables, target, watch)
    if (compared.is === 'same' || !written.goneOn) return compared
    await target.empty()
  }
}

type Written = Copied & { readonly goneOn: boolean }

/**
 * The first half: writes all rows that are not there, and answers what the source holds, which is not read any more after it. `goneOn`: a
 * part was there.
 */
export async function writeTables(
  tables: readonly Table[],
  source: RowSource,
  target: RowTarget,
  watch: CopyWatcher,
): Promise<Written> {
  const written = await write(tables, source, target, watch)
  if (written.is === 'same' || !written.goneOn) return written
  await target.empty()
  return write(tables, source, target, watch)
}

async function write(
  tables: readonly Table[],
  source: RowSource,
  target: RowTarget,
  watch: CopyWatcher,
): Promise<Written> {
  const tallies: Tally[] = []
  let goneOn = false
  for (const table of tables) {
    const there = await tallyOf(target, table)
    goneOn ||= there.rows > 0
    watch.begins('copying', table.name, await source.count(table))
    const tally = await copyTable(table, source, target, there, watch)
    if (!tally) return { is: 'different', table: table.name, goneOn }
    tallies.push(tally)
  }
  return { is: 'same', tables: tallies, goneOn }
}

/** The second: reads back what was written when all of it is, so that what one table's rows did to another's is seen. */
export async function compareTables(
  tables: readonly Table[],
  tallies: readonly Tally[],
  target: RowTarget,
  watch: CopyWatcher,
): Promise<Copied> {
  for (const [n, table] of tables.entries()) {
    const [whole, written] = [tallies[n], await readBack(table, tallies[n]?.rows ?? 0, target, watch)]
    if (written.rows !== whole?.rows || written.hash !== whole.hash)
      return { is: 'different', table: table.name }
    watch.ends(whole)
  }
  return { is: 'same', tables: tallies }
}

/** Copies what comes after the rows that are `there`; nothing where those are not the first of the source. */
async function copyTable(
  table: Table,
  source: RowSource,
  target: RowTarget,
  there: Tally,
  watch: CopyWatcher,
): Promise<Tally | null> {
  const tallying = new Tallying(table)
  // The next page is read while the one before is written.
  let writing = Promise.resolve()
  for await (const rows of source.pages(table)) {
    const known = Math.max(0, there.rows - tallying.rows)
    tallying.add(rows.slice(0, known))
    if (known > 0 && known <= rows.length && tallying.tally.hash !== there.hash) return null
    const fresh = rows.slice(known)
    tallying.add(fresh)
    await writing
    watch.goesOn(rows.length)
    writing = fresh.length > 0 ? target.write(table, fresh) : Promise.resolve()
    // It is awaited a page later: until then its failing is nobody's surprise.
    writing.catch(() => {})
  }
  await writing
  return tallying.tally
}

function readBack(table: Table, rows: number, target: RowTarget, watch: CopyWatcher): Promise<Tally> {
  watch.begins('comparing', table.name, rows)
  return tallyOf(target, table, n => watch.goesOn(n))
}

/** The workspace that is copied, as it is in one snapshot. */
export interface CopySource extends AsyncDisposable {
  readonly rows: RowSource
  /** Whether a copying before this one has left it already, and may have been killed before or after it finished. */
  readonly left: boolean
  readonly epoch: Epoch
  readonly name: string
  /** From now on no server opens it here; where it went is told to whoever tries. */
  leave(): Promise<void>
}

/** How something is to be copied to a place. */
export interface CopyTargetOptions {
  /** Whence, for people. */
  readonly from: string
  readonly now: number
  /** Whether what people use there may be put aside. */
  readonly replace: boolean
  /** The history that a copying before this one may have brought there, whole. */
  readonly already: Epoch | null
}

/** The place that a workspace is copied to. No server opens it before `finish`; disposing of it before leaves a part, to go on with. */
export interface CopyTarget extends AsyncDisposable {
  readonly rows: RowTarget
  /** Makes it the workspace of its place, durable when it resolves; with another epoch where one is given. */
  finish(epoch: Epoch | null): Promise<void>
}
