import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { PostgresServer } from './postgres-server.ts'

/** The server that `npm test` started for all its files, else one of this process's own. */
let server: Promise<string> | null = null

async function serverUrl(): Promise<string> {
  const given = process.env.TEST_POSTGRES_URL
  if (given) return given
  const started = await PostgresServer.start()
  process.once('exit', () => started.abandon())
  return started.url()
}

/** A database of one's own, dropped in the end: empty, or a copy of another that nobody is connected to. */
export async function temporaryDatabase(of?: { url: string }): Promise<{ url: string } & AsyncDisposable> {
  server ??= serverUrl()
  const admin = await server
  const name = `confab_${randomUUID().replaceAll('-', '')}`
  await once(
    admin,
    `CREATE DATABASE ${name} TEMPLATE ${of ? new URL(of.url).pathname.slice(1) : 'template0'}`,
  )
  const url = new URL(admin)
  url.pathname = `/${name}`
  return {
    url: url.href,
    [Symbol.asyncDispose]: () => once(admin, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`),
  }
}

/** A connection of a test's own, which Confab does not take for one of its own. */
export async function onlooker(url: string): Promise<pg.Client & AsyncDisposable> {
  const client = new pg.Client({ connectionString: url, application_name: 'test' })
  await client.connect()
  return Object.assign(client, { [Symbol.asyncDispose]: () => client.end() })
}

async function once(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}
