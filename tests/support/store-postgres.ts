import { systemClock } from '../../server/adapters/clock.ts'
import { openPostgresStore } from '../../server/adapters/store/postgres/store.ts'
import type { Store } from '../../server/core/ports/store.ts'
import type { Opened } from './opened-store.ts'
import { temporaryDatabase } from './postgres-database.ts'

/** A PostgreSQL store on a database of its own. */
export async function openTemporaryPostgres(
  more: { failpoints?: string } = {},
): Promise<Opened & { readonly url: string }> {
  const database = await temporaryDatabase()
  const open = (): Promise<Store> => openPostgresStore({ url: database.url, clock: systemClock, ...more })
  let store = await open()
  return {
    url: database.url,
    get store() {
      return store
    },
    async reopen() {
      await store[Symbol.asyncDispose]()
      store = await open()
    },
    async [Symbol.asyncDispose]() {
      await store[Symbol.asyncDispose]()
      await database[Symbol.asyncDispose]()
    },
  }
}
