import type { Value } from './reading.ts'

/*
 * A statement is written once, as PostgreSQL takes it but for its placeholders, which are `?`. What SQLite says otherwise is put in its place:
 * `= ANY(?)` (one of a list), `unnest(?::text[]) AS value` (a row for each of a list) and `greatest(`. Names with capitals are quoted,
 * a query in a query has a name, and no condition is taken for a number: then the rest means the same to both.
 */

export const sqliteText = (sql: string): string =>
  sql
    .replaceAll('= ANY(?)', 'IN (SELECT value FROM json_each(?))')
    .replaceAll('unnest(?::text[]) AS value', 'json_each(?)')
    .replaceAll('greatest(', 'max(')
    .replaceAll('?', sqlitePlaceholder)

/**
 * Where a value goes in SQLite. A bare `?` that is compared in a join, or that is a limit, may change the plan (the statistics of STAT4), so
 * SQLite compiles the whole statement anew each time it is given another value: 10 to 40 us. `likely(X)` is X, and costs nothing when run.
 */
export const sqlitePlaceholder = 'likely(?)'

export const sqliteValue = (value: Value): string | number | null =>
  typeof value === 'object' && value !== null ? JSON.stringify(value) : value

export function postgresText(sql: string): string {
  let many = 0
  return sql.replaceAll('?', () => `$${++many}`)
}
