import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { test } from 'node:test'
import { pathToFileURL } from 'node:url'
import Database from 'better-sqlite3'
import type { RoomId } from '../../contract/ids.ts'
import { roomTopic } from '../../contract/ids.ts'
import { systemClock } from '../../server/adapters/clock.ts'
import { databaseFile } from '../../server/adapters/store/sqlite/connection.ts'
import { openSqliteStore } from '../../server/adapters/store/sqlite/sqlite.ts'
import { CannotOpen } from '../../server/core/ports/failures.ts'
import { logOf } from '../support/store-cast.ts'
import { temporaryFolder } from '../support/store-sqlite.ts'

const writer = join(import.meta.dirname, '../support/store-writer.ts')
const failpoints = pathToFileURL(join(import.meta.dirname, '../support/store-failpoints.ts')).href
const kills = 20

/** What was told of each message, over all the processes: its room, and its seq where it was acknowledged. */
type Told = Map<string, { room: RoomId; seq: number | null }>

/** Numbers from a seed (a linear congruential generator), so that a failing run can be run again. */
function numbersFrom(seed: number): (below: number) => number {
  let state = seed
  return below => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31
    return Math.floor((state / 2 ** 31) * below)
  }
}

/** Lets a process write, and kills it after so many acknowledgements, or lets it kill itself at a failpoint then. */
async function writeUntilKilled(folder: string, told: Told, acks: number, at: string | null): Promise<void> {
  const child = spawn(
    process.execPath,
    [writer, join(folder, 'data'), `${failpoints}?folder=${encodeURIComponent(folder)}`],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  const ended = once(child, 'exit')
  let left = acks
  for await (const line of createInterface({ input: child.stdout })) {
    const [word, id = '', room = '', seq] = line.split(' ')
    told.set(id, { room: room as RoomId, seq: word === 'ack' ? Number(seq) : (told.get(id)?.seq ?? null) })
    if (word !== 'ack' || --left !== 0) continue
    if (at === null) child.kill('SIGKILL')
    else await writeFile(join(folder, at), 'kill')
  }
  const [, signal] = await ended
  assert.equal(signal, 'SIGKILL')
  if (at !== null) await rm(join(folder, at))
}

/** Everything acknowledged is there once, at its seq; what was not is there once or not at all; logs are dense; tables and logs agree. */
async function check(directory: string, told: Told): Promise<void> {
  const db = new Database(databaseFile(directory))
  assert.equal(db.pragma('integrity_check', { simple: true }), 'ok')
  assert.deepEqual(db.pragma('foreign_key_check'), [])
  const sparse = db.prepare(
    'SELECT topic FROM logs WHERE head <> (SELECT count(*) FROM events WHERE log = logs.id)',
  )
  assert.deepEqual(sparse.all(), [])
  db.close()
  await using store = await openSqliteStore({ directory, clock: systemClock })
  const rooms = new Set([...told.values()].map(({ room }) => room))
  const seen = new Map<string, number>()
  for (const room of rooms) {
    const events = await logOf(store, roomTopic(room))
    for (const [n, event] of events.entries()) {
      if (event.e !== 'message.posted') continue
      assert.ok(!seen.has(event.id), `${event.id} is there twice`)
      assert.equal(told.get(event.id)?.room, room, 'nobody wrote this')
      seen.set(event.id, n + 1)
    }
  }
  for (const [id, { seq }] of told) {
    if (seq !== null) assert.equal(seen.get(id), seq, `${id} was acknowledged at ${seq}`)
    const message = await store.message(id as never)
    assert.equal(message?.message.seq ?? null, seen.get(id) ?? null)
  }
}

test('[L1] [L2] [L3] [L5] after each of twenty kill -9 while eight write, nothing acknowledged is missing, doubled or out of order', {
  timeout: 200_000,
}, async t => {
  const seed = Math.floor(Math.random() * 2 ** 31)
  t.diagnostic(`seed ${seed}`)
  const number = numbersFrom(seed)
  await using folder = await temporaryFolder()
  const told: Told = new Map()
  const where = [null, null, 'before-commit', 'after-commit-before-reply'] as const
  for (let kill = 0; kill < kills; kill++) {
    await writeUntilKilled(folder.path, told, 1 + number(120), where[kill % where.length] ?? null)
    if (kill % 5 === 4) await check(join(folder.path, 'data'), told)
  }
  assert.ok([...told.values()].filter(({ seq }) => seq !== null).length >= kills)
})

test('a directory that a living process has is refused, and free as soon as that is killed', {
  timeout: 60_000,
}, async () => {
  await using folder = await temporaryFolder()
  const directory = join(folder.path, 'data')
  const child = spawn(process.execPath, [writer, directory], { stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = once(child, 'exit')
  child.stdout.resume()
  await once(child.stdout, 'data')
  await assert.rejects(openSqliteStore({ directory, clock: systemClock }), CannotOpen)
  child.kill('SIGKILL')
  await ended
  await using store = await openSqliteStore({ directory, clock: systemClock })
  assert.ok(await store.userNamed('alice'))
})
