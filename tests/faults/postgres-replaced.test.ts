import assert from 'node:assert/strict'
import { once } from 'node:events'
import { join } from 'node:path'
import { test } from 'node:test'
import { roomTopic } from '../../contract/ids.ts'
import { lockSpace } from '../../server/adapters/store/postgres/running.ts'
import { backUp } from '../../server/copies/backup.ts'
import { move } from '../../server/copies/move.ts'
import { restore } from '../../server/copies/restore.ts'
import { CannotOpen } from '../../server/core/ports/failures.ts'
import { ServerAtAddress, setupCode } from '../support/app.ts'
import { postgresAt, sqliteAt, unwatched } from '../support/copies.ts'
import { CutLine } from '../support/cut-line.ts'
import { onlooker, temporaryDatabase } from '../support/postgres-database.ts'
import { TestProcess } from '../support/process.ts'
import { TestSocket } from '../support/socket.ts'
import { temporaryFolder } from '../support/store-sqlite.ts'

/** The address of a process. */
class AddressOf extends ServerAtAddress {
  readonly url: string

  constructor({ url }: TestProcess) {
    super()
    this.url = url
  }
}

/** A node that sees nothing for so long, ms, goes on as if nothing were. It tries every second. */
const waitMs = 20_000

/** A node in a process of its own, that reaches its database by a line, and an owner who wrote something in a room, of which there is a backup. */
async function scene() {
  await using opened = new AsyncDisposableStack()
  const folder = opened.use(await temporaryFolder())
  const database = opened.use(await temporaryDatabase())
  const line = opened.use(await CutLine.to(Number(new URL(database.url).port)))
  const looking = opened.use(await onlooker(database.url))
  const data = join(folder.path, 'data')
  let parts = opened
  const start = async () => {
    const variables = {
      CONFAB_DATABASE_URL: line.through(database.url),
      CONFAB_SETUP_CODE: setupCode,
      CONFAB_LOG: 'error',
    }
    return parts.use(await TestProcess.serving({ directory: data, keep: true, variables }))
  }
  const node = await start()
  const alice = await new AddressOf(node).setUp('alice')
  const room = await alice.room('Den')
  await alice.says(room, 'before the backup')
  const place = postgresAt(database.url, data)
  const to = join(folder.path, 'backups')
  const backup = await backUp(place, { to, keep: null, now: Date.now, watch: unwatched })
  await alice.says(room, 'after the backup')
  parts = opened.move()
  return {
    ...{ folder, line, looking, start, node, alice, room, place, backup: backup.folder },
    [Symbol.asyncDispose]: () => parts.disposeAsync(),
  }
}
type Scene = Awaited<ReturnType<typeof scene>>

const restored = ({ backup, place }: Scene) =>
  restore(backup, { to: place, replace: true, now: Date.now(), watch: unwatched })

const inUse = (error: unknown) =>
  error instanceof CannotOpen && /Confab is running on postgres/.test(error.message)

/** The exit code of a node that has to end by itself. */
async function endOf(node: TestProcess): Promise<unknown> {
  return Promise.race([node.ended(), once(AbortSignal.timeout(waitMs), 'abort').then(() => 'it goes on')])
}

/** The sessions that have the lock of running servers. */
async function holders({ looking }: Scene): Promise<number[]> {
  const { rows } = await looking.query<{ pid: number }>(
    `SELECT pid FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database
     WHERE datname = current_database() AND locktype = 'advisory' AND classid = $1 AND granted`,
    [lockSpace],
  )
  return rows.map(({ pid }) => pid)
}

test('PostgreSQL drops every connection of a node that has nothing to do: it holds its database again at once, and nothing is restored or moved beside it', {
  timeout: 60_000,
}, async () => {
  await using it = await scene()
  const before = await holders(it)
  await it.looking.query(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'confab' AND datname = current_database()",
  )
  const isAnother = (pid: number) => !before.includes(pid)
  for (const late = AbortSignal.timeout(waitMs); !(await holders(it)).some(isAnother); )
    assert.ok(!late.aborted, 'nothing holds the database')
  await assert.rejects(restored(it), inUse)
  await assert.rejects(move(it.place, sqliteAt(join(it.folder.path, 'away')), Date.now(), unwatched), inUse)
  await it.alice.says(it.room, 'still here')
})

test('[F6] a backup is restored while a node is cut off: the node ends when it sees that, and started anew it tells clients to begin anew', {
  timeout: 60_000,
}, async () => {
  await using it = await scene()
  const topic = roomTopic(it.room)
  const { token } = await it.alice.token()
  using before = await TestSocket.in(it.node.url, { bearer: token })
  const { heads, epoch } = await before.frame('welcome')
  it.line.shut()
  await restored(it)
  it.line.open()
  assert.equal(await endOf(it.node), 1)
  assert.match(it.node.err, /another history than when this node began: it was restored\. It ends\./)

  const again = await it.start()
  const alice = it.alice.at(again.url)
  using socket = await TestSocket.in(again.url, { cookie: alice.cookie, origin: again.url }, heads, { epoch })
  const reset = await socket.frame('reset', frame => frame.topic === topic)
  assert.equal(reset.why, 'epoch')
  const { seq } = await alice.says(it.room, 'after the restore')
  await socket.until(topic, seq)
  const { messages } = await alice.call('messages.list', { room: it.room })
  assert.deepEqual(
    messages.map(({ text }) => text),
    ['before the backup', 'after the restore'],
  )
})

test('a workspace is moved away while a node is cut off: the node ends when it sees that, and says where to', {
  timeout: 60_000,
}, async () => {
  await using it = await scene()
  const away = sqliteAt(join(it.folder.path, 'away'))
  it.line.shut()
  await move(it.place, away, Date.now(), unwatched)
  it.line.open()
  assert.equal(await endOf(it.node), 1)
  assert.ok(it.node.err.includes(`was moved to ${away.data}`), it.node.err)
})
