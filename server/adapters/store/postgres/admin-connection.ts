import type pg from 'pg'
import { CannotOpen } from '../../../core/ports/failures.ts'
import { reasonOf } from '../../reason.ts'
import { clientOf, connectionConfig, patient } from './connection.ts'

/** An address as it may be shown: without user, password and parameters. */
export function shownAddress(url: string): string {
  const { host, pathname } = new URL(url)
  return `postgres://${host}${pathname}`
}

/**
 * A connection of one's own, for what takes as long as it takes. What it commits is durable, whatever PostgreSQL's own setting is. It ends
 * with the answer.
 * @throws CannotOpen with a sentence that shows no password.
 */
export async function openAdminConnection(url: string): Promise<pg.Client & AsyncDisposable> {
  const client = clientOf({ ...connectionConfig(url), ...patient })
  // A connection that is lost tells whoever waits for an answer.
  client.on('error', () => {})
  try {
    await client.connect()
    await client.query('SET synchronous_commit = on')
  } catch (cause) {
    throw new CannotOpen(
      `PostgreSQL at ${shownAddress(url)} cannot be reached: ${reasonOf(cause)}. Check CONFAB_DATABASE_URL, and that it runs.`,
      { cause },
    )
  }
  return Object.assign(client, { [Symbol.asyncDispose]: () => client.end() })
}

/**
 * Whether no Confab ever was in this database: nothing is changed to find out.
 * @throws CannotOpen as `adminConnection` does.
 */
export async function isUnused(url: string): Promise<boolean> {
  await using client = await openAdminConnection(url)
  const { rows } = await client.query<{ is: boolean }>("SELECT to_regclass('confab_schema') IS NULL AS is")
  return rows[0]?.is ?? false
}
