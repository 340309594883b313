import assert from 'node:assert/strict'
import { closeSync, openSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import type { Database } from 'better-sqlite3'
import { makeDirectory } from '../../data-directory.ts'
import { databaseFile, openToRead, openToWrite } from './connection.ts'
import { migrate } from './migrate.ts'
import { FileScrubber } from './scrub.ts'

const rows = 12_000

/** Rows of many lengths put between each other, so that pages split, and then a third of them deleted; answers the words of those. */
function turmoil(db: Database): string[] {
  db.exec(
    'CREATE TABLE talk (place INTEGER, seq INTEGER, text TEXT, PRIMARY KEY (place, seq)) STRICT, WITHOUT ROWID',
  )
  const put = db.prepare('INSERT INTO talk (place, seq, text) VALUES (?, ?, ?)')
  const drop = db.prepare('DELETE FROM talk WHERE place = ? AND seq = ?')
  const at = (n: number): [number, number] => [(n * 7919) % 53, n]
  const word = (n: number) => `WORD-${n}-`
  db.transaction(() => {
    for (let n = 0; n < rows; n++)
      put.run(...at(n), word(n) + 'x'.repeat((n * 131) % (n % 9 === 0 ? 2_500 : 200)))
  })()
  const gone = Array.from({ length: rows / 3 }, (_, n) => n * 3)
  db.transaction(() => {
    for (const n of gone) drop.run(...at(n))
  })()
  return gone.map(word)
}

test('[L6] copies of rows that a split left behind go with the rows, and the database stays whole', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'confab-scrub-'))
  makeDirectory(directory)
  const db = openToWrite(directory)
  migrate(db, directory, 0)
  const file = openSync(databaseFile(directory), 'r+')
  try {
    const scrubber = new FileScrubber(db, file)
    const gone = turmoil(db)
    const found = async () => {
      const bytes = await readFile(databaseFile(directory), 'latin1')
      const there = new Set(bytes.match(/WORD-\d+-/g))
      return gone.filter(word => there.has(word)).length
    }
    db.pragma('wal_checkpoint(TRUNCATE)')
    assert.ok((await found()) > 0, 'secure_delete alone would do, and scrubbing could go')

    assert.equal(scrubber.step(), false, 'nothing is done before something was removed')
    scrubber.removed()
    scrubber.flush()
    assert.equal(new FileScrubber(db, file).isDue, true, 'a crash forgets nothing')
    while (scrubber.step());
    assert.equal(await found(), 0)
    assert.equal(scrubber.isDue, false)
    assert.equal(db.pragma('integrity_check', { simple: true }), 'ok')
    assert.equal(db.prepare('SELECT count(*) FROM talk').pluck().get(), rows - rows / 3)
  } finally {
    db.close()
    closeSync(file)
    await rm(directory, { recursive: true, force: true })
  }
})

test('[L6] scrubbing waits for whoever reads a snapshot, and goes on when they have left', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'confab-scrub-'))
  makeDirectory(directory)
  const db = openToWrite(directory)
  migrate(db, directory, 0)
  const file = openSync(databaseFile(directory), 'r+')
  const reader = openToRead(directory)
  try {
    const scrubber = new FileScrubber(db, file)
    turmoil(db)
    reader.exec('BEGIN')
    const before = reader.prepare('SELECT count(*) FROM talk').pluck().get()
    db.exec('DELETE FROM talk WHERE place = 1')
    scrubber.removed()
    scrubber.flush()
    assert.equal(scrubber.step(), false)
    assert.equal(scrubber.isDue, true)
    assert.equal(db.pragma('busy_timeout', { simple: true }), 5_000, 'other waits are as they were')
    assert.equal(reader.prepare('SELECT count(*) FROM talk').pluck().get(), before)
    reader.exec('COMMIT')
    while (scrubber.step());
    assert.equal(scrubber.isDue, false)
  } finally {
    reader.close()
    db.close()
    closeSync(file)
    await rm(directory, { recursive: true, force: true })
  }
})
