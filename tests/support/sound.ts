import assert from 'node:assert/strict'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import pg from 'pg'
import { readDiskFiles } from '../../server/adapters/files/disk.ts'
import { databaseFile } from '../../server/adapters/store/sqlite/connection.ts'

/** Logs that are not as long as their head says. */
const sparse = 'SELECT topic FROM logs WHERE head <> (SELECT count(*) FROM events WHERE log = logs.id)'
/** Messages that do not stand where their log posted them. `id`: that of an event, in the words of the database. */
const loose = (id: string) =>
  `SELECT id FROM messages WHERE NOT EXISTS (
     SELECT 1 FROM events JOIN logs ON logs.id = events.log
     WHERE topic = 'room:' || messages.room AND events.seq = messages.seq AND ${id} = messages.id)`
const pictures = 'SELECT hash FROM avatar_files'

/** The SQLite database of a data directory is sound: tables, logs and files agree, and SQLite finds nothing. */
export async function assertSound(directory: string): Promise<void> {
  const db = new Database(databaseFile(directory), { readonly: true })
  try {
    assert.equal(db.pragma('integrity_check', { simple: true }), 'ok')
    assert.deepEqual(db.pragma('foreign_key_check'), [])
    await assertAgree(sql => db.prepare(sql).all(), "json_extract(body, '$.id')", directory)
  } finally {
    db.close()
  }
}

/** The same of a PostgreSQL database, whose pictures are in a data directory. */
export async function assertSoundPostgres(url: string, directory: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await assertAgree(async sql => (await client.query(sql)).rows, "body::json ->> 'id'", directory)
  } finally {
    await client.end()
  }
}

async function assertAgree(
  ask: (sql: string) => unknown[] | Promise<unknown[]>,
  idOfEvent: string,
  directory: string,
): Promise<void> {
  assert.deepEqual(await ask(sparse), [])
  assert.deepEqual(await ask(loose(idOfEvent)), [])
  const files = readDiskFiles(join(directory, 'files'))
  for (const { hash } of (await ask(pictures)) as { hash: string }[])
    assert.ok(await files.get(hash), `no bytes of the picture ${hash}`)
}
