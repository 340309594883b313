import type { Database } from 'better-sqlite3'
import { sqlitePlaceholder } from '../sql/dialect.ts'
import type { Params } from '../sql/write.ts'
import { placeholders } from '../sql/write.ts'

/** A statement of the shared SQL, prepared once, whose values are taken from params by their names. */
export interface Prepared<Row> {
  /** How many rows it changed. */
  run(params: Params): number
  get(params: Params): Row | undefined
  all(params: Params): Row[]
}

export function prepare<Row>(db: Database, shared: string): Prepared<Row> {
  const { sql, names } = placeholders(shared, () => sqlitePlaceholder)
  const statement = db.prepare<unknown[], Row>(sql)
  const values = (params: Params) => names.map(name => params[name])
  return {
    run: params => statement.run(...values(params)).changes,
    get: params => statement.get(...values(params)),
    all: params => statement.all(...values(params)),
  }
}
