// npm run bench append: acknowledged durable sends a second through the SQLite store, by a thread that waits for the disk and by the event
// loop itself, from 50 senders and from one; how long a send takes, and how long the event loop is kept from its work.
import { openSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { Event } from '../contract/events.ts'
import { encodeEvent } from '../contract/events.ts'
import type { MessageId, RoomId, UserId } from '../contract/ids.ts'
import { newId, roomTopic } from '../contract/ids.ts'
import { systemClock } from '../server/adapters/clock.ts'
import type { BatchExecutor, BatchListener } from '../server/adapters/store/sql/group-commit.ts'
import { GroupCommit } from '../server/adapters/store/sql/group-commit.ts'
import type { Job, JobAnswer } from '../server/adapters/store/sql/jobs.ts'
import { batchesOf } from '../server/adapters/store/sqlite/batch.ts'
import { databaseFile, openToWrite } from '../server/adapters/store/sqlite/connection.ts'
import { inPlace } from '../server/adapters/store/sqlite/running.ts'
import { openSqliteStore } from '../server/adapters/store/sqlite/store.ts'
import { threadOn } from '../server/adapters/store/sqlite/writer-thread.ts'
import type { Append, Change } from '../server/core/log/change.ts'

const rooms = 20
const sends = 20_000

const nothingToScrub = { removed: () => {}, flush: () => {}, step: () => false, isDue: false }

/** The event loop does the batches itself, at the end of the turn in which the first job came. */
const inTheLoop =
  (directory: string) =>
  (told: BatchListener<JobAnswer>): BatchExecutor<Job> => {
    const db = openToWrite(directory)
    const batch = batchesOf(db, nothingToScrub, () => {})
    return {
      give: jobs => void setImmediate(() => told.done(batch(jobs))),
      end: () => {
        db.close()
        told.ended(null)
      },
    }
  }

const withThread = (directory: string) => {
  const file = openSync(databaseFile(directory), 'r+')
  const files = inPlace(directory)
  return threadOn({ directory, file, scrubAfterMs: 60_000, failpoints: undefined, files })
}

const hands = { thread: withThread, loop: inTheLoop }

interface Place {
  users: UserId[]
  rooms: RoomId[]
}

/** Fifty people, everybody in every room. */
async function furnish(directory: string): Promise<Place> {
  await using store = await openSqliteStore({ directory, clock: systemClock })
  const at = Date.now()
  const place = {
    users: Array.from({ length: 50 }, () => newId<UserId>()),
    rooms: Array.from({ length: rooms }, () => newId<RoomId>()),
  }
  const by = place.users[0] as UserId
  const people = place.users.map((id, n): Append => {
    const name = `sender${n}`
    const names = { username: name, displayName: name, firstName: '', lastName: '', status: '' }
    const user = { id, ...names, avatar: null, role: 'member', state: 'active', createdAt: at } as const
    return { topic: 'workspace', event: { e: 'user.added', by, at, user } }
  })
  const made = place.rooms.flatMap((id, n): Append[] => {
    const room = {
      id,
      kind: 'public',
      name: `Room ${n}`,
      topic: '',
      archived: false,
      everyone: false,
    } as const
    const topic = roomTopic(id)
    const members = place.users.map(
      (user): Append => ({ topic, event: { e: 'member.added', by, at, user, role: 'member' } }),
    )
    return [
      { topic, event: { e: 'room.changed', by, at, room: { ...room, createdAt: at } }, creates: true },
      ...members,
    ]
  })
  await store.commit({ guards: [], appends: [...people, ...made], rows: [] })
  return place
}

function post(author: UserId, room: RoomId): Change {
  const id = newId<MessageId>()
  const text = 'Shall we meet at noon? The room upstairs is free, and there is soup.'
  const event: Event = { e: 'message.posted', by: author, at: Date.now(), id, text }
  return {
    idempotencyKey: { of: 'message', id, author, fingerprint: 'b'.repeat(43) },
    guards: [
      { if: 'user', user: author, state: 'active', refuse: 'signed_out' },
      { if: 'member', room, user: author, refuse: 'not_found' },
      { if: 'room', room, archived: false, refuse: 'archived' },
      { if: 'all here', room, but: [], refuse: 'changed' },
    ],
    appends: [{ topic: roomTopic(room), event }],
    rows: [],
  }
}

/**
 * Each sender waits for its answer before it sends again; answers how long each send took. `warm` is told when the thread has begun and everything
 * was compiled: what that costs is no part of a send.
 */
async function sendAll(
  writer: GroupCommit<Job, JobAnswer>,
  place: Place,
  senders: number,
  warm: () => void,
): Promise<number[]> {
  const send = async (n: number) => {
    const author = place.users[n % place.users.length] as UserId
    const change = post(author, place.rooms[n % rooms] as RoomId)
    const appends = change.appends.map(({ topic, event }) => ({ topic, body: encodeEvent(event) }))
    const done = await writer.do({ do: 'commit', change: { ...change, appends } })
    if (!done || typeof done !== 'object' || !('is' in done) || done.is !== 'done')
      throw new Error(`A send was ${JSON.stringify(done)}.`)
  }
  for (let n = 0; n < 2_000; n++) await send(n)
  warm()
  const mine = Math.ceil(sends / (senders === 1 ? 10 : senders))
  const took: number[] = []
  const sending = async (_: unknown, sender: number) => {
    for (let n = 0; n < mine; n++) {
      const at = performance.now()
      await send(sender)
      took.push(performance.now() - at)
      // Sends come in from sockets, a turn of the loop each.
      await new Promise(setImmediate)
    }
  }
  await Promise.all(Array.from({ length: senders }, sending))
  return took
}

async function measure(hand: keyof typeof hands, senders: number): Promise<Record<string, string | number>> {
  const directory = await mkdtemp(join(tmpdir(), 'confab-bench-'))
  try {
    const place = await furnish(directory)
    const writer = new GroupCommit(hands[hand](directory))
    const delay = monitorEventLoopDelay({ resolution: 1 })
    delay.enable()
    let begun = { at: performance.now(), cpu: process.cpuUsage() }
    const took = await sendAll(writer, place, senders, () => {
      begun = { at: performance.now(), cpu: process.cpuUsage() }
    })
    const seconds = (performance.now() - begun.at) / 1_000
    const { user, system } = process.cpuUsage(begun.cpu)
    delay.disable()
    await writer.close()
    took.sort((a, b) => a - b)
    return {
      hand,
      senders,
      'sends/s': Math.round(took.length / seconds),
      'p50 ms': (took[Math.floor(took.length / 2)] ?? 0).toFixed(2),
      'p99 ms': (took[Math.floor(took.length * 0.99)] ?? 0).toFixed(2),
      'loop p99 ms': (delay.percentile(99) / 1e6).toFixed(2),
      'CPU us a send': Math.round((user + system) / took.length),
    }
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}

console.log(`${cpus().length} x ${cpus()[0]?.model}, Node ${process.version}`)
const rows: Record<string, string | number>[] = []
for (const senders of [50, 1])
  for (const hand of ['thread', 'loop'] as const) rows.push(await measure(hand, senders))
console.table(rows)
