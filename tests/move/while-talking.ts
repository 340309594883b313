import assert from 'node:assert/strict'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import type { RoomId } from '../../contract/ids.ts'
import { newId } from '../../contract/ids.ts'
import { limits } from '../../contract/limits.ts'
import { systemClock } from '../../server/adapters/clock.ts'
import { openSqliteStore } from '../../server/adapters/store/sqlite/store.ts'
import { restore } from '../../server/copies/restore.ts'
import type { Store } from '../../server/core/ports/store.ts'
import { sqliteAt, unwatched } from '../support/copies.ts'
import type { History, Read } from '../support/history-checker.ts'
import { check } from '../support/history-checker.ts'
import { Crowd } from '../support/nodes.ts'
import { temporaryDatabase } from '../support/postgres-database.ts'
import { TestProcess } from '../support/process.ts'
import { ServerProcess } from '../support/server-process.ts'
import { assertSound } from '../support/sound.ts'
import { temporaryFolder } from '../support/store-sqlite.ts'

/** The command, in a process of its own; answers the folder that it names. */
export async function backed({ data, url }: { data: string; url?: string }, to: string): Promise<string> {
  const variables = url === undefined ? {} : { CONFAB_DATABASE_URL: url }
  await using command = await TestProcess.run(['backup', '--to', to], {
    directory: data,
    keep: true,
    variables,
  })
  assert.deepEqual([await command.ended(), command.err], [0, ''])
  return /^(.*) holds .* read back and the same\.$/m.exec(command.out)?.[1] ?? ''
}

interface Plan {
  readonly on: 'sqlite' | 'postgres'
  readonly backups: number
  /** From the beginning of one to that of the next, unless it takes longer. */
  readonly everyMs: number
}

/** What was made, and the ids of all that had been acknowledged before it began. */
interface Made {
  readonly folder: string
  readonly before: ReadonlySet<string>
}

/** People talk on a server while backups are made of it, and each of those, restored, is held against what they know. */
export async function backUpWhileTalking(t: TestContext, { on, backups, everyMs }: Plan): Promise<void> {
  await using folder = await temporaryFolder()
  await using cleaning = new AsyncDisposableStack()
  const data = join(folder.path, 'data')
  const url = on === 'postgres' ? cleaning.use(await temporaryDatabase()).url : undefined
  const server = cleaning.use(await ServerProcess.on(data, url ? ['--database-url', url] : []))
  using crowd = await Crowd.gather({ servers: [server] }, 4, backups)
  await fill(crowd)
  const made: Made[] = []
  const during: number[] = []
  for (let n = 0; n < backups; n++) {
    const next = performance.now() + everyMs
    const before = new Set(acknowledgedOf(crowd.sends))
    made.push({ folder: await backed({ data, ...(url && { url }) }, join(folder.path, 'backups')), before })
    during.push(acknowledgedOf(crowd.sends).length - before.size)
    await new Promise(resolve => setTimeout(resolve, next - performance.now()))
  }
  const history = await crowd.history()
  t.diagnostic(`sends during each backup: ${during.join(', ')}; the slowest took ${crowd.longestMs | 0} ms`)
  assert.deepEqual(check(history), [])
  assert.ok(during.every(sends => sends > 0))
  assert.ok(crowd.longestMs < 3 * limits.slowMs, `somebody waited for ${crowd.longestMs} ms`)
  for (const [n, one] of made.entries())
    await assertPrefix(one, join(folder.path, `back-${n}`), history, crowd)
}

const acknowledgedOf = (sends: History['sends']): string[] =>
  sends.filter(({ outcome }) => outcome.is === 'acknowledged').map(({ id }) => id)

/** Something for a backup to take its time with. */
async function fill({ owner }: Crowd): Promise<void> {
  const room = await owner.room('filled')
  for (let n = 0; n < 20; n++)
    await Promise.all(
      Array.from({ length: 20 }, () =>
        owner.call('messages.post', { id: newId(), room, text: 'x'.repeat(4_000) }),
      ),
    )
}

/** What a backup brings back is what everybody reads in the end, up to some message of each room, and nothing acknowledged before is after it. */
async function assertPrefix(
  { folder, before }: Made,
  back: string,
  history: History,
  { rooms }: Crowd,
): Promise<void> {
  await restore(folder, { to: sqliteAt(back), replace: false, now: Date.now(), watch: unwatched })
  await assertSound(back)
  await using store = await openSqliteStore({ directory: back, clock: systemClock })
  const reads = await Promise.all(rooms.map(room => readOf(store, room)))
  for (const { room, messages } of reads) {
    const last = messages.at(-1)?.seq ?? 0
    const whole = history.reads.find(read => read.room === room)?.messages ?? []
    assert.deepEqual(
      messages,
      whole.filter(({ seq }) => seq <= last),
    )
  }
  const sends = history.sends.map(send =>
    before.has(send.id) ? send : { ...send, outcome: { is: 'unknown' as const } },
  )
  assert.deepEqual(check({ sends, views: [], reads }), [])
}

async function readOf(store: Store, room: RoomId): Promise<Read> {
  const messages: Read['messages'][number][] = []
  for (let after = 0; ; ) {
    const page = await store.history(room, { limit: 100, after })
    messages.push(...page.messages.map(({ seq, id, text }) => ({ seq, id, text })))
    const last = page.messages.at(-1)?.seq
    if (last === undefined) return { reader: 'the backup', room, messages }
    after = last
  }
}
