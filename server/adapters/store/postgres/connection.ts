import { Socket } from 'node:net'
import pg from 'pg'
import { CannotOpen } from '../../../core/ports/failures.ts'
import { reasonOf } from '../../reason.ts'

/** PostgreSQL takes its leave at once; one that does not is not there any more, ms. */
const farewellMs = 1_000

/**
 * The socket of a connection. When it is given up before PostgreSQL closed it, it is reset, so that what was still to be sent is dropped with
 * it: TCP would go on sending for minutes, and do long after its refusal what somebody was refused.
 */
export class PostgresSocket extends Socket {
  #isLeaving = false
  #isReset = false

  /** Gives PostgreSQL the time to close it, which on a connection that is cut never comes, and no more. */
  leave(): void {
    if (this.#isLeaving || this.destroyed) return
    this.#isLeaving = true
    const late = setTimeout(() => this.destroy(), farewellMs)
    this.once('close', () => clearTimeout(late))
  }

  override end(...last: unknown[]): this {
    this.leave()
    return super.end(...(last as []))
  }

  override destroy(error?: Error): this {
    const isMidway = !this.connecting && !this.destroyed && !this.readableEnded && !this.#isReset
    if (error || !isMidway) return super.destroy(error)
    this.#isReset = true
    return this.resetAndDestroy()
  }
}

/** Counts and instants are whole numbers below 2^53: they come as numbers, not as the strings that the driver makes of `int8`. */
const types: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format: 'text' | 'binary') =>
    oid === pg.types.builtins.INT8
      ? Number
      : pg.types.getTypeParser(oid, format)) as typeof pg.types.getTypeParser,
}

/** No connection takes longer to come about than this, ms. */
export const connectMs = 5_000
/** No statement takes longer than this, ms, and none waits longer for a lock. A transaction that stands still ends, too. */
export const statementMs = 8_000
const lockMs = 4_000
/**
 * PostgreSQL ends the session of a node so long after it last heard of it, ms. Of itself it would keep it, with its locks and its place
 * among the connections, for as long as its system thinks: two hours.
 */
export const goneMs = 20_000
const probe = { afterMs: 10_000, everyMs: 5_000 }
/** No answer is waited for longer, ms: that of a statement which took all of its time may still come. */
export const answerMs = statementMs + 1_000

/** How PostgreSQL looks whether a node is there that says nothing; times are in seconds. */
const sessionProbes = {
  tcp_keepalives_idle: probe.afterMs / 1_000,
  tcp_keepalives_interval: probe.everyMs / 1_000,
  tcp_keepalives_count: (goneMs - probe.afterMs) / probe.everyMs,
}

/** Settings of a session, as its beginning takes them. */
const optionsOf = (settings: Readonly<Record<string, number>>): string =>
  Object.entries(settings)
    .map(([name, value]) => `-c ${name}=${value}`)
    .join(' ')

/** For whoever takes their time: nobody's time ends while they are there. */
export const patient: pg.ClientConfig = {
  statement_timeout: 0,
  lock_timeout: 0,
  query_timeout: 0,
  idle_in_transaction_session_timeout: 0,
  options: optionsOf(sessionProbes),
}

/** @throws CannotOpen where the address names a certificate that cannot be read. */
export function clientOf(config: pg.ClientConfig): pg.Client {
  try {
    return new pg.Client(config)
  } catch (cause) {
    throw new CannotOpen(`The address of PostgreSQL is of no use: ${reasonOf(cause)}.`, { cause })
  }
}

/**
 * How every connection is made: with a bound on each wait. `pipeline` sends queries without waiting for the answers of those before. `makeSocket`
 * makes its socket, for whoever ends it.
 */
export const connectionConfig = (url: string, makeSocket = () => new PostgresSocket()): pg.ClientConfig => ({
  connectionString: url,
  application_name: 'confab',
  connectionTimeoutMillis: connectMs,
  statement_timeout: statementMs,
  lock_timeout: lockMs,
  query_timeout: answerMs,
  idle_in_transaction_session_timeout: statementMs,
  stream: makeSocket,
  keepAlive: true,
  keepAliveInitialDelayMillis: probe.afterMs,
  options: optionsOf({ ...sessionProbes, tcp_user_timeout: goneMs }),
  pipeline: true,
  types,
})
