import type { ClientBase } from 'pg'
import type { Epoch } from '../../../../contract/ids.ts'
import { CannotOpen } from '../../../core/ports/failures.ts'
import type { CopyTarget, CopyTargetOptions } from '../copy/copy.ts'
import type { Table } from '../copy/tables.ts'
import { quotedAll, quotedName, tablesOfSchema } from '../copy/tables.ts'
import { steps } from '../sql/schema.ts'
import { openAdminConnection, shownAddress } from './admin-connection.ts'
import { inUse } from './copy-source.ts'
import { migratePostgres, postgresStep } from './migrate.ts'
import { mark, markOf, unmark } from './moving.ts'
import { postgresTarget } from './rows.ts'
import { lockAlone } from './running.ts'

/**
 * A PostgreSQL database that a workspace is copied into; `null` where it came before. It is marked until it is whole, and no server opens it. With `replace` the workspace
 * that was there is kept in a schema named `confab_before_` and the time.
 * @throws CannotOpen while a server runs on it, or where people use what is there and `replace` is not said.
 */
export async function openPostgresTarget(url: string, how: CopyTargetOptions): Promise<CopyTarget | null> {
  const { from, now } = how
  await using parts = new AsyncDisposableStack()
  const client = parts.use(await openAdminConnection(url))
  if (!(await lockAlone(client))) throw inUse(url)
  if (!(await makeRoom(client, url, how))) return null
  await migratePostgres(client, now)
  await mark(client, 'arriving', from)
  // What a crash of the machine takes of the pages is copied again; `finish` makes the rest durable.
  await client.query('SET synchronous_commit = off')
  const tables = tablesOfSchema()
  const held = parts.move()
  return {
    rows: postgresTarget(client, tables),
    finish: epoch => finish(client, tables, epoch),
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  }
}

/** Whether there is something to copy: a part of it stays where it is, and what people use is put aside, or not touched. */
async function makeRoom(
  client: ClientBase,
  url: string,
  { now, replace, already }: CopyTargetOptions,
): Promise<boolean> {
  const marked = await markOf(client)
  const used = marked?.why === 'arriving' ? null : await workspaceIn(client)
  if (!used) return true
  if (!marked && used.epoch === already) return false
  if (!marked && !replace)
    throw new CannotOpen(
      `${shownAddress(url)} holds the workspace ${JSON.stringify(used.name)} already. Give an empty database; a restore puts it aside with --replace.`,
    )
  await putAside(client, now)
  return true
}

/** A workspace that people use. */
async function workspaceIn(client: ClientBase): Promise<{ epoch: Epoch; name: string } | null> {
  const { rows: there } = await client.query<{ is: boolean }>(
    "SELECT to_regclass('confab_schema') IS NOT NULL AS is",
  )
  if (!there[0]?.is) return null
  const { rows } = await client.query<{ epoch: Epoch; name: string }>(
    'SELECT epoch, name FROM workspace WHERE set_up = 1 OR EXISTS (SELECT 1 FROM users)',
  )
  return rows[0] ?? null
}

/** All that the steps made goes into a schema of its own, in one transaction. */
async function putAside(client: ClientBase, now: number): Promise<void> {
  const { rows } = await client.query<{ step: number }>('SELECT step FROM confab_schema')
  const made = (what: 'TABLE' | 'FUNCTION') =>
    steps
      .slice(0, rows[0]?.step)
      .map(postgresStep)
      .flatMap(step => [...step.matchAll(new RegExp(`\\bCREATE ${what} (\\w+)`, 'g'))])
      .map(([, name]) => name)
  const schema = `confab_before_${new Date(now).toISOString().toLowerCase().replace(/\W/g, '_')}`
  const tables = ['confab_schema', 'confab_moving', ...made('TABLE')]
  await client.query(
    [
      `BEGIN; CREATE SCHEMA ${schema}`,
      ...tables.map(name => `ALTER TABLE IF EXISTS ${name} SET SCHEMA ${schema}`),
      ...made('FUNCTION').map(name => `ALTER FUNCTION ${name} SET SCHEMA ${schema}`),
      'COMMIT',
    ].join(';\n'),
  )
}

async function finish(client: ClientBase, tables: readonly Table[], epoch: Epoch | null): Promise<void> {
  await client.query(`ANALYZE ${quotedAll(tables.map(({ name }) => name))}`)
  await client.query('SET synchronous_commit = on')
  await client.query('BEGIN')
  await passNumbers(client, tables)
  if (epoch) await client.query('UPDATE workspace SET epoch = $1', [epoch])
  await unmark(client)
  await client.query('COMMIT')
}

/** Numbers that the database gives go on after those that came. */
async function passNumbers(client: ClientBase, tables: readonly Table[]): Promise<void> {
  for (const { name, key } of tables) {
    const { rows } = await client.query<{ sequence: string | null }>(
      'SELECT pg_get_serial_sequence($1, $2) AS sequence',
      [name, key[0]],
    )
    const sequence = rows[0]?.sequence
    if (!sequence) continue
    const column = quotedName(key[0] ?? '')
    await client.query(
      `SELECT setval($1, coalesce(max(${column}), 1), max(${column}) IS NOT NULL) FROM ${quotedName(name)}`,
      [sequence],
    )
  }
}
