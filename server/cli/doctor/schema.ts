import { steps } from '../../adapters/store/sql/schema.ts'
import type { Finding } from './finding.ts'
import { ok, warn } from './finding.ts'

/** Of a schema that this Confab can use: how many of its steps the database has. */
export const schemaAt = (taken: number): Finding =>
  taken < steps.length
    ? warn(
        `The database is of schema ${taken}, and this Confab has ${steps.length}.`,
        'Make a backup, then start it: the first start brings the database to the new schema.',
      )
    : ok(`The database is of schema ${taken}, which this Confab has.`)
