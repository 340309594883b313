import { randomBytes } from 'node:crypto'
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import pg from 'pg'
import { newId } from '../../contract/ids.ts'
import { systemClock } from '../../server/adapters/clock.ts'
import { openPostgresStore } from '../../server/adapters/store/postgres/store.ts'
import { databaseFile } from '../../server/adapters/store/sqlite/connection.ts'
import { openSqliteStore } from '../../server/adapters/store/sqlite/store.ts'
import { move } from '../../server/copies/move.ts'
import type { Store } from '../../server/core/ports/store.ts'
import type { Person } from './app.ts'
import { TestServer } from './app.ts'
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

/** What the stores of a test file are copies of: one moved to PostgreSQL, and one moved back too. */
let templates: Promise<{ database: { url: string } & AsyncDisposable; folder: string }> | null = null

async function makeTemplates() {
  const folder = await mkdtemp(join(tmpdir(), 'confab-moved-'))
  const database = await movedDatabase()
  await using copy = await temporaryDatabase(database)
  await move(postgresAt(copy.url, folder), sqliteAt(folder), Date.now(), unwatched)
  return { database, folder }
}

/** Takes away what was copied. */
export async function forgetTemplates(): Promise<void> {
  const made = await templates
  templates = null
  await made?.database[Symbol.asyncDispose]()
  if (made) await rm(made.folder, { recursive: true, force: true })
}

/** A copy begins a history of its own, as if it had been made for itself. */
const ownHistory = (): [string, string] => [newId(), randomBytes(32).toString('hex')]

/** A SQLite store on a workspace that was moved to PostgreSQL and back. */
export async function openMovedBack(): Promise<Opened> {
  templates ??= makeTemplates()
  const directory = await mkdtemp(join(tmpdir(), 'confab-moved-'))
  await cp((await templates).folder, directory, { recursive: true })
  const db = new Database(databaseFile(directory))
  db.prepare('UPDATE workspace SET epoch = ?, salt = ?').run(...ownHistory())
  db.close()
  return opened(
    () => openSqlite(directory),
    () => rm(directory, { recursive: true, force: true }),
  )
}

/** A PostgreSQL store on a workspace that was moved there from SQLite. */
export async function openMovedPostgres(): Promise<Opened> {
  templates ??= makeTemplates()
  const database = await temporaryDatabase((await templates).database)
  const client = new pg.Client({ connectionString: database.url })
  await client.connect()
  await client.query('UPDATE workspace SET epoch = $1, salt = $2', ownHistory())
  await client.end()
  return opened(
    () => openPostgresStore({ url: database.url, clock: systemClock }),
    async () => await database[Symbol.asyncDispose](),
  )
}

async function opened(open: () => Promise<Store>, takeAway: () => Promise<void>): Promise<Opened> {
  let store = await open()
  return {
    get store() {
      return store
    },
    async reopen() {
      await store[Symbol.asyncDispose]()
      store = await open()
    },
    async [Symbol.asyncDispose]() {
      await store[Symbol.asyncDispose]()
      await takeAway()
    },
  }
}

/** A server on PostgreSQL whose workspace, with people and talk in it, was moved there from SQLite; and its owner. */
export async function movedServer(): Promise<{ server: TestServer; owner: Person } & AsyncDisposable> {
  await using parts = new AsyncDisposableStack()
  const data = await mkdtemp(join(tmpdir(), 'confab-moved-'))
  parts.defer(() => rm(data, { recursive: true, force: true }))
  const database = parts.use(await temporaryDatabase())
  {
    await using before = await TestServer.bare({ data, 'database-url': '', 'redis-url': '' })
    const [alice, dave] = [await before.setUp(), await before.signUp('dave')]
    await alice.says(await alice.room('Before the move', 'private', [dave]), 'We are moving.')
  }
  await move(sqliteAt(data), postgresAt(database.url, data), Date.now(), unwatched)
  const server = parts.use(await TestServer.bare({ data, 'database-url': database.url }))
  const held = parts.move()
  const owner = await server.signIn('owner')
  return { server, owner, [Symbol.asyncDispose]: () => held.disposeAsync() }
}
