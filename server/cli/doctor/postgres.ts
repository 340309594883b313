import pg from 'pg'
import { reasonOf } from '../../adapters/reason.ts'
import {
  databaseProblem,
  durabilityProblems,
  encodingProblem,
  ownerProblem,
  placeProblem,
  postgresSchema,
  postgresSchemaProblem,
} from '../../adapters/store/postgres/problems.ts'
import type { Problem } from '../../adapters/store/sql/problem.ts'
import type { Finding } from './finding.ts'
import { fail, failOf, ok, warn } from './finding.ts'
import { schemaAt } from './schema.ts'

const oldest = 14
/** As many connections as two nodes may want, and an operator. */
const wanted = 24
const slowMs = 20

interface Clocks {
  now(): number
  monotonic(): number
}

/** The database server: what it is, whether it keeps what it is given, and how far it is. */
export async function checkPostgres(url: string, clock: Clocks): Promise<Finding[]> {
  let client: pg.Client | undefined
  try {
    // An address may name a certificate that cannot be read.
    client = new pg.Client({
      connectionString: url,
      application_name: 'confab doctor',
      connectionTimeoutMillis: 5_000,
      query_timeout: 5_000,
    })
    client.on('error', () => {})
    await client.connect()
    return [ok('PostgreSQL takes our connection.'), ...(await checked(client, clock))]
  } catch (error) {
    return [
      fail(
        `PostgreSQL cannot be asked: ${reasonOf(error)}.`,
        'See that it runs, that CONFAB_DATABASE_URL names its host, port, database, user and password, and that pg_hba.conf lets this machine in.',
      ),
    ]
  } finally {
    await client?.end().catch(() => {})
  }
}

async function checked(client: pg.Client, clock: Clocks): Promise<Finding[]> {
  const facts = await factsOf(client)
  return [
    versionIs(Number(facts.version)),
    encodingIs(facts.encoding),
    ...durability(facts, await durabilityProblems(client)),
    roomFor(facts),
    ...(facts.replica ? [replica] : []),
    await schemaOf(client, facts),
    ...(await clocks(client, clock)),
  ]
}

interface Facts {
  readonly version: string
  readonly encoding: string
  readonly commit: string
  readonly connections: number
  readonly replica: boolean
  readonly schema: string | null
  readonly makes: boolean
  readonly known: boolean
}

async function factsOf(client: pg.Client): Promise<Facts> {
  const { rows } = await client.query<Facts>(`
    SELECT current_setting('server_version_num') AS version, current_setting('server_encoding') AS encoding,
      current_setting('synchronous_commit') AS commit, pg_is_in_recovery() AS replica, current_schema() AS schema,
      coalesce(has_schema_privilege(current_schema(), 'CREATE'), false) AS makes,
      to_regclass('confab_schema') IS NOT NULL AS known,
      least(current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int,
        (SELECT nullif(datconnlimit, -1) FROM pg_database WHERE datname = current_database()),
        (SELECT nullif(rolconnlimit, -1) FROM pg_roles WHERE rolname = current_user)) AS connections`)
  return rows[0] as Facts
}

/** By server_version_num, such as 150004. */
export function versionIs(number: number): Finding {
  const major = Math.floor(number / 10_000)
  if (major >= oldest) return ok(`It is PostgreSQL ${major}.`)
  return fail(`It is PostgreSQL ${major}.`, `Upgrade it to ${oldest} or newer.`)
}

function encodingIs(encoding: string): Finding {
  const problem = encodingProblem(encoding)
  return problem ? failOf(problem) : ok('It keeps text as UTF8.')
}

function durability({ commit }: Facts, off: readonly Problem[]): Finding[] {
  if (off.length > 0) return off.map(failOf)
  if (commit === 'off')
    return [
      ok(
        'synchronous_commit is off, and Confab turns it on for itself: what it acknowledges is on its disk.',
      ),
    ]
  return [ok('What it acknowledges is on its disk.')]
}

function roomFor({ connections }: Facts): Finding {
  if (connections >= wanted) return ok(`It takes ${connections} connections of ours.`)
  return warn(
    `It takes ${connections} connections of ours at most, and two nodes may want ${wanted}.`,
    'Raise max_connections, or the connection limit of this database or user.',
  )
}

const replica = fail(
  'It is a replica: nothing can be written to it.',
  'Let CONFAB_DATABASE_URL name the primary.',
)

async function schemaOf(client: pg.Client, { schema, makes, known }: Facts): Promise<Finding> {
  const unfit = placeProblem(schema) ?? (makes ? null : ownerProblem(`in ${schema}`))
  const problem = unfit ?? (await databaseProblem(client))
  if (problem) return failOf(problem)
  if (!known) return ok('The database is new to Confab: the first start makes its tables.')
  const taken = await postgresSchema(client)
  const newer = postgresSchemaProblem(taken)
  return newer ? failOf(newer) : schemaAt(taken)
}

/** The least of several round trips, and how far its clock is from ours, of which that trip is the error. */
async function clocks(client: pg.Client, clock: Clocks): Promise<Finding[]> {
  let best = { trip: Number.POSITIVE_INFINITY, apart: 0 }
  for (let n = 0; n < 5; n++) {
    const began = clock.monotonic()
    const { rows } = await client.query<{ at: string }>(
      'SELECT extract(epoch FROM clock_timestamp()) * 1000 AS at',
    )
    const trip = clock.monotonic() - began
    if (trip < best.trip) best = { trip, apart: Number(rows[0]?.at) - (clock.now() - trip / 2) }
  }
  const seconds = (Math.abs(best.apart) / 1_000).toFixed(1)
  const trip = `It answers within ${best.trip.toFixed(1)} ms.`
  return [
    best.trip < slowMs
      ? ok(trip)
      : warn(trip, 'Bring nodes and database closer together: every send waits for it.'),
    Math.abs(best.apart) < 1_000
      ? ok('Its clock and ours agree within a second.')
      : warn(
          `Its clock is ${seconds} s ${best.apart > 0 ? 'ahead of' : 'behind'} ours.`,
          'Keep both right with systemd-timesyncd, chrony or the like.',
        ),
  ]
}
