import type { RowSource, RowTarget, Tally } from './rows.ts'
import { Tallying, tallyOf } from './rows.ts'
import type { Table } from './tables.ts'

/** Hears how far the copying is. */
export interface Watcher {
  /** A table of so many rows is begun. */
  begins(table: string, rows: number): void
  /** So many more of its rows are in the target. */
  copied(rows: number): void
  /** So many more of them were read back. */
  compared(rows: number): void
  /** It is copied and compared. */
  ends(tally: Tally): void
}

/** `different`: the table that came out other than it is in the source. */
export type Copied =
  | { readonly is: 'same'; readonly tables: readonly Tally[] }
  | { readonly is: 'different'; readonly table: string }

/**
 * Copies all rows, table after table, and compares each with the source when it is written: what is read back has as many rows and the same
 * hash. A target that holds a part already is gone on with where the part is the beginning of what is in the source; else all of it is
 * begun anew.
 */
export async function copyTables(
  tables: readonly Table[],
  source: RowSource,
  target: RowTarget,
  watch: Watcher,
): Promise<Copied> {
  const copied = await copyEach(tables, source, target, watch)
  if (copied.is === 'same' || !copied.goneOn) return copied
  await target.empty()
  return copyEach(tables, source, target, watch)
}

async function copyEach(
  tables: readonly Table[],
  source: RowSource,
  target: RowTarget,
  watch: Watcher,
): Promise<Copied & { goneOn: boolean }> {
  const tallies: Tally[] = []
  let goneOn = false
  for (const table of tables) {
    watch.begins(table.name, await source.count(table))
    const there = await tallyOf(target, table)
    goneOn ||= there.rows > 0
    const tally = await copyTable(table, source, target, there, watch)
    if (!tally) return { is: 'different', table: table.name, goneOn }
    watch.ends(tally)
    tallies.push(tally)
  }
  return { is: 'same', tables: tallies, goneOn }
}

/** Copies what comes after the rows that are `there`; nothing where the table comes out different. */
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
    const known = Math.max(0, there.rows - tallying.tally.rows)
    tallying.add(rows.slice(0, known))
    if (known > 0 && tallying.tally.rows === there.rows && tallying.tally.hash !== there.hash) return null
    const fresh = rows.slice(known)
    tallying.add(fresh)
    await writing
    watch.copied(rows.length)
    writing = fresh.length > 0 ? target.write(table, fresh) : Promise.resolve()
    // It is awaited a page later: until then its failing is nobody's surprise.
    writing.catch(() => {})
  }
  await writing
  const whole = tallying.tally
  const written = whole.rows === there.rows ? there : await tallyOf(target, table, n => watch.compared(n))
  return written.rows === whole.rows && written.hash === whole.hash ? whole : null
}
