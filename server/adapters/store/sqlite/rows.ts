import type { Database } from 'better-sqlite3'
import type { CopyRow, RowSource } from '../copy/rows.ts'
import { pageRows } from '../copy/rows.ts'
import type { Table } from '../copy/tables.ts'
import { quotedAll, quotedName } from '../copy/tables.ts'

/** The rows of a SQLite database: of one snapshot where a transaction is open on the connection. */
export const sqliteRows = (db: Database): RowSource => ({
  count: async ({ name }) =>
    db
      .prepare<[], number>(`SELECT count(*) FROM ${quotedName(name)}`)
      .pluck()
      .get() ?? 0,
  pages: table => pagesOf(db, table),
})

async function* pagesOf(db: Database, { name, columns, key }: Table): AsyncGenerator<readonly CopyRow[]> {
  const select = `SELECT ${quotedAll(columns.map(column => column.name))} FROM ${quotedName(name)}`
  const order = `ORDER BY ${quotedAll(key)} LIMIT ${pageRows}`
  const first = db.prepare<[], CopyRow>(`${select} ${order}`).raw()
  const next = db
    .prepare<unknown[], CopyRow>(
      `${select} WHERE (${quotedAll(key)}) > (${key.map(() => '?').join(', ')}) ${order}`,
    )
    .raw()
  const places = key.map(part => columns.findIndex(column => column.name === part))
  let rows = first.all()
  while (rows.length > 0) {
    yield rows
    const last = rows.at(-1)
    rows = rows.length < pageRows || !last ? [] : next.all(...places.map(at => last[at] ?? null))
  }
}

/** Writes rows into a table, each in the order of its columns. In the transaction that is open, or each by itself. */
export function inserterOf(db: Database, { name, columns }: Table): (rows: readonly CopyRow[]) => void {
  const names = quotedAll(columns.map(column => column.name))
  const insert = db.prepare(
    `INSERT INTO ${quotedName(name)} (${names}) VALUES (${columns.map(() => '?').join(', ')})`,
  )
  return rows => {
    for (const row of rows) insert.run(...row)
  }
}
