import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Database } from 'better-sqlite3'
import pg from 'pg'
import { openToRead } from '../../server/adapters/store/sqlite/connection.ts'
import { openTemporaryPostgres } from '../support/store-postgres.ts'
import { openTemporarySqlite } from '../support/store-sqlite.ts'

/** What a database says of its tables, in words that both have. */
interface Said {
  /** `table.column type null|not null` */
  readonly columns: readonly string[]
  /** `table (columns) [where ...]` of what is unique, primary keys among it. */
  readonly unique: readonly string[]
  /** `table (columns) -> table [on delete]` */
  readonly references: readonly string[]
}

/** Only one database's own: what it remembers of its schema. */
const apart = ['confab_schema', 'confab_moving']

function saidBySqlite(db: Database): Said {
  const tables = db
    .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'")
    .pluck()
    .all() as string[]
  const columns = tables.flatMap(table =>
    (
      db.pragma(`table_info("${table}")`) as { name: string; type: string; notnull: number; pk: number }[]
    ).map(
      ({ name, type, notnull, pk }) =>
        `${table}.${name} ${type === 'TEXT' ? 'text' : 'bigint'} ${notnull || pk ? 'not null' : 'null'}`,
    ),
  )
  const unique = tables.flatMap(table => {
    const primary = (db.pragma(`table_info("${table}")`) as { name: string; pk: number }[])
      .filter(({ pk }) => pk > 0)
      .sort((a, b) => a.pk - b.pk)
      .map(({ name }) => name)
    const indexes = (
      db.pragma(`index_list("${table}")`) as {
        name: string
        unique: number
        origin: string
        partial: number
      }[]
    )
      .filter(index => index.unique && index.origin !== 'pk')
      .map(({ name, partial }) => {
        const of = (db.pragma(`index_info("${name}")`) as { name: string }[]).map(column => column.name)
        return `${table} (${of})${partial ? ' partly' : ''}`
      })
    return [`${table} (${primary})`, ...indexes]
  })
  const references = tables.flatMap(table =>
    (db.pragma(`foreign_key_list("${table}")`) as { table: string; from: string; on_delete: string }[]).map(
      key => `${table} (${key.from}) -> ${key.table} ${key.on_delete.toLowerCase()}`,
    ),
  )
  return { columns: columns.sort(), unique: unique.sort(), references: references.sort() }
}

async function saidByPostgres(url: string): Promise<Said> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  const list = async (sql: string) =>
    (await client.query<{ said: string }>(sql, [apart])).rows.map(({ said }) => said).sort()
  try {
    return {
      columns: await list(`
        SELECT table_name || '.' || column_name || ' ' || data_type || CASE is_nullable WHEN 'YES' THEN ' null' ELSE ' not null' END AS said
        FROM information_schema.columns WHERE table_schema = 'public' AND table_name <> ALL ($1)`),
      unique: await list(`
        SELECT of.relname || ' (' || (
          SELECT string_agg(attname, ',' ORDER BY key.n) FROM unnest(indkey) WITH ORDINALITY AS key (attnum, n)
          JOIN pg_attribute ON attrelid = of.oid AND pg_attribute.attnum = key.attnum
        ) || ')' || CASE WHEN indpred IS NULL THEN '' ELSE ' partly' END AS said
        FROM pg_index JOIN pg_class AS of ON of.oid = indrelid
        WHERE indisunique AND of.relnamespace = 'public'::regnamespace AND of.relname <> ALL ($1)`),
      references: await list(`
        SELECT conrelid::regclass || ' (' || attname || ') -> ' || confrelid::regclass
          || CASE confdeltype WHEN 'c' THEN ' cascade' ELSE ' no action' END AS said
        FROM pg_constraint JOIN pg_attribute ON attrelid = conrelid AND attnum = conkey[1]
        WHERE contype = 'f' AND conrelid::regclass::text <> ALL ($1)`),
    }
  } finally {
    await client.end()
  }
}

test('both databases have the same tables, columns, types, unique columns and references', async () => {
  await using sqlite = await openTemporarySqlite()
  await using postgres = await openTemporaryPostgres()
  const db = openToRead(sqlite.directory)
  try {
    const said = saidBySqlite(db)
    assert.ok(said.columns.length > 80 && said.references.length > 8)
    assert.deepEqual(await saidByPostgres(postgres.url), said)
  } finally {
    db.close()
  }
})
