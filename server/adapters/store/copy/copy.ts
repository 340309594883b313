import type { RowSource, RowTarget, Tally } from './rows.ts'
import { Tallying, tallyOf } from './rows.ts'
import type { Table } from './tables.ts'

/** Hears how far the copying is. */
export interface Watcher {
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
  watch: Watcher,
): Promise<Copied> {
  const copied = await copyAll(tables, source, target, watch)
  if (copied.is === 'same' || !copied.goneOn) return copied
  await target.empty()
  return copyAll(tables, source, target, watch)
}

async function copyAll(
  tables: readonly Table[],
  source: RowSource,
  target: RowTarget,
  watch: Watcher,
): Promise<Copied & { goneOn: boolean }> {
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
  // When all is written, so that what one table's rows did to another's is seen.
  for (const [n, table] of tables.entries()) {
    const [whole, written] = [tallies[n], await readBack(table, tallies[n]?.rows ?? 0, target, watch)]
    if (written.rows !== whole?.rows || written.hash !== whole.hash)
      return { is: 'different', table: table.name, goneOn }
    watch.ends(whole)
  }
  return { is: 'same', tables: tallies, goneOn }
}

/** Copies what comes after the rows that are `there`; nothing where those are not the first of the source. */
async function copyTable(
  table: Table,
  source: RowSource,
  target: RowTarget,
  there: Tally,
  watch: Watcher,
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

function readBack(table: Table, rows: number, target: RowTarget, watch: Watcher): Promise<Tally> {
  watch.begins('comparing', table.name, rows)
  return tallyOf(target, table, n => watch.goesOn(n))
}
