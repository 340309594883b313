import { randomBytes } from 'node:crypto'
import type { Epoch } from '../../../../contract/ids.ts'
import { newId } from '../../../../contract/ids.ts'

/** One step of the schema. `tables` is written for SQLite, and PostgreSQL's is derived from it; what only one of them can say stands apart. */
export interface SchemaStep {
  readonly tables: string
  readonly sqlite?: string
  readonly postgres?: string
  /** What only this program can work out of the rows that are there, put into them after `tables`. */
  readonly fill?: readonly Fill[]
  /** What can be said only when that is done, to both databases. */
  readonly last?: string
}

/** For each row that `read` gives, in its order, its `values` are put into these columns of the row with its id; `null` leaves it as it is. */
export interface Fill {
  readonly read: string
  readonly into: { readonly table: string; readonly columns: readonly string[] }
  /** A filler keeps what it has seen of one filling. It answers the values of the columns, and then the id. */
  start(): (row: Readonly<Record<string, string>>) => readonly (string | null)[] | null
}

/** A new history: its epoch, the name until somebody gives one, and the salt of its fingerprints. */
export const newWorkspace = (now: number): [Epoch, string, string] => [
  newId<Epoch>(now),
  'Confab',
  randomBytes(32).toString('hex'),
]
