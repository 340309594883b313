import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  beforeDates,
  messagesOfThen,
  misdated,
  misdatedThen,
} from '../../../../tests/support/before-dates.ts'
import {
  beforeApart,
  beforeSkeletons,
  rowsOfThen,
  rowsTakenForOne,
  skeletons,
  skeletonsApart,
  skeletonsThen,
} from '../../../../tests/support/before-skeletons.ts'
import { temporaryFolder } from '../../../../tests/support/store-sqlite.ts'
import { CannotOpen } from '../../../core/ports/failures.ts'
import { steps } from '../sql/schema.ts'
import { openToWrite } from './connection.ts'
import { migrate } from './migrate.ts'

const version = (db: ReturnType<typeof openToWrite>) => db.pragma('user_version', { simple: true })
const tables = (db: ReturnType<typeof openToWrite>) =>
  db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").pluck().all()

test('a schema is brought up step by step, and a step that fails or is cut short leaves nothing and is taken again', async () => {
  await using folder = await temporaryFolder()
  const db = openToWrite(folder.path)
  try {
    migrate(db, folder.path, 0)
    const [before, made] = [tables(db), db.prepare('SELECT epoch, salt FROM workspace').get()]
    assert.equal(version(db), steps.length)

    const add = 'CREATE TABLE later (id TEXT PRIMARY KEY) STRICT;'
    const wrong = [
      ...steps,
      { tables: `${add} UPDATE workspace SET name = 'changed'; INSERT INTO nowhere VALUES (1);` },
    ]
    assert.throws(() => migrate(db, folder.path, 0, wrong))
    assert.equal(version(db), steps.length)
    assert.deepEqual(tables(db), before)
    assert.equal(db.prepare('SELECT name FROM workspace').pluck().get(), 'Confab')

    migrate(db, folder.path, 0, [...steps, { tables: add }])
    assert.equal(version(db), steps.length + 1)
    assert.deepEqual(new Set(tables(db)), new Set([...before, 'later']))
    assert.deepEqual(db.prepare('SELECT epoch, salt FROM workspace').get(), made)
    assert.throws(() => migrate(db, folder.path, 0), CannotOpen)
  } finally {
    db.close()
  }
})

test('names that look the same from before they were told apart stay, and new ones are refused', async () => {
  await using folder = await temporaryFolder()
  const db = openToWrite(folder.path)
  try {
    migrate(db, folder.path, 0, beforeSkeletons)
    db.exec(rowsOfThen)
    migrate(db, folder.path, 0)
    assert.deepEqual(db.prepare(skeletons).all(), skeletonsThen)
    assert.throws(() => db.exec("UPDATE users SET skeleton = 'alice' WHERE id = 'u3'"), /UNIQUE/)
    assert.throws(() => db.exec("UPDATE rooms SET kind = 'public' WHERE id = 'r3'"), /UNIQUE/)
  } finally {
    db.close()
  }
})

test('names that were taken for one before and are told apart now each have their look', async () => {
  await using folder = await temporaryFolder()
  const db = openToWrite(folder.path)
  try {
    migrate(db, folder.path, 0, beforeApart)
    db.exec(rowsTakenForOne)
    migrate(db, folder.path, 0)
    assert.deepEqual(db.prepare(skeletons).all(), skeletonsApart)
    assert.throws(() => db.exec("UPDATE users SET skeleton = 'com' WHERE id = 'u3'"), /UNIQUE/)
  } finally {
    db.close()
  }
})

test('messages from before are marked where their id tells another time, and no index holds the others by time', async () => {
  await using folder = await temporaryFolder()
  const db = openToWrite(folder.path)
  try {
    migrate(db, folder.path, 0, beforeDates)
    db.exec(messagesOfThen)
    migrate(db, folder.path, 0)
    assert.deepEqual(db.prepare(misdated).pluck().all(), misdatedThen)
    const names = "SELECT name FROM sqlite_schema WHERE type = 'index' AND name LIKE 'messages%'"
    assert.deepEqual(db.prepare(names).pluck().all(), ['messages_misdated'])
  } finally {
    db.close()
  }
})
