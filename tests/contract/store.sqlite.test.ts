import assert from 'node:assert/strict'
import { copyFile, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { pathToFileURL } from 'node:url'
import Database from 'better-sqlite3'
import type { MessageId, RoomId, UserId } from '../../contract/ids.ts'
import { newId, roomTopic } from '../../contract/ids.ts'
import { systemClock } from '../../server/adapters/clock.ts'
import { databaseFile, openToWrite } from '../../server/adapters/store/connection.ts'
import { openSqliteStore } from '../../server/adapters/store/sqlite.ts'
import type { Store } from '../../server/core/ports.ts'
import { CannotOpen, Unavailable } from '../../server/core/ports.ts'
import { Cast } from '../support/store-cast.ts'
import { mount, unmount } from '../support/store-disk.ts'
import { openTemporarySqlite, temporaryFolder } from '../support/store-sqlite.ts'
import { storeContract } from './store-suite.ts'

storeContract('SQLite', openTemporarySqlite)

const open = (directory: string) => openSqliteStore({ directory, clock: systemClock })
const refusedWith = (words: RegExp) => (error: unknown) =>
  error instanceof CannotOpen && words.test(error.message)

/** The failpoints of a folder: a file named as one says what happens there. */
const failpointsIn = (folder: string): string =>
  `${pathToFileURL(join(import.meta.dirname, '../support/store-failpoints.ts')).href}?folder=${encodeURIComponent(folder)}`

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
    appends: cast.made(
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

test('SQLite: when a commit fails, all of it is Unavailable, nothing of it is done, and later ones are, without opening again', async () => {
  await using folder = await temporaryFolder()
  await using opened = await openTemporarySqlite({ failpoints: failpointsIn(folder.path) })
  const cast = new Cast(() => opened.store)
  const alice = await cast.user('alice')
  const room = await cast.room('Tea', [alice])
  for (const [code, full] of [
    ['SQLITE_FULL', true],
    ['SQLITE_IOERR_FSYNC', false],
  ] as const) {
    await writeFile(join(folder.path, 'before-commit'), code)
    const failed = await Promise.allSettled(
      Array.from({ length: 20 }, (_, n) => cast.do(cast.posting(room, alice, `${n}`))),
    )
    for (const one of failed) {
      assert.ok(one.status === 'rejected' && one.reason instanceof Unavailable, code)
      assert.equal(one.reason.full, full)
    }
    await rm(join(folder.path, 'before-commit'))
  }
  assert.equal((await opened.store.history(room, { limit: 9 })).messages.length, 0, 'reading goes on')
  assert.equal((await cast.post(room, alice, 'after')).seq, 3)
})

test('SQLite: when the writing thread dies, what it had is Unavailable, a retry by id is one message, and another thread goes on', async () => {
  await using folder = await temporaryFolder()
  await using opened = await openTemporarySqlite({ failpoints: failpointsIn(folder.path) })
  const cast = new Cast(() => opened.store)
  const alice = await cast.user('alice')
  const room = await cast.room('Tea', [alice])
  for (const at of ['before-commit', 'after-commit-before-reply']) {
    const post = cast.posting(room, alice, at)
    await writeFile(join(folder.path, at), 'die')
    await assert.rejects(cast.do(post), Unavailable)
    await rm(join(folder.path, at))
    const retried = await cast.try(post)
    assert.equal(retried.is, at === 'before-commit' ? 'done' : 'already')
  }
  const { messages } = await opened.store.history(room, { limit: 9 })
  assert.deepEqual(
    messages.map(({ text, seq }) => [text, seq]),
    [
      ['before-commit', 3],
      ['after-commit-before-reply', 4],
    ],
  )
})

test('SQLite: after closing, reading and writing are Unavailable', async () => {
  await using folder = await temporaryFolder()
  const store = await open(folder.path)
  await store[Symbol.asyncDispose]()
  await assert.rejects(store.workspace(), Unavailable)
  await assert.rejects(store.commit({ guards: [], appends: [], rows: [] }), Unavailable)
  await store[Symbol.asyncDispose]()
})

test('SQLite: on a full disk a write is Unavailable and says so, reading goes on, and writing does once there is room', async t => {
  await using folder = await temporaryFolder()
  const disk = join(folder.path, 'disk')
  await mkdir(disk)
  const refusal = mount(disk, '3m')
  if (refusal) {
    t.skip(refusal)
    return
  }
  try {
    const store = await open(join(disk, 'data'))
    try {
      const cast = new Cast(() => store)
      const alice = await cast.user('alice')
      const room = await cast.room('Tea', [alice])
      const kept = await cast.post(room, alice, 'kept')
      await writeFile(join(disk, 'filler'), Buffer.alloc(8_000_000)).catch(() => {})
      const big = Array.from({ length: 200 }, () =>
        cast.at(roomTopic(room), {
          e: 'message.posted',
          by: alice.id,
          id: newId(),
          text: 'x'.repeat(10_000),
        }),
      )
      await assert.rejects(
        cast.do({ appends: big }),
        (error: unknown) => error instanceof Unavailable && error.full,
      )
      assert.equal((await store.message(kept.id))?.message.text, 'kept')
      assert.deepEqual(
        await store.heads([roomTopic(room)]),
        new Map([[roomTopic(room), { start: 1, head: 3 }]]),
      )
      await rm(join(disk, 'filler'))
      assert.equal((await cast.post(room, alice, 'room again')).seq, 4)
    } finally {
      await store[Symbol.asyncDispose]()
    }
  } finally {
    unmount(disk)
  }
})
