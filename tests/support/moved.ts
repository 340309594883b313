import { randomBytes } from 'node:crypto'
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { newId } from '../../contract/ids.ts'
import { systemClock } from '../../server/adapters/clock.ts'
import { databaseFile } from '../../server/adapters/store/sqlite/connection.ts'
import { openSqliteStore } from '../../server/adapters/store/sqlite/sqlite.ts'
import { move } from '../../server/copies/move.ts'
import type { Store } from '../../server/core/ports.ts'
import { postgresAt, sqliteAt, unwatched } from './copies.ts'
import type { Opened } from './opened-store.ts'
import { temporaryDatabase } from './postgres-database.ts'

const openSqlite = (directory: string) => openSqliteStore({ directory, clock: systemClock })

/** A new workspace that was made on SQLite and moved to a PostgreSQL database of its own, dropped in the end. */
export async function movedDatabase(): Promise<{ url: string } & AsyncDisposable> {
  await using parts = new AsyncDisposableStack()
  const folder = await mkdtemp(join(tmpdir(), 'confab-moved-'))
  parts.defer(() => rm(folder, { recursive: true, force: true }))
  const database = parts.use(await temporaryDatabase())
  await (await openSqlite(folder))[Symbol.asyncDispose]()
  await move(sqliteAt(folder), postgresAt(database.url, folder), Date.now(), unwatched)
  const held = parts.move()
  return { url: database.url, [Symbol.asyncDispose]: () => held.disposeAsync() }
}

/** A workspace that was moved to PostgreSQL and back, which every store of a test file is a copy of. */
let template: Promise<string> | null = null

async function movedBack(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'confab-moved-'))
  await using database = await movedDatabase()
  await move(postgresAt(database.url, folder), sqliteAt(folder), Date.now(), unwatched)
  return folder
}

/** A SQLite store on a copy of it, with a history of its own. */
export async function openMovedBack(): Promise<Opened> {
  template ??= movedBack()
  const directory = await mkdtemp(join(tmpdir(), 'confab-moved-'))
  await cp(await template, directory, { recursive: true })
  const db = new Database(databaseFile(directory))
  const salt = randomBytes(32).toString('hex')
  db.prepare('UPDATE workspace SET epoch = ?, salt = ?').run(newId(), salt)
  db.close()
  let store: Store = await openSqlite(directory)
  return {
    get store() {
      return store
    },
    async reopen() {
      await store[Symbol.asyncDispose]()
      store = await openSqlite(directory)
    },
    async [Symbol.asyncDispose]() {
      await store[Symbol.asyncDispose]()
      await rm(directory, { recursive: true, force: true })
    },
  }
}

/** Takes away what was copied. */
export async function forgetMovedBack(): Promise<void> {
  if (template) await rm(await template, { recursive: true, force: true })
  template = null
}
