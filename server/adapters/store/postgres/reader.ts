import { createHash } from 'node:crypto'
import pg from 'pg'
import { Unavailable } from '../../../core/ports/failures.ts'
import { postgresText } from '../sql/dialect.ts'
import type { Query, Reading, RunReading } from '../sql/reading.ts'
import type { StoreReads } from '../sql/reads.ts'
import { readsOf } from '../sql/reads.ts'
import { connectionConfig, PostgresSocket } from './connection.ts'

/** Connections of a node that read. Readings are short: more of them would only wait in the server. */
const mostConnections = 8
/** Nobody waits longer for a connection, ms, whether for one to come free or to come about. */
export const waitMs = 5_000

/** Everything that is read, from the one database that is written: a replica would answer from before what was acknowledged. */
export function openReader(url: string): StoreReads & AsyncDisposable {
  const sockets = new Set<PostgresSocket>()
  const pool = new pg.Pool({
    ...connectionConfig(url, () => kept(new PostgresSocket(), sockets)),
    max: mostConnections,
    connectionTimeoutMillis: waitMs,
    idleTimeoutMillis: 60_000,
  })
  // Whoever reads is told by the query that fails; a connection that breaks while nobody reads is only replaced.
  pool.on('error', () => {})
  pool.on('connect', client => client.on('error', () => {}))
  return {
    ...readsOf(runnerOn(pool)),
    [Symbol.asyncDispose]: async () => {
      await pool.end()
      for (const socket of sockets) socket.leave()
    },
  }
}

/** In the set until it is closed. */
function kept(socket: PostgresSocket, sockets: Set<PostgresSocket>): PostgresSocket {
  sockets.add(socket)
  return socket.once('close', () => sockets.delete(socket))
}

/** Runs each reading on a connection of its own. One that failed is thrown away with whatever is still on its way. */
function runnerOn(pool: pg.Pool): RunReading {
  return async (reading, snapshot) => {
    const client = await pool.connect().catch(unavailable)
    let whole = false
    try {
      const answer = await (snapshot ? inSnapshot(client, reading) : through(client, reading))
      whole = true
      return answer
    } finally {
      client.release(!whole)
    }
  }
}

/** What is asked together is sent at once, without waiting for the answers before. */
export async function through<T>(client: pg.ClientBase, reading: Reading<T>): Promise<T> {
  let step = reading.next()
  while (!step.done) {
    const asked = step.value
    step = reading.next(
      'sql' in asked
        ? await ask(client, asked)
        : await Promise.all(asked.together.map(each => through(client, each))),
    )
  }
  return step.value
}

/**
 * All of it from one moment. The transaction's beginning goes with the first queries, and nobody waits for its end, which has nothing to
 * keep: a reading of one step is one round trip.
 */
async function inSnapshot<T>(client: pg.ClientBase, reading: Reading<T>): Promise<T> {
  const begun = client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY').catch(unavailable)
  const [, answer] = await Promise.all([begun, through(client, reading)])
  // Where it fails the connection is broken, which the pool sees for itself.
  client.query('COMMIT').catch(() => {})
  return answer
}

async function ask(client: pg.ClientBase, query: Query): Promise<unknown> {
  const { rows } = await client.query(statementOf(query)).catch(unavailable)
  if (query.take === 'all') return rows
  if (query.take === 'first') return rows[0]
  return rows.map(row => row.body)
}

/** Each text is translated once, and prepared once on each connection, under a name that is the same in every process. */
function statementOf({ sql, values, take }: Query): pg.QueryConfig {
  const bounded = typeof take === 'object'
  const text = texts.get(sql) ?? textOf(sql, bounded)
  return { ...text, values: bounded ? [...values, take.bytes] : [...values] }
}

const texts = new Map<string, { name: string; text: string }>()

function textOf(sql: string, bounded: boolean): { name: string; text: string } {
  const text = postgresText(bounded ? withinBytes(sql) : sql)
  const made = { name: `read_${createHash('sha256').update(text).digest('hex').slice(0, 16)}`, text }
  texts.set(sql, made)
  return made
}

/** Sums are made of the lengths, which are known without reading the bodies. */
const withinBytes = (sql: string): string =>
  `SELECT body FROM (
     SELECT body, seq, octet_length(body) AS own, sum(octet_length(body)) OVER (ORDER BY seq) AS upto FROM (${sql}) AS asked
   ) AS summed WHERE upto <= ? OR upto = own ORDER BY seq`

/**
 * Classes of errors (SQLSTATE) that are the server's state and not a bug in the query: the connection, want of resources, a conflict or a lock, an
 * operator or a bound of time, the system, and the server's own faults; and a database that is not there or not open to us.
 */
const serverState = /^(08|28|3D|40|53|55|57|58|XX)/

/** A bug goes on as it is. Whatever else is told by the driver and not by the server is about the connection. */
function unavailable(cause: Error): never {
  if (cause instanceof pg.DatabaseError && !serverState.test(cause.code ?? '')) throw cause
  throw new Unavailable('The database could not be read.', { cause })
}
