import assert from 'node:assert/strict'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { systemClock } from '../../server/adapters/clock.ts'
import { openDiskFiles } from '../../server/adapters/files/disk.ts'
import { openSqliteStore } from '../../server/adapters/store/sqlite/store.ts'
import { fill, postgresAt, sqliteAt, talliesAt } from '../support/copies.ts'
import { freePort } from '../support/free-port.ts'
import { temporaryDatabase } from '../support/postgres-database.ts'
import { TestProcess } from '../support/process.ts'
import { temporaryFolder } from '../support/store-sqlite.ts'

interface Ended {
  readonly code: number | NodeJS.Signals
  readonly out: string
  readonly err: string
}

async function run(args: readonly string[], data: string, variables = {}): Promise<Ended> {
  await using command = await TestProcess.run(args, { directory: data, keep: true, variables })
  const code = await command.ended()
  return { code, out: command.out, err: command.err }
}

async function furnished(data: string): Promise<void> {
  await mkdir(data, { recursive: true })
  await using store = await openSqliteStore({ directory: data, clock: systemClock })
  await fill(store, await openDiskFiles(join(data, 'files')))
}

test('somebody moves to PostgreSQL, backs up there, moves back and restores, by the commands and the settings alone', async () => {
  await using folder = await temporaryFolder()
  await using database = await temporaryDatabase()
  const data = join(folder.path, 'data')
  await furnished(data)
  const before = await talliesAt(sqliteAt(data))
  const inPostgres = { CONFAB_DATABASE_URL: database.url }

  const moved = await run(['move', '--to', database.url], data)
  assert.deepEqual([moved.code, moved.err], [0, ''])
  assert.match(moved.out, /^messages: \d+ rows, the same when read back \([0-9a-f]{12}\)$/m)
  assert.match(moved.out, /^Start Confab with CONFAB_DATABASE_URL set to postgres:\/\/127/m)
  assert.deepEqual(await talliesAt(postgresAt(database.url, data)), before)
  assert.match((await run(['start', '--port', '0'], data)).err, /was moved to postgres:/)
  const again = await run(['move'], data, inPostgres)
  assert.deepEqual([again.code, again.err], [0, ''])
  assert.match(again.out, /before\. There is nothing to do/)

  const made = await run(['backup', '--to', join(folder.path, 'backups'), '--keep', '3'], data, inPostgres)
  assert.deepEqual([made.code, made.err], [0, ''])
  const [, backup = ''] =
    /^(.*) holds [\d,]+ rows and 2 files, read back and the same\.$/m.exec(made.out) ?? []

  {
    await using server = await TestProcess.serving({ directory: data, keep: true, variables: inPostgres })
    const running = await run(['move', '--to', data], data, inPostgres)
    assert.equal(running.code, 1)
    assert.match(running.err, /^Confab is running on postgres:.*Stop every server that uses it first\.$/m)
    const beside = await run(['backup', '--to', join(folder.path, 'backups')], data, inPostgres)
    assert.deepEqual([beside.code, beside.err], [0, ''])
    assert.equal(await server.end(), 0)
  }
  const now = await talliesAt(postgresAt(database.url, data))
  const back = await run(['move', '--to', data], data, inPostgres)
  assert.deepEqual([back.code, back.err], [0, ''])
  assert.deepEqual(await talliesAt(sqliteAt(data)), now)

  const refused = await run(['restore', '--from', backup], data)
  assert.equal(refused.code, 1)
  assert.match(refused.err, /holds the workspace "Confab" already/)
  const restored = await run(['restore', '--from', backup, '--replace'], data)
  assert.deepEqual([restored.code, restored.err], [0, ''])
  assert.match(restored.out, /^"Confab" is back in .* as it was at 20\d\d-.*, with 2 files\.$/m)
})

test('a command that is called wrongly says how, ends with 2, and repeats no password', async () => {
  await using folder = await temporaryFolder()
  const wrong: [string[], RegExp][] = [
    [['move'], /^Usage, .*\n {2}move --to/],
    [['move', '--too', 'x'], /^Usage/],
    [
      ['move', '--to', 'mysql://confab:canary@db/confab'],
      /^--to must be a directory or an address of PostgreSQL/,
    ],
    [['move', '--to', 'x', '--from', 'http://confab:canary@db'], /^--from must be/],
    [['backup'], /^Usage: backup --to/],
    [['backup', '--to', 'x', '--keep', '0'], /^--keep must be a whole number/],
    [['restore'], /^Usage, .*\n {2}restore --from/],
    [['restore', '--from', 'x', '--to', 'ftp://canary'], /^--to must be/],
  ]
  for (const [args, words] of wrong) {
    const ended = await run(args, folder.path)
    assert.equal(ended.code, 2, args.join(' '))
    assert.match(ended.err, words)
    assert.doesNotMatch(ended.out + ended.err, /canary/)
  }
})

test('what keeps a command from its work is told as one sentence, with 1, and no password is in it', async () => {
  await using folder = await temporaryFolder()
  const data = join(folder.path, 'data')
  await furnished(data)
  const nobody = `postgres://confab:canary@127.0.0.1:${await freePort()}/confab?password=canary`
  const cannot: [string[], RegExp][] = [
    [
      ['move', '--to', nobody],
      /^PostgreSQL at postgres:\/\/127.0.0.1:\d+\/confab cannot be reached: .*ECONNREFUSED/,
    ],
    [['move', '--from', join(folder.path, 'nothing'), '--to', nobody], /^There is no database of Confab in/],
    [['restore', '--from', join(folder.path, 'nothing')], /is no backup: there is no backup\.json/],
    [['backup', '--to', join(data, 'confab.db')], /cannot be made or written to/],
  ]
  for (const [args, words] of cannot) {
    const ended = await run(args, data)
    assert.deepEqual([ended.code, ended.err.trim().split('\n').length], [1, 1], ended.err)
    assert.match(ended.err, words)
    assert.doesNotMatch(ended.out + ended.err, /canary/)
  }
})
