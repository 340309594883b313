import type { ClientBase } from 'pg'
import type { CopyRow, RowSource, RowTarget } from '../copy/rows.ts'
import { pageRows } from '../copy/rows.ts'
import type { Table } from '../copy/tables.ts'
import { quotedAll, quotedName } from '../copy/tables.ts'

/** The rows of a PostgreSQL database: of one snapshot where a REPEATABLE READ transaction is open on the connection. */
export const postgresRows = (client: ClientBase): RowSource => ({
  count: async ({ name }) => {
    const { rows } = await client.query<{ n: number }>(`SELECT count(*) AS n FROM ${quotedName(name)}`)
    return rows[0]?.n ?? 0
  },
  pages: table => pagesOf(client, table),
})

async function* pagesOf(client: ClientBase, table: Table): AsyncGenerator<readonly CopyRow[]> {
  const { name, columns, key } = table
  const select = `SELECT ${quotedAll(columns.map(column => column.name))} FROM ${quotedName(name)}`
  const order = `ORDER BY ${quotedAll(key)} LIMIT ${pageRows}`
  const after = `WHERE (${quotedAll(key)}) > (${key.map((_, n) => `$${n + 1}`).join(', ')})`
  const places = key.map(part => columns.findIndex(column => column.name === part))
  const read = async (text: string, values: unknown[] = []) =>
    (await client.query<(string | number | null)[]>({ text, values, rowMode: 'array' })).rows
  let rows = await read(`${select} ${order}`)
  while (rows.length > 0) {
    yield rows
    const last = rows.at(-1)
    rows =
      rows.length < pageRows || !last
        ? []
        : await read(
            `${select} ${after} ${order}`,
            places.map(at => last[at]),
          )
  }
}

/** The same, to be filled: a page is one statement and so one transaction. */
export const postgresTarget = (client: ClientBase, tables: readonly Table[]): RowTarget => ({
  ...postgresRows(client),
  write: async (table, rows) => {
    const columns = table.columns.map((_, n) => JSON.stringify(rows.map(row => row[n])))
    await client.query(insertion(table), columns)
  },
  empty: async () => void (await client.query(`TRUNCATE ${quotedAll(tables.map(({ name }) => name))}`)),
})

/** A column is one parameter, a JSON array of its values: the fastest of five ways that were measured (docs/decisions/0025). */
function insertion({ name, columns }: Table): string {
  const values = columns.map(({ type }, n) => (type === 'integer' ? `c${n}::bigint` : `c${n}`))
  return `INSERT INTO ${quotedName(name)} (${quotedAll(columns.map(column => column.name))})
    SELECT ${values.join(', ')}
    FROM ROWS FROM (${columns.map((_, n) => `json_array_elements_text($${n + 1}::json)`).join(', ')})
      AS r (${columns.map((_, n) => `c${n}`).join(', ')})`
}
