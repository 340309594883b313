import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '../../server/adapters/clock.ts'
import { openSqliteStore } from '../../server/adapters/store/sqlite/store.ts'
import type { Store } from '../../server/core/ports/store.ts'
import type { Opened } from './opened-store.ts'

export type OpenedSqlite = Opened & { readonly directory: string }

/** A temporary folder, taken away in the end. */
export async function temporaryFolder(): Promise<{ path: string } & AsyncDisposable> {
  const path = await mkdtemp(join(tmpdir(), 'confab-store-'))
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) }
}

/** A SQLite store in a folder of its own. */
export async function openTemporarySqlite(more: { failpoints?: string } = {}): Promise<OpenedSqlite> {
  const folder = await temporaryFolder()
  const open = (): Promise<Store> => openSqliteStore({ directory: folder.path, clock: systemClock, ...more })
  let store = await open()
  return {
    directory: folder.path,
    get store() {
      return store
    },
    async reopen() {
      await store[Symbol.asyncDispose]()
      store = await open()
    },
    async [Symbol.asyncDispose]() {
      await store[Symbol.asyncDispose]()
      await folder[Symbol.asyncDispose]()
    },
  }
}
