// npm run bench reads: what a client starts from and a page of history, read from the SQLite store, with 5,000 people, 500 rooms that the
// reader is in, and 150,000 messages, two thirds of them unread.
import { mkdtemp, rm } from 'node:fs/promises'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import type { MessageId, RoomId, UserId } from '../contract/ids.ts'
import { newId, roomTopic } from '../contract/ids.ts'
import { systemClock } from '../server/adapters/clock.ts'
import { openSqliteStore } from '../server/adapters/store/sqlite/store.ts'
import type { Append } from '../server/core/log/change.ts'
import type { Store } from '../server/core/ports/store.ts'

const users = 5_000
const rooms = 500
const messages = 300
const unread = 200
const at = Date.now()

async function write(store: Store, appends: readonly Append[]): Promise<void> {
  for (let n = 0; n < appends.length; n += 500)
    await store.commit({ guards: [], appends: appends.slice(n, n + 500), rows: [] })
}

/** The reader, and somebody who says everything. */
async function people(store: Store): Promise<[UserId, UserId]> {
  const ids = Array.from({ length: users }, () => newId<UserId>())
  const added = ids.map((id, n): Append => {
    const names = { username: `person${n}`, displayName: `Person ${n}`, firstName: 'Per', lastName: 'Son' }
    const user = {
      id,
      ...names,
      status: '',
      avatar: null,
      role: 'member',
      state: 'active',
      createdAt: at,
    } as const
    return { topic: 'workspace', event: { e: 'user.added', by: id, at, user } }
  })
  await write(store, added)
  return ids as [UserId, UserId]
}

/** A room that the reader is in, with its talk. */
async function place(store: Store, n: number, reader: UserId, by: UserId): Promise<RoomId> {
  const id = newId<RoomId>()
  const topic = roomTopic(id)
  const room = { id, kind: 'public', name: `Room ${n}`, topic: '', archived: false, everyone: false } as const
  const talk = Array.from({ length: messages }, (_, m): Append => {
    const text = `Message ${m}. Shall we meet at noon? The room upstairs is free.`
    return { topic, event: { e: 'message.posted', by, at, id: newId<MessageId>(), text } }
  })
  const head = 2 + messages
  const read = { e: 'read.moved', by: reader, at, room: id, seq: head - unread, head } as const
  await write(store, [
    { topic, event: { e: 'room.changed', by, at, room: { ...room, createdAt: at } }, creates: true },
    { topic, event: { e: 'member.added', by, at, user: reader, role: 'member' } },
    ...talk,
    { topic: `user:${reader}`, event: read },
  ])
  return id
}

async function measure(what: string, times: number, read: (n: number) => Promise<unknown>) {
  const took: string[] = []
  const all: number[] = []
  for (let n = 0; n < times; n++) {
    const begun = performance.now()
    await read(n)
    all.push(performance.now() - begun)
  }
  all.sort((a, b) => a - b)
  for (const part of [0.5, 0.95, 0.99]) took.push((all[Math.floor(times * part)] as number).toFixed(2))
  return { what, 'p50 ms': took[0], 'p95 ms': took[1], 'p99 ms': took[2] }
}

const directory = await mkdtemp(join(tmpdir(), 'confab-bench-'))
try {
  await using store = await openSqliteStore({ directory, clock: systemClock })
  const [reader, by] = await people(store)
  const places: RoomId[] = []
  for (let n = 0; n < rooms; n++) places.push(await place(store, n, reader, by))
  const room = places[rooms / 2] as RoomId
  console.log(`${cpus().length} x ${cpus()[0]?.model}, Node ${process.version}`)
  console.table([
    await measure('bootstrap', 100, () => store.snapshot(reader)),
    await measure('the newest 50 messages', 500, () => store.history(room, { limit: 50 })),
    await measure('50 messages before one', 500, n =>
      store.history(room, { before: 60 + (n % 200), limit: 50 }),
    ),
    await measure('one room', 500, () => store.room(room, reader)),
    await measure('a page of 500 events', 200, () =>
      store.events('workspace', 1_000, { events: 500, bytes: 262_144 }),
    ),
  ])
} finally {
  await rm(directory, { recursive: true, force: true })
}
