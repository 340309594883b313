import { openSqliteStore } from '../../server/adapters/store/sqlite/store.ts'
import type { Clock } from '../../server/core/ports/clock.ts'
import type { Store } from '../../server/core/ports/store.ts'

/** Every test of the whole runs on SQLite, and with TEST_STORE=postgres on PostgreSQL and Redis. */
export const onPostgres = process.env.TEST_STORE === 'postgres'

/** Where a server of this run keeps what it stores, beside its data directory: as flags, and as a store that is opened on it. */
export interface Place extends AsyncDisposable {
  readonly flags: Readonly<Record<string, string>>
  open(directory: string, clock: Clock): Promise<Store>
}

export async function placeHere(): Promise<Place> {
  if (!onPostgres)
    return {
      flags: {},
      open: (directory, clock) => openSqliteStore({ directory, clock }),
      [Symbol.asyncDispose]: async () => {},
    }
  // Asked for here alone, so that where there is no PostgreSQL the tests on SQLite need none.
  const { temporaryDatabase } = await import('./postgres-database.ts')
  const { openPostgresStore } = await import('../../server/adapters/store/postgres/store.ts')
  const database = await temporaryDatabase()
  const redis = process.env.TEST_REDIS_URL
  return {
    flags: { 'database-url': database.url, ...(redis && { 'redis-url': redis }) },
    open: (_, clock) => openPostgresStore({ url: database.url, clock }),
    [Symbol.asyncDispose]: () => database[Symbol.asyncDispose](),
  }
}

const byDirectory = new Map<string, Promise<Place>>()

/** The same for processes that are started again and again on one directory. It goes with the PostgreSQL that the tests started. */
export function placeOf(directory: string): Promise<Place> {
  const place = byDirectory.get(directory) ?? placeHere()
  byDirectory.set(directory, place)
  return place
}
