import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import type { ServerFrame } from '../../contract/frames.ts'
import type { Seq, Topic } from '../../contract/ids.ts'
import { roomTopic } from '../../contract/ids.ts'
import { restore } from '../../server/copies/restore.ts'
import { sqliteAt, unwatched } from '../support/copies.ts'
import { ServerProcess } from '../support/server-process.ts'
import { TestSocket } from '../support/socket.ts'
import { temporaryFolder } from '../support/store-sqlite.ts'
import { backed, backUpWhileTalking } from './while-talking.ts'

type Heads = Record<Topic, Seq>
const welcomeOf = (socket: TestSocket) => socket.frame('welcome')
const resetsOf = (frames: readonly ServerFrame[]) =>
  frames.filter(frame => frame.t === 'reset').map(({ topic, why }) => ({ topic, why }))

test('[F6] after an older backup is restored a client that was ahead is told once for each topic to start anew, and is at ease from then on', async () => {
  await using folder = await temporaryFolder()
  const data = join(folder.path, 'data')
  await using server = await ServerProcess.on(data)
  const alice = await server.setUp('alice')
  const room = await alice.room('den')
  const { token } = await alice.token()
  for (const text of ['one', 'two']) await alice.says(room, text)
  const backup = await backed({ data }, join(folder.path, 'backups'))
  for (const text of ['three', 'four', 'five']) await alice.says(room, text)
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
  const { seq } = await alice.says(room, 'after the restore')
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

for (const on of ['sqlite', 'postgres'] as const)
  test(
    `[L1] [L2] [L3] backups of ${on} that are made while people talk hold all that was acknowledged before, whole, and keep nobody from talking`,
    {
      timeout: 120_000,
    },
    t => backUpWhileTalking(t, { on, backups: 4, everyMs: 2_000 }),
  )
