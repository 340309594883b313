import assert from 'node:assert/strict'
import { copyFile, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import Database from 'better-sqlite3'
import type { MessageId, RoomId, UserId } from '../../contract/ids.ts'
import { newId, roomTopic } from '../../contract/ids.ts'
import { systemClock } from '../../server/adapters/clock.ts'
import { databaseFile, openToWrite } from '../../server/adapters/store/sqlite/connection.ts'
import { openSqliteStore } from '../../server/adapters/store/sqlite/store.ts'
import { CannotOpen } from '../../server/core/ports/failures.ts'
import type { Store } from '../../server/core/ports/store.ts'
import { Cast } from '../support/store-cast.ts'
import { openTemporarySqlite, temporaryFolder } from '../support/store-sqlite.ts'
import { storeContract } from './store-suite.ts'

storeContract('SQLite', openTemporarySqlite)

const open = (directory: string) => openSqliteStore({ directory, clock: systemClock })
const refusedWith = (words: RegExp) => (error: unknown) =>
  error instanceof CannotOpen && words.test(error.message)

test('SQLite: everything is kept for its owner alone', async () => {
  await using folder = await temporaryFolder()
  const directory = join(folder.path, 'deep', 'data')
  await using store = await open(directory)
  await new Cast(() => store).user('alice')
  const mode = async (path: string) => ((await stat(path)).mode & 0o777).toString(8)
  assert.equal(await mode(directory), '700')
  for (const file of await readdir(directory)) assert.equal(await mode(join(directory, file)), '600', file)
})

test('SQLite: commits wait for the disk, rows have types and references, and what is deleted is overwritten', async () => {
  await using opened = await openTemporarySqlite()
  const db = openToWrite(opened.directory)
  try {
    const pragma = (name: string) => db.pragma(name, { simple: true })
    assert.deepEqual(['journal_mode', 'synchronous', 'foreign_keys', 'secure_delete'].map(pragma), [
      'wal',
      2,
      1,
      1,
    ])
    const tables = db.prepare(
      "SELECT name, strict FROM pragma_table_list WHERE schema = 'main' AND name NOT LIKE 'sqlite%'",
    )
    for (const { name, strict } of tables.all() as { name: string; strict: number }[])
      assert.equal(strict, 1, name)
  } finally {
    db.close()
  }
})

test('SQLite: a second opening of one directory is refused with a sentence that names it, and free after closing', async () => {
  await using folder = await temporaryFolder()
  const first = await open(folder.path)
  await assert.rejects(
    open(folder.path),
    refusedWith(new RegExp(`Another Confab is running on .*${folder.path}.*CONFAB_DATA`)),
  )
  await first[Symbol.asyncDispose]()
  await using again = await open(folder.path)
  assert.equal((await again.workspace()).setUp, false)
})

test('SQLite: a newer schema, another program’s database and a broken file are refused, and left as they are', async () => {
  await using folder = await temporaryFolder()
  await (await open(folder.path))[Symbol.asyncDispose]()
  const file = databaseFile(folder.path)
  const set = (pragma: string) => {
    const db = new Database(file)
    db.pragma(pragma)
    db.close()
  }
  set('user_version = 999')
  await assert.rejects(open(folder.path), refusedWith(/written by a newer Confab \(schema 999/))
  set('user_version = 1')
  set('application_id = 7')
  await assert.rejects(open(folder.path), refusedWith(/is not a database of Confab/))
  await writeFile(file, 'This is a letter to my aunt, and no database at all. '.repeat(50))
  await assert.rejects(open(folder.path), refusedWith(/cannot be opened/))
  assert.match(await readFile(file, 'utf8'), /^This is a letter/)
})

test('SQLite: a directory that cannot be made is refused with a sentence', async () => {
  await using folder = await temporaryFolder()
  await writeFile(join(folder.path, 'file'), '')
  await assert.rejects(open(join(folder.path, 'file', 'data')), refusedWith(/cannot be made or written to/))
})

test('[L6] SQLite: what was deleted, edited or removed is in no byte of any file after closing', async () => {
  await using folder = await temporaryFolder()
  const store = await open(folder.path)
  const cast = new Cast(() => store)
  const [alice, bob] = [await cast.user('alice', { displayName: 'CANARY-NAME' }), await cast.user('bob')]
  const room = await cast.room('CANARY-ROOM', [alice, bob])
  const deleted = await cast.post(room, alice, 'CANARY-DELETED')
  const edited = await cast.post(room, alice, 'CANARY-EDITED')
  const kept = await cast.post(room, bob, 'KEPT')
  for (let n = 0; n < 200; n++) await cast.post(room, bob, `filler ${n} ${'x'.repeat(n * 7)}`)
  await cast.edit(room, alice, edited.id, 'better', 1)
  await cast.erase(room, alice, deleted)
  await cast.do({ appends: [cast.at('workspace', { e: 'user.removed', by: alice.id, user: alice.id })] })
  await cast.rows({ row: 'room erased', room: await cast.room('CANARY-SHUT', [bob], { kind: 'private' }) })
  await cast.do({
    appends: cast.altered(
      { id: room, kind: 'public', name: 'Tea', topic: '', archived: false, everyone: false, createdAt: 1 },
      bob.id,
    ),
  })
  assert.equal((await store.message(kept.id))?.message.text, 'KEPT')
  await store[Symbol.asyncDispose]()
  for (const file of await readdir(folder.path)) {
    const bytes = await readFile(join(folder.path, file), 'latin1')
    assert.deepEqual(bytes.match(/CANARY-\w+/g), null, file)
    if (file === 'confab.db') assert.ok(bytes.includes('KEPT'))
  }
})

/** Talk that is edited and deleted while its pages are split and joined; answers the words that are gone. */
async function turmoil(store: Store, rounds: number): Promise<string[]> {
  const cast = new Cast(() => store)
  const alice = await cast.user('alice')
  const rooms = await Promise.all(Array.from({ length: 10 }, (_, n) => cast.room(`Room ${n}`, [alice])))
  const gone: string[] = []
  const there: { room: RoomId; id: MessageId; seq: number; word: string; rev: number }[] = []
  for (let round = 0; round < rounds; round++) {
    const posts = Array.from({ length: 300 }, async (_, n) => {
      const room = rooms[(n * 7 + round) % 10] as RoomId
      const word = `POSTED-${round}-${n}-`
      const { id, seq } = await cast.post(
        room,
        alice,
        word + 'x'.repeat((n * 131) % (n % 9 === 0 ? 2_500 : 200)),
      )
      there.push({ room, id, seq, word, rev: 0 })
    })
    await Promise.all(posts)
    for (let n = 0; n < 40; n++) {
      const [message] = there.splice((n * 37 + round * 11) % there.length, 1)
      if (!message) continue
      gone.push(message.word)
      if (n % 2 === 0) {
        await cast.erase(message.room, alice, message)
        continue
      }
      const word = `EDITED-${round}-${n}-`
      await cast.edit(message.room, alice, message.id, word + 'y'.repeat((n * 97) % 700), message.rev + 1)
      there.push({ ...message, word, rev: message.rev + 1 })
    }
  }
  return gone
}

test('[L6] SQLite: the copies go while the store is open, and after a crash', {
  timeout: 60_000,
}, async () => {
  await using folder = await temporaryFolder()
  const before = await open(folder.path)
  const gone = await turmoil(before, 3)
  const crashed = join(folder.path, 'crashed')
  await mkdir(crashed)
  for (const file of ['confab.db', 'confab.db-wal'])
    await copyFile(join(folder.path, file), join(crashed, file))
  await before[Symbol.asyncDispose]()
  await using after = await openSqliteStore({ directory: crashed, clock: systemClock, scrubAfterMs: 0 })
  const bytes = async () =>
    (
      await Promise.all(['confab.db', 'confab.db-wal'].map(file => readFile(join(crashed, file), 'latin1')))
    ).join('')
  const words = async () => new Set((await bytes()).match(/(POSTED|EDITED)-\d+-\d+-/g))
  for (let found = await words(); gone.some(word => found.has(word)); found = await words())
    await after.heads(['workspace'])
  assert.equal(
    (await after.snapshot((await after.users({ after: null, limit: 1 })).users[0]?.id as UserId))?.rooms
      .length,
    10,
  )
})

test('[L6] SQLite: a large room that is erased is gone at once, and bit by bit from the file, over a restart too', {
  timeout: 60_000,
}, async () => {
  await using opened = await openTemporarySqlite()
  const cast = new Cast(() => opened.store)
  const alice = await cast.user('alice')
  const [large, other] = [await cast.room('Large', [alice]), await cast.room('Other', [alice])]
  const ids = Array.from({ length: 3_000 }, () => newId<MessageId>())
  await cast.do({
    appends: ids.map(id =>
      cast.at(roomTopic(large), { e: 'message.posted', by: alice.id, id, text: `CANARY-${id}` }),
    ),
  })
  const [erased, posted] = await Promise.all([
    cast.try({ rows: [{ row: 'room erased', room: large }] }),
    cast.post(other, alice, 'meanwhile'),
  ])
  assert.deepEqual([erased.is, posted.seq], ['done', 3])
  assert.equal(await opened.store.message(ids[2_999] as MessageId), null)
  assert.deepEqual(await opened.store.messagesBy(alice.id, 9), [
    (await opened.store.message(posted.id))?.message,
  ])
  await opened.reopen()
  await opened.reopen()
  const taken = await cast.try(cast.posting(other, alice, 'again', { id: ids[1_500] as MessageId }))
  assert.deepEqual(taken, { is: 'already', seq: 1_503, deleted: true })
  const bytes = await readFile(databaseFile(opened.directory), 'latin1')
  assert.equal(bytes.includes('CANARY-'), false)
})
