import assert from 'node:assert/strict'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import Database from 'better-sqlite3'
import type { ServerFrame } from '../../contract/frames.ts'
import type { MessageId, RoomId, Seq, Topic } from '../../contract/ids.ts'
import { newId, roomTopic } from '../../contract/ids.ts'
import { systemClock } from '../../server/adapters/clock.ts'
import { databaseFile } from '../../server/adapters/store/sqlite/connection.ts'
import { openSqliteStore } from '../../server/adapters/store/sqlite/sqlite.ts'
import { restore } from '../../server/copies/restore.ts'
import { Caller, password } from '../support/app.ts'
import { sqliteAt, unwatched } from '../support/copies.ts'
import { TestProcess } from '../support/process.ts'
import { randomFrom } from '../support/random.ts'
import { ServerProcess } from '../support/server-process.ts'
import { TestSocket } from '../support/socket.ts'
import { temporaryFolder } from '../support/store-sqlite.ts'
import { Talker, Turns } from '../support/talker.ts'

const setupCode = 'a-set-up-code-for-tests'

/** The command, in a process of its own; answers the folder that it names. */
async function backed(data: string, to: string): Promise<string> {
  await using command = await TestProcess.run(['backup', '--to', to], { directory: data, keep: true })
  assert.deepEqual([await command.ended(), command.err], [0, ''])
  return /^(.*) holds .* read back and the same\.$/m.exec(command.out)?.[1] ?? ''
}

async function enter(url: string, path: string, body: object): Promise<Caller> {
  const headers = { origin: url, 'content-type': 'application/json' }
  const response = await fetch(url + path, { method: 'POST', headers, body: JSON.stringify(body) })
  assert.equal(response.status, 200, await response.clone().text())
  return new Caller(url, { origin: url, cookie: response.headers.getSetCookie()[0]?.split(';')[0] ?? '' })
}

/** The owner, with a token, in a room of her own. */
async function settle(url: string): Promise<{ alice: Caller; token: string; room: RoomId }> {
  const owner = { code: setupCode, workspace: 'Live', username: 'alice', password }
  const alice = await enter(url, '/api/setup', owner)
  const room = newId<RoomId>()
  await alice.call('rooms.create', { id: room, kind: 'public', name: 'den' })
  await alice.call('me.confirm', { password })
  const { token } = await alice.call('tokens.create', { id: newId(), name: 'talker' })
  return { alice, token: token as string, room }
}

const says = (caller: Caller, room: RoomId, text: string) =>
  caller.call('messages.post', { id: newId(), room, text })

type Heads = Record<Topic, Seq>
const welcomeOf = (socket: TestSocket) => socket.frame('welcome')
const resetsOf = (frames: readonly ServerFrame[]) =>
  frames.filter(frame => frame.t === 'reset').map(({ topic, why }) => ({ topic, why }))

test('[F6] after an older backup is restored a client that was ahead is told once for each topic to start anew, and is at ease from then on', async () => {
  await using folder = await temporaryFolder()
  const data = join(folder.path, 'data')
  await using server = await ServerProcess.on(data, ['--setup-code', setupCode])
  const { alice, token, room } = await settle(server.url)
  for (const text of ['one', 'two']) await says(alice, room, text)
  const backup = await backed(data, join(folder.path, 'backups'))
  for (const text of ['three', 'four', 'five']) await says(alice, room, text)
  using first = await TestSocket.in(server.url, { bearer: token })
  const before = await welcomeOf(first)
  const cursors = before.heads as Heads
  await server.kill('SIGTERM')

  await restore(backup, { to: sqliteAt(data), replace: true, now: Date.now(), watch: unwatched })
  await server.start()
  using ahead = await TestSocket.in(server.url, { bearer: token }, cursors, { epoch: before.epoch })
  await ahead.settled()
  const welcome = await welcomeOf(ahead)
  assert.notEqual(welcome.epoch, before.epoch)
  const heads = welcome.heads as Heads
  assert.ok((heads[roomTopic(room)] ?? 0) < (cursors[roomTopic(room)] ?? 0), 'the client was not ahead')
  const expected = Object.keys(heads).map(topic => ({ topic, why: 'epoch' }))
  const byTopic = (a: { topic: string }, b: { topic: string }) => (a.topic < b.topic ? -1 : 1)
  assert.deepEqual(resetsOf(ahead.frames).sort(byTopic), expected.sort(byTopic))
  assert.deepEqual(ahead.heard(roomTopic(room)), [])

  using again = await TestSocket.in(server.url, { bearer: token }, heads, { epoch: welcome.epoch })
  const { seq } = await says(alice, room, 'after the restore')
  for (const socket of [ahead, again]) {
    await socket.until(roomTopic(room), seq)
    assert.deepEqual(
      socket.heard(roomTopic(room)).map(heard => heard.seq),
      [(heads[roomTopic(room)] ?? 0) + 1],
    )
  }
  await again.settled()
  assert.deepEqual(resetsOf(again.frames), [])
  assert.equal(resetsOf(ahead.frames).length, expected.length, 'a reset came twice')
  const read = await alice.call('messages.list', { room, limit: 10 })
  assert.deepEqual(
    read.messages.map(({ text }) => text),
    ['one', 'two', 'after the restore'],
  )
})

/** Every log is as long as its head says, and every message that stands is the one that its log posted there. */
async function refuseTorn(data: string): Promise<void> {
  const db = new Database(databaseFile(data), { readonly: true })
  try {
    const sparse = db.prepare(
      'SELECT topic FROM logs WHERE head <> (SELECT count(*) FROM events WHERE log = logs.id)',
    )
    assert.deepEqual(sparse.all(), [])
    const loose = db.prepare(
      `SELECT id FROM messages WHERE NOT EXISTS (
         SELECT 1 FROM events JOIN logs ON logs.id = events.log
         WHERE topic = 'room:' || messages.room AND events.seq = messages.seq
           AND json_extract(body, '$.id') = messages.id)`,
    )
    assert.deepEqual(loose.all(), [])
  } finally {
    db.close()
  }
}

test('[L1] [L2] backups that are made while people talk hold all that was acknowledged before, whole, and keep nobody from talking', {
  timeout: 120_000,
}, async t => {
  await using folder = await temporaryFolder()
  const data = join(folder.path, 'data')
  await mkdir(data)
  await using cleaning = new AsyncDisposableStack()
  const server = cleaning.use(await ServerProcess.on(data, ['--setup-code', setupCode]))
  const { alice, token, room } = await settle(server.url)
  for (let n = 0; n < 20; n++)
    await Promise.all(Array.from({ length: 20 }, () => says(alice, room, 'x'.repeat(4_000))))
  const turns = new Turns()
  const talkers = ['a', 'b', 'c', 'd'].map(
    (name, n) => new Talker(name, server.url, token, [room], randomFrom(n + 1), turns),
  )
  cleaning.defer(() => talkers.forEach(talker => void talker.leave()))
  const sent = () =>
    talkers.flatMap(talker => talker.sends.filter(({ outcome }) => outcome.is === 'acknowledged'))
  const talking = talkers.map(talker => talker.talk())
  const made: { folder: string; before: MessageId[]; during: number }[] = []
  for (let n = 0; n < 5; n++) {
    const before = sent().map(({ id }) => id)
    const backup = await backed(data, join(folder.path, 'backups'))
    made.push({ folder: backup, before, during: sent().length - before.length })
  }
  for (const talker of talkers) talker.stop()
  await Promise.all(talking)
  t.diagnostic(`sends during each backup: ${made.map(({ during }) => during).join(', ')}`)
  assert.ok(made.every(({ during }) => during > 0))

  for (const [n, { folder: backup, before }] of made.entries()) {
    const back = join(folder.path, `back-${n}`)
    await restore(backup, { to: sqliteAt(back), replace: false, now: Date.now(), watch: unwatched })
    await refuseTorn(back)
    await using store = await openSqliteStore({ directory: back, clock: systemClock })
    for (const id of before)
      assert.ok(await store.message(id), `${id} was acknowledged before, and is not in it`)
  }
})
