import { setTimeout } from 'node:timers/promises'
import type { ClientBase, QueryResultRow } from 'pg'
import { refuseToOpen } from '../sql/problem.ts'
import { steps as allSteps } from '../sql/schema.ts'
import type { Fill, SchemaStep } from '../sql/schema-step.ts'
import { newWorkspace } from '../sql/schema-step.ts'
import { isCrossed, sqlStateOf } from './failures.ts'
import {
  encodingProblem,
  foreignProblem,
  ownerProblem,
  placeProblem,
  postgresSchema,
  postgresSchemaProblem,
} from './problems.ts'
import { lockSpace } from './running.ts'

const migrationLock = 2

/** Longer than any step: the bounds that other statements have would leave a large database in its old schema for ever. */
const patientMs = 2 ** 31 - 1

/**
 * A step waits this long for a table, ms: as long as it does, whatever comes after it waits behind it, on every node that runs. Then it lets
 * them pass for a while, and tries again.
 */
const stepWaitsMs = 500
const passingMs = 3_000

interface Migrating {
  readonly steps?: readonly SchemaStep[]
  /** Hears, once for each step that waits, a sentence of what it waits for. */
  waits?(sentence: string): void
}

/**
 * Brings the schema to the newest step, each in a transaction of its own under an advisory lock: a crash leaves a whole step or none, and of
 * several servers that start at once one takes it while the others wait. Nodes of an earlier version go on meanwhile, also while a step waits
 * for a backup, or whoever else reads, to end.
 * @throws CannotOpen for the database of a newer Confab or of another program, or one that cannot hold it.
 */
export async function migratePostgres(
  client: ClientBase,
  now: number,
  { steps = allSteps, waits = () => {} }: Migrating = {},
): Promise<void> {
  await refuseUnfit(client)
  await withLock(client, async () => {
    for (let isFirst = true; ; isFirst = false)
      try {
        while (await takeNext(client, now, steps)) isFirst = true
        return
      } catch (error) {
        if (!isInTheWay(error)) {
          refuseNoOwner(error)
          throw error
        }
        if (isFirst) waits(await sentenceOf(client))
        await setTimeout(passingMs)
      }
  })
}

/** It is the session's, so that it is kept from one try to the next: of several servers that wait, one alone holds others up. */
async function withLock(client: ClientBase, work: () => Promise<void>): Promise<void> {
  await client.query('BEGIN; SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0')
  await patiently(client, 'SELECT pg_advisory_lock($1, $2)', [lockSpace, migrationLock])
  await client.query('COMMIT')
  try {
    await work()
  } finally {
    await client.query('SELECT pg_advisory_unlock($1, $2)', [lockSpace, migrationLock]).catch(() => {})
  }
}

/** Takes one step if there is one to take; whether there are more. */
async function takeNext(client: ClientBase, now: number, steps: readonly SchemaStep[]): Promise<boolean> {
  await client.query('BEGIN ISOLATION LEVEL READ COMMITTED')
  try {
    await client.query(`SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = ${stepWaitsMs}`)
    const taken = await stepsTaken(client, steps)
    const step = steps[taken]
    if (step) await take(client, taken, step, now)
    await client.query('COMMIT')
    return taken + 1 < steps.length
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {})
    throw error
  }
}

/** Somebody else has the table, or wants one that this has. */
const isInTheWay = (error: unknown): boolean => isCrossed(error) || sqlStateOf(error) === '55P03'

/** Whoever has been in a transaction for longest is, as a rule, whom a step waits for. */
async function sentenceOf(client: ClientBase): Promise<string> {
  const { rows } = await client.query<{ pid: number; name: string; seconds: number }>(
    `SELECT pid, application_name AS name, extract(epoch FROM now() - xact_start)::int AS seconds
     FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND xact_start IS NOT NULL
     ORDER BY xact_start LIMIT 1`,
  )
  const [oldest] = rows
  const who = oldest
    ? ` The oldest transaction is of ${JSON.stringify(oldest.name)}, process ${oldest.pid} of PostgreSQL, since ${oldest.seconds} s.`
    : ''
  return `A step of the schema waits until nobody reads its tables, as a backup does for as long as it takes. It tries again and again; servers that run go on.${who}`
}

async function stepsTaken(client: ClientBase, steps: readonly SchemaStep[]): Promise<number> {
  const ours = steps.flatMap(({ tables }) =>
    [...tables.matchAll(/\bCREATE TABLE (\w+)/g)].map(([, name]) => name),
  )
  const { rows } = await client.query<{ name: string }>(
    `SELECT relname AS name FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
     WHERE nspname = current_schema() AND relname = ANY ($1) ORDER BY relname`,
    [['confab_schema', ...ours]],
  )
  const there = rows.map(({ name }) => name)
  if (!there.includes('confab_schema')) {
    refuseToOpen(foreignProblem(there))
    return 0
  }
  const taken = await postgresSchema(client)
  refuseToOpen(postgresSchemaProblem(taken, steps.length))
  return taken
}

async function take(client: ClientBase, taken: number, step: SchemaStep, now: number): Promise<void> {
  if (taken === 0)
    await client.query(`
      CREATE TABLE confab_schema (one bigint PRIMARY KEY CHECK (one = 1), step bigint NOT NULL);
      INSERT INTO confab_schema VALUES (1, 0)`)
  await patiently(client, postgresStep(step))
  for (const fill of step.fill ?? []) await fillIn(client, fill)
  if (step.last) await patiently(client, step.last)
  if (taken === 0)
    await client.query(
      'INSERT INTO workspace (one, epoch, name, set_up, salt, unscrubbed) VALUES (1, $1, $2, 0, $3, 0)',
      newWorkspace(now),
    )
  await client.query('UPDATE confab_schema SET step = $1', [taken + 1])
}

/** So many rows are put in by one statement: each is a round trip, while the step holds its tables. */
const rowsAtOnce = 1_000

async function fillIn(client: ClientBase, { read, into: { table, columns }, start }: Fill): Promise<void> {
  const valuesOf = start()
  const { rows } = await patiently<Record<string, string>>(client, read)
  const filled = rows.map(valuesOf).filter(values => values !== null)
  const lists = [...columns, 'id'].map((_, n) => `$${n + 1}::text[]`)
  const set = columns.map(name => `${name} = given.${name}`)
  const text = `UPDATE ${table} SET ${set} FROM unnest(${lists}) AS given (${[...columns, 'id']}) WHERE ${table}.id = given.id`
  for (let from = 0; from < filled.length; from += rowsAtOnce) {
    const some = filled.slice(from, from + rowsAtOnce)
    await patiently(
      client,
      text,
      lists.map((_, n) => some.map(values => values[n])),
    )
  }
}

/** The driver has a bound of its own, which a statement can only be given a longer one than. */
const patiently = <Row extends QueryResultRow>(client: ClientBase, text: string, values?: unknown[]) =>
  client.query<Row>(Object.assign({ text, query_timeout: patientMs }, values && { values }))

/** What no table could make good. */
async function refuseUnfit(client: ClientBase): Promise<void> {
  const { rows } = await client.query<{ encoding: string; schema: string | null }>(
    "SELECT current_setting('server_encoding') AS encoding, current_schema() AS schema",
  )
  const { encoding = '', schema } = rows[0] ?? {}
  refuseToOpen(encodingProblem(encoding) ?? placeProblem(schema ?? null))
}

/** @throws CannotOpen where that is why the schema was not brought up. */
function refuseNoOwner(cause: unknown): void {
  if (cause instanceof Error && sqlStateOf(cause) === '42501')
    refuseToOpen(ownerProblem(`there (${cause.message})`), cause)
}

/**
 * A step in PostgreSQL's words. Text is compared byte by byte (collation "C"), as SQLite does and whatever the server's locale is, so that
 * pages and the order of locks are the same on every machine.
 */
export const postgresStep = (step: SchemaStep): string => `${translated(step.tables)}${step.postgres ?? ''}`

const translated = (tables: string): string =>
  tables
    .replace(/\) STRICT(, WITHOUT ROWID)?;/g, ');')
    .replace(/\bid INTEGER PRIMARY KEY/g, 'id bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY')
    .replace(/\bINTEGER\b/g, 'bigint')
    .replace(/\bTEXT\b/g, 'text COLLATE "C"')
