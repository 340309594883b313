import assert from 'node:assert/strict'
import type { ChildProcess } from 'node:child_process'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { test } from 'node:test'
import pg from 'pg'
import type { MessageId } from '../../contract/ids.ts'
import { newId, roomTopic } from '../../contract/ids.ts'
import { systemClock } from '../../server/adapters/clock.ts'
import { openDiskFiles } from '../../server/adapters/files/disk.ts'
import { databaseProblem } from '../../server/adapters/store/postgres/problems.ts'
import { openSqliteStore } from '../../server/adapters/store/sqlite/store.ts'
import type { Place } from '../../server/copies/places.ts'
import { CannotOpen } from '../../server/core/ports/failures.ts'
import { fill, postgresAt, readingsOf, sqliteAt, talliesAt } from '../support/copies.ts'
import { temporaryDatabase } from '../support/postgres-database.ts'
import { randomFrom } from '../support/random.ts'
import { Cast } from '../support/store-cast.ts'
import { temporaryFolder } from '../support/store-sqlite.ts'

const main = join(import.meta.dirname, '..', '..', 'server', 'main.ts')
const kills = 12

/** A data directory with something in every table and much in those of messages. */
async function furnished(data: string): Promise<unknown> {
  await using store = await openSqliteStore({ directory: data, clock: systemClock })
  await fill(store, await openDiskFiles(join(data, 'files')))
  const cast = new Cast(() => store)
  const dave = await cast.user('dave')
  const room = await cast.room('Long', [dave])
  for (let n = 0; n < 40; n++)
    await cast.do({
      appends: Array.from({ length: 500 }, (_, m) => {
        const event = {
          e: 'message.posted',
          by: dave.id,
          id: newId<MessageId>(),
          text: `${n}.${m} ${'x'.repeat(m)}`,
        }
        return cast.at(roomTopic(room), event as { e: 'message.posted'; by: typeof dave.id })
      }),
    })
  return await readingsOf(store)
}

const word = (place: Place) => (place.is === 'postgres' ? place.url : place.data)

function moving(from: Place, to: Place): ChildProcess {
  const args = ['move', '--from', word(from), '--to', word(to), '--data', from.data]
  return spawn(process.execPath, [main, ...args], { stdio: ['ignore', 'ignore', 'pipe'] })
}

/** Whether a server would open the place. */
async function opens(place: Place): Promise<boolean> {
  try {
    if (place.is === 'sqlite') {
      await using store = await openSqliteStore({ directory: place.data, clock: systemClock })
      return (await store.workspace()).setUp
    }
    const client = new pg.Client({ connectionString: place.url })
    await client.connect()
    try {
      if (await databaseProblem(client)) return false
      const { rows } = await client.query("SELECT to_regclass('workspace') IS NOT NULL AS is")
      if (!rows[0].is) return false
      return (await client.query('SELECT set_up FROM workspace')).rows[0]?.set_up === '1'
    } finally {
      await client.end()
    }
  } catch (error) {
    if (error instanceof CannotOpen) return false
    throw error
  }
}

/** Moves, and is killed at random instants, until it is through; then both ends are compared. */
async function moveThroughKills(from: Place, to: Place, random: () => number): Promise<number> {
  const before = await talliesAt(from)
  let killed = 0
  for (;;) {
    const child = moving(from, to)
    const errors = text(child.stderr as NodeJS.ReadableStream)
    const ended = once(child, 'exit')
    const timer =
      killed < kills
        ? setTimeout(() => child.kill('SIGKILL'), killed === 0 ? 300 : 250 + random() * 500)
        : undefined
    const [code, signal] = await ended
    clearTimeout(timer)
    if (signal === null) {
      assert.deepEqual([code, await errors], [0, ''])
      break
    }
    killed++
    const open = [await opens(from), await opens(to)]
    assert.ok(!(open[0] && open[1]), 'both ends are open at once')
  }
  assert.ok(killed > 0, 'it was through before it was killed')
  assert.deepEqual(await talliesAt(to), before)
  assert.deepEqual([await opens(from), await opens(to)], [false, true])
  return killed
}

test('a move that is killed again and again gets through, and both ends hold the same, whichever way it goes', {
  timeout: 240_000,
}, async t => {
  const seed = Math.floor(Math.random() * 2 ** 31)
  const random = randomFrom(seed)
  await using folder = await temporaryFolder()
  await using database = await temporaryDatabase()
  const [data, back] = [join(folder.path, 'data'), join(folder.path, 'back')]
  const readings = await furnished(data)
  const there = postgresAt(database.url, data)
  const out = await moveThroughKills(sqliteAt(data), there, random)
  const home = await moveThroughKills(there, sqliteAt(back), random)
  t.diagnostic(`seed ${seed}, ${out} and ${home} kills`)
  await using store = await openSqliteStore({ directory: back, clock: systemClock })
  assert.deepEqual(await readingsOf(store), readings)
})
