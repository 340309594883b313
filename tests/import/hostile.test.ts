import assert from 'node:assert/strict'
import { hash } from 'node:crypto'
import { copyFileSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import Database from 'better-sqlite3'
import { importDjango } from '../../server/cli/import/django/command.ts'
import { TestServer } from '../support/app.ts'
import { bring, dataOf, isUntouched, storeOf } from './bring.ts'
import { ChatApp } from './chatapp.ts'

function smallChat(): ChatApp {
  const chat = new ChatApp()
  chat.user({ username: 'alice', is_superuser: 1 })
  chat.room('Lobby', 'lobby')
  chat.db.exec('BEGIN')
  for (let n = 0; n < 400; n++) chat.message({ message_content: `message ${n} `.repeat(20) })
  chat.db.exec('COMMIT')
  return chat
}

/** The import is refused with one sentence that holds this, and has changed nothing, neither here nor there. */
async function refused(chat: ChatApp, why: RegExp, file = chat.database): Promise<void> {
  const before = filesIn(chat)
  const { code, problem, report } = await bring(chat, '--database', file)
  assert.equal(code, 1, report)
  assert.match(problem, why)
  assert.equal(problem.split('\n').length, 1)
  assert.ok(isUntouched(chat), 'the data directory was not made')
  assert.deepEqual(filesIn(chat), before, 'the source is as it was')
}

/** Every file of the ChatApp, with a hash of what is in it. */
const filesIn = (chat: ChatApp) =>
  readdirSync(chat.folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name))
    .sort()
    .map(file => [file, hash('sha256', readFileSync(file))])

test('a file that is missing, empty, a folder or no database is refused with a sentence', async () => {
  using chat = smallChat()
  await refused(chat, /^There is no file .*nothing\.sqlite3\.$/, join(chat.folder, 'nothing.sqlite3'))
  await refused(chat, /media is not a file\.$/, chat.media)
  const file = join(chat.folder, 'x.sqlite3')
  writeFileSync(file, '')
  await refused(chat, /^x\.sqlite3 is empty\.$/, file)
  writeFileSync(file, 'Hello, I am a text. '.repeat(1_000))
  await refused(chat, /^x\.sqlite3 is not an SQLite database\.$/, file)
  writeFileSync(file, 'SQLite format 3\0')
  await refused(chat, /^x\.sqlite3 is cut short/, file)
  new Database(join(chat.folder, 'other.sqlite3')).exec('CREATE TABLE notes (id integer PRIMARY KEY)').close()
  await refused(
    chat,
    /other\.sqlite3 is not the database of a Django ChatApp: it has no table auth_user\.$/,
    join(chat.folder, 'other.sqlite3'),
  )
})

test('a file that is cut short at any length is refused', async () => {
  using chat = smallChat()
  const whole = readFileSync(chat.database).length
  const file = join(chat.folder, 'cut.sqlite3')
  for (const length of [50, 100, 4_096, whole >> 1, whole - 4_096, whole - 1]) {
    copyFileSync(chat.database, file)
    truncateSync(file, length)
    await refused(chat, /^cut\.sqlite3 is (cut short|empty|not an SQLite database)/, file)
  }
})

test('a file with damaged pages is refused before anything is written', async () => {
  using chat = smallChat()
  const whole = readFileSync(chat.database)
  const file = join(chat.folder, 'bad.sqlite3')
  const bad = Buffer.from(whole)
  for (let at = 4_096 * 8; at < bad.length; at += 4_096) bad.fill(0xaa, at, at + 200)
  writeFileSync(file, bad)
  await refused(chat, /^bad\.sqlite3 is damaged/, file)
  const schema = Buffer.from(whole)
  schema.fill(0xff, 100, 140)
  writeFileSync(file, schema)
  await refused(chat, /^bad\.sqlite3 (is damaged|cannot be read|is not the database)/, file)
})

test('a message whose pages are damaged is found before anything is written', async () => {
  using chat = new ChatApp({
    instead: {
      chat_message:
        '"id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "username" varchar(50), "room" varchar(50), "date_added" datetime, "profile_pic" varchar(100), "message_content" text',
    },
  })
  const text = Array.from({ length: 3_000 }, (_, n) => `word${n}`).join(' ')
  chat.message({ message_content: text })
  const bytes = readFileSync(chat.database)
  // An overflow page is the number of the next one and then the text: the second page of the message leads nowhere.
  const overflow = Array.from({ length: bytes.length / 4_096 }, (_, page) => page * 4_096).filter(at =>
    /^\S* ?word\d+ word\d+ /.test(bytes.toString('latin1', at + 4, at + 60)),
  )
  assert.ok(overflow.length > 3)
  bytes.writeUInt32BE(0xffffff, overflow[1] ?? 0)
  const file = join(chat.folder, 'bad.sqlite3')
  writeFileSync(file, bytes)
  await refused(chat, /^bad\.sqlite3 is damaged/, file)
})

test('a database that the ChatApp is writing in is refused, and left to it', async () => {
  using chat = smallChat()
  chat.db.exec('BEGIN EXCLUSIVE')
  await refused(chat, /^db\.sqlite3 is in use\. Stop the ChatApp, then try again\.$/)
  chat.db.exec('ROLLBACK')
  assert.equal((await bring(chat)).code, 0)
})

test('a database that was left in the middle of a change is refused', async () => {
  using chat = smallChat()
  const crashed = join(chat.folder, 'crashed.sqlite3')
  chat.db.pragma('cache_size = 2')
  chat.db.exec('BEGIN; UPDATE chat_message SET message_content = message_content || 1')
  copyFileSync(chat.database, crashed)
  copyFileSync(`${chat.database}-journal`, `${crashed}-journal`)
  chat.db.exec('ROLLBACK')
  await refused(chat, /^A change of crashed\.sqlite3 is not finished/, crashed)
})

test('a database in WAL mode is read with what stands in its WAL, and no file appears beside it', async () => {
  using chat = smallChat()
  chat.db.pragma('journal_mode = WAL')
  chat.db.pragma('wal_autocheckpoint = 0')
  chat.message({ message_content: 'only in the WAL' })
  const left = join(chat.folder, 'left.sqlite3')
  copyFileSync(chat.database, left)
  copyFileSync(`${chat.database}-wal`, `${left}-wal`)
  const before = filesIn(chat)
  const { code, report } = await bring(chat, '--database', left, '--dry-run')
  assert.equal(code, 0)
  assert.match(report, /messages +401/)
  rmSync(`${left}-wal`)
  const without = await bring(chat, '--database', left, '--dry-run')
  assert.match(without.report, /messages +400/)
  assert.deepEqual(
    filesIn(chat),
    before.filter(([name]) => name !== `${left}-wal`),
  )
})

test('views, virtual tables, triggers and computed columns in the place of the tables are refused', async () => {
  const replaced: readonly (readonly [string, RegExp])[] = [
    [
      'ALTER TABLE auth_user RENAME TO u; CREATE VIEW auth_user AS SELECT * FROM u',
      /auth_user in db\.sqlite3 is not an ordinary table/,
    ],
    [
      'DROP TABLE chat_message; CREATE VIRTUAL TABLE chat_message USING fts5(id, username, room, message_content, date_added)',
      /chat_message in db\.sqlite3 is not an ordinary table/,
    ],
    [
      'CREATE TRIGGER t AFTER INSERT ON chat_message BEGIN DELETE FROM auth_user; END',
      /chat_message in db\.sqlite3 has triggers/,
    ],
    [
      'ALTER TABLE chat_room ADD COLUMN loud text GENERATED ALWAYS AS (upper(name)) VIRTUAL',
      /chat_room in db\.sqlite3 computes columns/,
    ],
    [
      'DROP TABLE chat_room; CREATE TABLE chat_room (id integer PRIMARY KEY, name text, slug text) WITHOUT ROWID',
      /chat_room in db\.sqlite3 is not an ordinary table/,
    ],
    [
      'DROP TABLE chat_room; CREATE TABLE chat_room (id text PRIMARY KEY, name text, slug text)',
      /chat_room in db\.sqlite3 is not keyed by a number named id/,
    ],
    [
      'ALTER TABLE chat_message DROP COLUMN date_added',
      /chat_message in db\.sqlite3 has no column date_added\./,
    ],
    ['DROP TABLE chat_message', /it has no table chat_message\./],
    [
      "INSERT INTO chat_room (id, name, slug) VALUES (9223372036854775807, 'x', 'x')",
      /chat_room in db\.sqlite3 has ids that Django never gives/,
    ],
  ]
  for (const [sql, why] of replaced) {
    using chat = smallChat()
    chat.db.exec(sql)
    await refused(chat, why)
  }
})

test('a database in UTF-16, and one with nobody and nothing in it, are refused', async () => {
  using chat = smallChat()
  const file = join(chat.folder, 'utf16.sqlite3')
  const db = new Database(file)
  db.pragma("encoding = 'UTF-16le'")
  db.exec('CREATE TABLE auth_user (id integer PRIMARY KEY)').close()
  await refused(chat, /^utf16\.sqlite3 keeps its text in UTF-16/, file)
  using empty = new ChatApp()
  await refused(empty, /neither users nor messages: there is nothing to import\.$/)
})

test('conditions that the sender wrote into the tables are not evaluated', async () => {
  using chat = new ChatApp({
    instead: {
      chat_room:
        '"id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "name" varchar(50), "slug" varchar(50), CHECK (length(hex(zeroblob(400000000))) < 5)',
    },
  })
  chat.user({ username: 'alice' })
  chat.db.pragma('ignore_check_constraints = ON')
  chat.room('Lobby', 'lobby')
  assert.equal((await bring(chat)).code, 0)
})

test('while a server runs on the data directory, the import is refused', async () => {
  using chat = smallChat()
  await using server = await TestServer.bare({ data: dataOf(chat) })
  const { code, problem } = await bring(chat)
  assert.equal(code, 1)
  assert.match(problem, /Another Confab is running on the data directory/)
  assert.ok(server.app.core.setUpPending())
})

test('the store that an import leaves has no damage', async () => {
  using chat = smallChat()
  await bring(chat)
  await using store = await storeOf(chat)
  assert.equal((await store.workspace()).setUp, false)
  const db = new Database(join(dataOf(chat), 'confab.db'), { readonly: true })
  assert.equal(db.pragma('integrity_check', { simple: true }), 'ok')
  assert.deepEqual(db.pragma('foreign_key_check'), [])
  db.close()
})

test('a call that is wrong is told how it is made', async () => {
  for (const args of [
    [],
    ['django'],
    ['slack', '--database', 'x'],
    ['django', '--database', 'x', '--what'],
    ['django', 'x', '--database', 'x'],
  ]) {
    const told: string[] = []
    const say = { log: (line: string) => told.push(line), error: (line: string) => told.push(line) }
    assert.equal(await importDjango(args, say), 2)
    assert.match(told.join('\n'), /import django --database <db\.sqlite3>/)
  }
})
