import type { Database } from 'better-sqlite3'
import Sqlite from 'better-sqlite3'
import { steps } from '../sql/schema.ts'

/** A table as the copying sees it: the same in both databases. */
export interface Table {
  readonly name: string
  readonly columns: readonly { readonly name: string; readonly type: 'integer' | 'text' }[]
  /** The columns of its primary key, in order: what its rows are read and compared in the order of. */
  readonly key: readonly string[]
}

/** The columns that name files by their hash, by their table: those files go where the rows go. */
export const fileColumns: Readonly<Record<string, string>> = { avatar_files: 'hash' }

/** The tables of a SQLite database, in the order they were made in: none refers to a later one. */
export function tablesOf(db: Database): readonly Table[] {
  const names = db
    .prepare<[], string>(
      "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY rowid",
    )
    .pluck()
  const columns = db.prepare<[string], { name: string; type: string; pk: number }>(
    'SELECT name, type, pk FROM pragma_table_info(?) ORDER BY cid',
  )
  return names.all().map(name => {
    const all = columns.all(name)
    const key = all.filter(({ pk }) => pk > 0).sort((a, b) => a.pk - b.pk)
    return {
      name,
      columns: all.map(one => ({ name: one.name, type: one.type === 'INTEGER' ? 'integer' : 'text' })),
      key: key.map(one => one.name),
    }
  })
}

/** The tables of the newest schema, in either database. */
export function tablesOfSchema(): readonly Table[] {
  const db = new Sqlite(':memory:')
  try {
    for (const { tables, last = '' } of steps) db.exec(tables + last)
    return tablesOf(db)
  } finally {
    db.close()
  }
}

/** A name between quotes, as both databases take it. */
export const quotedName = (name: string): string => `"${name}"`

/** Names between quotes and commas. */
export const quotedAll = (names: readonly string[]): string => names.map(quotedName).join(', ')
