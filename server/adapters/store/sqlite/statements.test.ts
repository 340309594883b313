import assert from 'node:assert/strict'
import { test } from 'node:test'
import Database from 'better-sqlite3'
import type { Reading } from '../sql/reading.ts'
import { all } from '../sql/reading.ts'
import { readerOn } from './reader.ts'
import { prepare } from './statements.ts'

/** Of many tables, so that to compile it costs a hundred times as much as to run it. */
const tables = Array.from({ length: 12 }, (_, n) => `t${n}`)
const joins = tables.slice(1).map(table => `JOIN ${table} ON ${table}.id = t0.id`)
const query = (value: string, limit: string) =>
  `SELECT t0.id FROM t0 ${joins.join(' ')} WHERE t0.id = ${value} LIMIT ${limit}`

function opened() {
  const db = new Database(':memory:')
  db.exec(tables.map(table => `CREATE TABLE ${table} (id TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;`).join(''))
  return { db, [Symbol.dispose]: () => void db.close() }
}

/** Processor time of doing it so many times, us: the least of several rounds, since whatever else the machine does only adds to it. */
function cpuOf(work: (n: number) => void): number {
  let n = 0
  const rounds = Array.from({ length: 15 }, () => {
    const before = process.cpuUsage()
    for (let times = 0; times < 40; times++) work(n++)
    const { user, system } = process.cpuUsage(before)
    return user + system
  })
  return Math.min(...rounds)
}

test('a statement is compiled once, whatever values it is given: a write', () => {
  using parts = opened()
  const { db } = parts
  const statement = prepare<{ id: string }>(db, query('@id', '#many'))
  const run = cpuOf(n => void statement.get({ id: `a${n}`, many: 1 + (n % 5) }))
  const compiled = cpuOf(() => void prepare(db, query('@id', '#many')))
  assert.ok(run < compiled / 4, `${run} us against ${compiled} us`)
})

test('a statement is compiled once, whatever values it is given: a read', () => {
  using parts = opened()
  const { db } = parts
  const sql = query('?', '?')
  const read = readerOn(db)
  const reading = (n: number): Reading<unknown[]> => all(sql, `a${n}`, 1 + (n % 5))
  const run = cpuOf(n => void read(reading(n), false))
  const compiled = cpuOf(() => void db.prepare(sql))
  assert.ok(run < compiled / 4, `${run} us against ${compiled} us`)
})
