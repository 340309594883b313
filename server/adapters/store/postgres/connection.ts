import pg from 'pg'
import { CannotOpen } from '../../../core/ports/failures.ts'
import { reasonOf } from '../../reason.ts'

/** Counts and instants are whole numbers below 2^53: they come as numbers, not as the strings that the driver makes of `int8`. */
const types: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format: 'text' | 'binary') =>
    oid === pg.types.builtins.INT8
      ? Number
      : pg.types.getTypeParser(oid, format)) as typeof pg.types.getTypeParser,
}

/** No connection takes longer to come about than this, ms. */
const connectMs = 5_000
/** No statement takes longer than this, ms, and none waits longer for a lock. */
const statementMs = 8_000
const lockMs = 4_000

/** @throws CannotOpen where the address names a certificate that cannot be read. */
export function clientOf(config: pg.ClientConfig): pg.Client {
  try {
    return new pg.Client(config)
  } catch (cause) {
    throw new CannotOpen(`The address of PostgreSQL is of no use: ${reasonOf(cause)}.`, { cause })
  }
}

/**
 * How every connection is made: with a bound on each wait. `pipeline` sends queries without waiting for the answers of those before.
 */
export const connectionConfig = (url: string): pg.ClientConfig => ({
  connectionString: url,
  application_name: 'confab',
  connectionTimeoutMillis: connectMs,
  statement_timeout: statementMs,
  lock_timeout: lockMs,
  query_timeout: statementMs + 1_000,
  idle_in_transaction_session_timeout: statementMs,
  keepAlive: true,
  keepAliveInitialDelayMillis: 10_000,
  pipeline: true,
  types,
})
