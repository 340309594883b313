import { createHash } from 'node:crypto'
import type { Table } from './tables.ts'
import { fileColumns } from './tables.ts'

/** Values in the order of the table's columns. */
export type CopyRow = readonly (string | number | null)[]

/** Rows read from one snapshot. */
export interface RowSource {
  count(table: Table): Promise<number>
  /** All rows in the order of the key, text byte by byte, a page at a time. */
  pages(table: Table): AsyncIterable<readonly CopyRow[]>
}

/** A database that is being filled, and by nobody else. */
export interface RowTarget extends RowSource {
  /** All of them or none: what a crash leaves of a table is its first rows. */
  write(table: Table, rows: readonly CopyRow[]): Promise<void>
  /** Takes away all rows. */
  empty(): Promise<void>
}

/** What a table holds: how many rows, and the SHA-256 of all of them in the order of the key. */
export interface Tally {
  readonly table: string
  readonly rows: number
  readonly hash: string
}

/** Rows of a page: some hundred kilobytes, and a few megabytes where messages are at their longest. */
export const pageRows = 1_000

/** Adds up a table. A row is the JSON of its values and a newline, so that it is the same from whichever database it is read. */
export class Tallying {
  readonly #table: string
  readonly #hash = createHash('sha256')
  #rows = 0

  constructor({ name }: Table) {
    this.#table = name
  }

  add(rows: readonly CopyRow[]): void {
    let text = ''
    for (const row of rows) text += `${JSON.stringify(row)}\n`
    this.#hash.update(text)
    this.#rows += rows.length
  }

  get rows(): number {
    return this.#rows
  }

  /** What was added so far; more may be. */
  get tally(): Tally {
    return { table: this.#table, rows: this.#rows, hash: this.#hash.copy().digest('hex') }
  }
}

/** Reads a whole table and adds it up. */
export async function tallyOf(
  source: RowSource,
  table: Table,
  read: (rows: number) => void = () => {},
): Promise<Tally> {
  const tallying = new Tallying(table)
  for await (const rows of source.pages(table)) {
    tallying.add(rows)
    read(rows.length)
  }
  return tallying.tally
}

/** The hashes of all files that rows name, each once. */
export async function filesNamed(tables: readonly Table[], source: RowSource): Promise<ReadonlySet<string>> {
  const hashes = new Set<string>()
  for (const table of tables) {
    const at = table.columns.findIndex(({ name }) => name === fileColumns[table.name])
    if (at < 0) continue
    for await (const rows of source.pages(table)) for (const row of rows) hashes.add(String(row[at]))
  }
  return hashes
}
