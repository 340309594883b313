import assert from 'node:assert/strict'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { readDiskFiles } from '../../server/adapters/files/disk.ts'
import { databaseFile } from '../../server/adapters/store/sqlite/connection.ts'

/**
 * The database of a data directory is sound: as SQLite sees it; every log is as long as its head says, every message stands where its log
 * posted it, and every picture that a row names is there.
 */
export async function assertSound(directory: string): Promise<void> {
  const db = new Database(databaseFile(directory), { readonly: true })
  try {
    assert.equal(db.pragma('integrity_check', { simple: true }), 'ok')
    assert.deepEqual(db.pragma('foreign_key_check'), [])
    const sparse = db.prepare(
      'SELECT topic FROM logs WHERE head <> (SELECT count(*) FROM events WHERE log = logs.id)',
    )
    assert.deepEqual(sparse.all(), [])
    const loose = db.prepare(
      `SELECT id FROM messages WHERE NOT EXISTS (
         SELECT 1 FROM events JOIN logs ON logs.id = events.log
         WHERE topic = 'room:' || messages.room AND events.seq = messages.seq
           AND json_extract(body, '$.id') = messages.id)`,
    )
    assert.deepEqual(loose.all(), [])
    const files = readDiskFiles(join(directory, 'files'))
    const named = db.prepare<[], string>('SELECT hash FROM avatar_files').pluck().all()
    for (const hash of named) assert.ok(await files.get(hash), `no bytes of the picture ${hash}`)
  } finally {
    db.close()
  }
}
