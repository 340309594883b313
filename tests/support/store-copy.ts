import type { Database } from 'better-sqlite3'
import pg from 'pg'
import { connectionConfig } from '../../server/adapters/store/postgres/connection.ts'
import { migratePostgres } from '../../server/adapters/store/postgres/migrate.ts'

/** Copies what a SQLite store holds, table by table, into an empty PostgreSQL database. */
export async function copyToPostgres(from: Database, url: string): Promise<void> {
  const client = new pg.Client(connectionConfig(url))
  await client.connect()
  try {
    await migratePostgres(client, 0)
    await client.query('DELETE FROM workspace')
    for (const table of tablesOf(from)) await copyTable(from, client, table)
    await client.query('ANALYZE')
  } finally {
    await client.end()
  }
}

/** In the order they were made in, which is that of their references. */
const tablesOf = (db: Database): string[] =>
  db
    .prepare<[], string>(
      "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY rowid",
    )
    .pluck()
    .all()

async function copyTable(from: Database, to: pg.Client, table: string): Promise<void> {
  const rows = from.prepare<[], Record<string, unknown>>(`SELECT * FROM ${table}`).all()
  for (let n = 0; n < rows.length; n += 1_000)
    await to.query(`INSERT INTO ${table} SELECT * FROM json_populate_recordset(NULL::${table}, $1::json)`, [
      JSON.stringify(rows.slice(n, n + 1_000)),
    ])
}
