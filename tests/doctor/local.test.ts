import assert from 'node:assert/strict'
import { chmod, mkdir, mkdtemp, open, rm, stat, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { describe, test } from 'node:test'
import Database from 'better-sqlite3'
import { systemClock } from '../../server/adapters/clock.ts'
import { markAway } from '../../server/adapters/store/sqlite/moving.ts'
import { openSqliteStore } from '../../server/adapters/store/sqlite/store.ts'
import { checkDirectory } from '../../server/cli/doctor/directory.ts'
import { checkProgram } from '../../server/cli/doctor/program.ts'
import { checkSqlite } from '../../server/cli/doctor/sqlite.ts'
import { assertOne, assertWell } from '../support/findings.ts'

const uid = process.getuid?.()

async function folder(t: TestContext): Promise<string> {
  const made = await mkdtemp(join(tmpdir(), 'confab-doctor-'))
  t.after(() => rm(made, { recursive: true, force: true }))
  return made
}

describe('the program', () => {
  const facts = {
    node: '24.21.0',
    confab: '1.0.0',
    now: Date.UTC(2027, 0, 1),
    page: tmpdir(),
    mostFiles: 65_536,
  }

  test('a Node that is too old, or no LTS release, is told with which one to install', async t => {
    const page = await folder(t)
    await writeFile(join(page, 'index.html'), '')
    assertWell(checkProgram({ ...facts, page }))
    for (const node of ['24.6.0', '22.19.0', '20.1.1'])
      assertOne(checkProgram({ ...facts, page, node }), 'fail', new RegExp(node), /24\.7/)
    assertOne(checkProgram({ ...facts, page, node: '25.1.0' }), 'warn', /no LTS/, /Install an LTS/)
  })

  test('a limit of open files that a few thousand people use up is told, with how to raise it', async t => {
    const page = await folder(t)
    await writeFile(join(page, 'index.html'), '')
    assertOne(checkProgram({ ...facts, page, mostFiles: 1_024 }), 'warn', /only 1024 files/, /LimitNOFILE/)
    assertWell(checkProgram({ ...facts, page, mostFiles: null }))
  })

  test('a page that is not built, and a clock that shows a past day, are told', async t => {
    const page = await folder(t)
    assertOne(checkProgram({ ...facts, page }), 'fail', /not built/, /npm run build/)
    await writeFile(join(page, 'index.html'), '')
    assertOne(checkProgram({ ...facts, page, now: 0 }), 'fail', /1970-01-01.*past/, /Set the clock/)
  })
})

describe('the data directory', () => {
  const gibibyte = 1024 ** 3
  const disk =
    (free: number, type = 0xef53) =>
    () => ({ bavail: free / 4096, bsize: 4096, type })
  const good = { database: true, uid, statfs: disk(50 * gibibyte) }

  test('one that is ours alone, on a disk with room, is well, and so is one that the first start makes', async t => {
    const directory = await folder(t)
    await chmod(directory, 0o700)
    assertWell(checkDirectory({ ...good, directory }))
    assertWell(checkDirectory({ ...good, directory: join(directory, 'a', 'b') }))
  })

  test('one that others may enter is told with the mode that it needs', async t => {
    const directory = await folder(t)
    await chmod(directory, 0o755)
    assertOne(checkDirectory({ ...good, directory }), 'warn', /0755/, /chmod 700/)
  })

  test('a file in its place, and one of another user, are told', async t => {
    const directory = await folder(t)
    const file = join(directory, 'file')
    await writeFile(file, '', { mode: 0o600 })
    assertOne(checkDirectory({ ...good, directory: file }), 'fail', /no directory/, /CONFAB_DATA/)
    await chmod(directory, 0o700)
    const owner = (await stat(directory)).uid
    assertOne(
      checkDirectory({ ...good, directory, uid: owner + 1 }),
      'fail',
      /that of user/,
      /chown|as the user/,
    )
    if (owner !== 0) assertOne(checkDirectory({ ...good, directory, uid: 0 }), 'warn', /this is root/, /sudo/)
  })

  test('a disk that is full, or nearly, is told with how much is left', async t => {
    const directory = await folder(t)
    await chmod(directory, 0o700)
    const at = (free: number) => checkDirectory({ ...good, directory, statfs: disk(free) })
    assertOne(at(gibibyte / 2), 'warn', /512 MiB/, /Make room/)
    assertOne(at(gibibyte / 64), 'fail', /16 MiB/, /Make room/)
  })

  test('a database on a file system over the network is told, and files there are not', async t => {
    const directory = await folder(t)
    await chmod(directory, 0o700)
    const statfs = disk(50 * gibibyte, 0x6969)
    assertOne(checkDirectory({ ...good, directory, statfs }), 'fail', /NFS/, /disk of this machine/)
    assertWell(checkDirectory({ ...good, directory, statfs, database: false }))
  })
})

describe('the embedded database', () => {
  async function database(
    t: TestContext,
    alter: (db: Database.Database) => void = () => {},
  ): Promise<string> {
    const directory = await folder(t)
    await (await openSqliteStore({ directory, clock: systemClock }))[Symbol.asyncDispose]()
    const db = new Database(join(directory, 'confab.db'))
    alter(db)
    db.close()
    return directory
  }

  test('one that is whole and of our schema is well, also while a server runs, and so is none', async t => {
    const directory = await folder(t)
    assertWell(checkSqlite(directory))
    await using _running = await openSqliteStore({ directory, clock: systemClock })
    assertWell(checkSqlite(directory))
  })

  test('one that is damaged, or none at all, is told with what to do', async t => {
    const directory = await database(t)
    const file = join(directory, 'confab.db')
    const { size } = await stat(file)
    const damaged = await open(file, 'r+')
    await damaged.write(Buffer.alloc(size - 4096, 0x5a), 0, size - 4096, 4096)
    await damaged.close()
    assertOne(checkSqlite(directory), 'fail', /damaged|cannot be read/, /restore the newest backup/)
    await truncate(file, 0)
    await writeFile(file, 'a letter to a friend'.repeat(100))
    assertOne(checkSqlite(directory), 'fail', /cannot be read.*not a database/, /restore/)
  })

  test('one that holds what it may not is told', async t => {
    const directory = await database(t, db => {
      db.exec('CREATE TABLE other (one)')
        .exec('INSERT INTO other VALUES (NULL)')
        .unsafeMode()
        .pragma('writable_schema = ON')
      db.exec("UPDATE sqlite_schema SET sql = 'CREATE TABLE other (one NOT NULL)' WHERE name = 'other'")
    })
    assertOne(checkSqlite(directory), 'fail', /damaged: NULL value in other/, /restore the newest backup/)
  })

  test('one of a newer Confab, or an older one, is told', async t => {
    const newer = await database(t, db => db.pragma('user_version = 99'))
    assertOne(checkSqlite(newer), 'fail', /schema 99/, /newer Confab/)
    const older = await database(t, db => db.pragma('user_version = 0'))
    assertOne(checkSqlite(older), 'warn', /schema 0/, /backup/)
  })

  test('one that was moved away, and one of another program, are told as a start refuses them', async t => {
    const moved = await database(t)
    markAway(moved, 'postgres://db/confab')
    assertOne(checkSqlite(moved), 'fail', /moved to postgres:\/\/db\/confab/, /Start Confab there/)
    const foreign = await database(t, db => db.pragma('application_id = 7'))
    assertOne(checkSqlite(foreign), 'fail', /not a database of Confab/, /CONFAB_DATA/)
  })

  test('one that keeps no write-ahead log, one whose log has grown, and one that others may read are told', async t => {
    const rollback = await database(t, db => db.pragma('journal_mode = DELETE'))
    assertOne(checkSqlite(rollback), 'warn', /journal mode delete/, /Start the server/)
    const directory = await database(t)
    await writeFile(join(directory, 'confab.db-wal'), '')
    await truncate(join(directory, 'confab.db-wal'), 300 * 1024 * 1024)
    assertOne(checkSqlite(directory), 'warn', /300 MiB/, /restart/)
    const open = await database(t)
    await chmod(join(open, 'confab.db'), 0o644)
    assertOne(checkSqlite(open), 'warn', /0644/, /chmod 600/)
  })

  test('a folder in the place of the database is told', async t => {
    const directory = await folder(t)
    await mkdir(join(directory, 'confab.db'))
    const [one] = checkSqlite(directory)
    assert.equal(one?.is, 'fail')
  })
})
