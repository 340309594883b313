// npm run bench move [messages]: rows a second that a workspace is moved at, to PostgreSQL and back, backed up and restored; and how long a
// send takes on SQLite while a backup is made beside it.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { MessageId, RoomId, UserId } from '../contract/ids.ts'
import { newId, roomTopic } from '../contract/ids.ts'
import { systemClock } from '../server/adapters/clock.ts'
import type { CopyWatcher } from '../server/adapters/store/copy/copy.ts'
import { openSqliteStore } from '../server/adapters/store/sqlite/store.ts'
import { seed } from '../server/cli/seed.ts'
import { backUp } from '../server/copies/backup.ts'
import { move } from '../server/copies/move.ts'
import type { Place } from '../server/copies/places.ts'
import { restore } from '../server/copies/restore.ts'
import type { Store } from '../server/core/ports/store.ts'
import { temporaryDatabase } from '../tests/support/postgres-database.ts'
import { keep } from './load/results.ts'

const messages = Number(process.argv[2] ?? 200_000)
const senders = 10
const quietMs = 10_000

interface Timed {
  readonly what: string
  readonly rows: number
  readonly seconds: number
  readonly 'rows/s': number
  readonly 'copying s': number
  readonly 'comparing s': number
}

/** Times what copies, apart for writing and for reading back. */
async function timed(what: string, work: (watch: CopyWatcher) => Promise<unknown>): Promise<Timed> {
  const begun = performance.now()
  let [comparing, rows] = [0, 0]
  await work({
    begins: doing => {
      if (doing === 'comparing') comparing ||= performance.now()
    },
    goesOn() {},
    ends(tally) {
      rows += tally.rows
    },
  })
  const ended = performance.now()
  const seconds = (from: number, to: number) => Number(((to - from) / 1_000).toFixed(2))
  return {
    what,
    rows,
    seconds: seconds(begun, ended),
    'rows/s': Math.round(rows / ((ended - begun) / 1_000)),
    'copying s': seconds(begun, comparing),
    'comparing s': seconds(comparing, ended),
  }
}

/** Sends one after the other by each sender, until `until`; answers how long each took, sorted. */
async function sends(store: Store, until: Promise<unknown>): Promise<number[]> {
  const { users } = await store.users({ after: null, limit: senders })
  const [room] = await store.roomsForEveryone()
  let going = true
  void until.then(() => {
    going = false
  })
  const took: number[] = []
  const sending = async (author: UserId) => {
    while (going) {
      const at = performance.now()
      const event = {
        e: 'message.posted',
        by: author,
        at: Date.now(),
        id: newId<MessageId>(),
        text: 'hello',
      } as const
      await store.commit({ guards: [], appends: [{ topic: roomTopic(room as RoomId), event }], rows: [] })
      took.push(performance.now() - at)
    }
  }
  await Promise.all(users.map(({ id }) => sending(id)))
  return took.sort((a, b) => a - b)
}

async function besideBackup(data: string, to: string): Promise<object[]> {
  await using store = await openSqliteStore({ directory: data, clock: systemClock, scrubAfterMs: 1_000 })
  const told = (when: string, took: number[]) => {
    const at = (share: number) => Number((took[Math.floor(took.length * share)] ?? 0).toFixed(2))
    return { when, sends: took.length, 'p50 ms': at(0.5), 'p99 ms': at(0.99), 'most ms': at(0.999999) }
  }
  const quiet = await sends(store, new Promise(resolve => setTimeout(resolve, quietMs)))
  const main = join(import.meta.dirname, '..', 'server', 'main.ts')
  // Something is removed, so that scrubbing is due and tries while the backup reads.
  const { rooms } = await store.rooms(
    (await store.users({ after: null, limit: 1 })).users[0]?.id as UserId,
    'all',
  )
  const erased = rooms.find(({ everyone }) => !everyone)?.id as RoomId
  await store.commit({ guards: [], appends: [], rows: [{ row: 'room erased', room: erased }] })
  const child = spawn(process.execPath, [main, 'backup', '--to', to, '--data', data], { stdio: 'ignore' })
  const busy = await sends(store, once(child, 'exit'))
  if (child.exitCode !== 0) throw new Error(`The backup ended with ${child.exitCode}.`)
  return [told('nothing beside', quiet), told('a backup beside', busy)]
}

const folder = await mkdtemp(join(tmpdir(), 'confab-bench-'))
try {
  const at = (name: string): Place & { is: 'sqlite' } => ({ is: 'sqlite', data: join(folder, name) })
  const given = { users: 1_000, rooms: 50, messages, tokens: join(folder, 'tokens'), data: at('data').data }
  await seed(Object.entries(given).flatMap(([flag, value]) => [`--${flag}`, String(value)]))
  await using database = await temporaryDatabase()
  const there: Place = { is: 'postgres', url: database.url, data: at('data').data }
  const runs = [
    await timed('SQLite to PostgreSQL', watch => move(at('data'), there, Date.now(), watch)),
    await timed('PostgreSQL to SQLite', watch => move(there, at('back'), Date.now(), watch)),
  ]
  let backup = ''
  const to = join(folder, 'backups')
  runs.push(
    await timed('backup of SQLite', async watch => {
      backup = (await backUp(at('back'), { to, keep: null, now: Date.now, watch })).folder
    }),
    await timed('restore to SQLite', watch =>
      restore(backup, { to: at('restored'), replace: false, now: Date.now(), watch }),
    ),
  )
  console.table(runs)
  const beside = await besideBackup(at('restored').data, to)
  console.table(beside)
  keep('move', { messages, runs, beside })
} finally {
  await rm(folder, { recursive: true, force: true })
}
