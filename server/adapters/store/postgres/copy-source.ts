import type { ClientBase } from 'pg'
import type { Epoch } from '../../../../contract/ids.ts'
import { CannotOpen } from '../../../core/ports/failures.ts'
import type { CopySource } from '../copy/copy.ts'
import { refuseToOpen } from '../sql/problem.ts'
import { steps } from '../sql/schema.ts'
import { openAdminConnection, shownAddress } from './admin-connection.ts'
import { migratePostgres } from './migrate.ts'
import { mark, markOf } from './moving.ts'
import { databaseProblem } from './problems.ts'
import { postgresRows } from './rows.ts'
import { lockAlone, lockShared } from './running.ts'

/**
 * The workspace of a PostgreSQL database, that no server uses meanwhile, in the newest schema; `to` is where it goes.
 * @throws CannotOpen where there is none, or a server runs on it.
 */
export async function openPostgresSource(url: string, to: string, now: number): Promise<CopySource> {
  return depart(url, to, async client => {
    if (!(await lockAlone(client))) throw inUse(url)
    await refuseUnfit(client, url, to)
    await migratePostgres(client, now)
  })
}

/**
 * The workspace of a PostgreSQL database as it is now, also while servers go on writing to it. Nothing else has the database to itself
 * meanwhile.
 * @throws CannotOpen where there is none, or it is not in this program's schema.
 */
export async function viewPostgresSource(url: string): Promise<CopySource> {
  return depart(url, null, async client => {
    if (!(await lockShared(client)))
      throw new CannotOpen(`A move or a restore has ${shownAddress(url)} to itself. Try again after it.`)
    const schema = await refuseUnfit(client, url, null)
    if (schema !== steps.length)
      throw new CannotOpen(
        `The data in ${shownAddress(url)} is of another Confab (schema ${schema}; this one writes ${steps.length}). Use the version that runs on it, or start this one on it first.`,
      )
  })
}

/** Why one that needs the database alone does not get it. */
export const inUse = (url: string): CannotOpen =>
  new CannotOpen(
    `Confab is running on ${shownAddress(url)}, or something copies it. Stop every server that uses it first.`,
  )

async function depart(
  url: string,
  to: string | null,
  prepare: (client: ClientBase) => Promise<void>,
): Promise<CopySource> {
  await using parts = new AsyncDisposableStack()
  const client = parts.use(await openAdminConnection(url))
  await prepare(client)
  const left = (await markOf(client)) !== null
  await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY')
  const { rows } = await client.query<{ epoch: Epoch; name: string }>('SELECT epoch, name FROM workspace')
  const [workspace] = rows
  if (!workspace) throw new CannotOpen('The database has no workspace in it.')
  const held = parts.move()
  return {
    rows: postgresRows(client),
    ...workspace,
    left,
    async leave() {
      await client.query('COMMIT')
      if (to !== null) await mark(client, 'away', to)
    },
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  }
}

/** Answers the schema that the database is in. */
async function refuseUnfit(client: ClientBase, url: string, leaving: string | null): Promise<number> {
  refuseToOpen(await databaseProblem(client, leaving))
  const { rows: there } = await client.query<{ is: boolean }>(
    "SELECT to_regclass('confab_schema') IS NOT NULL AS is",
  )
  if (!there[0]?.is) throw new CannotOpen(`There is no workspace of Confab in ${shownAddress(url)}.`)
  const { rows } = await client.query<{ step: number }>('SELECT step FROM confab_schema')
  return rows[0]?.step ?? 0
}
