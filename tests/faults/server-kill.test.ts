import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import type { MessageId, RoomId } from '../../contract/ids.ts'
import { newId } from '../../contract/ids.ts'
import { systemClock } from '../../server/adapters/clock.ts'
import type { Store } from '../../server/core/ports.ts'
import { Caller, password, TestServer } from '../support/app.ts'
import { placeOf } from '../support/here.ts'
import type { Read } from '../support/history-checker.ts'
import { check } from '../support/history-checker.ts'
import { randomFrom } from '../support/random.ts'
import { ServerProcess } from '../support/server-process.ts'
import { Talker, Turns } from '../support/talker.ts'

const kills = 20
const setupCode = 'a-set-up-code-for-tests'

async function enter(url: string, path: string, body: object): Promise<Caller> {
  const headers = { origin: url, 'content-type': 'application/json' }
  const response = await fetch(url + path, { method: 'POST', headers, body: JSON.stringify(body) })
  assert.equal(response.status, 200, await response.clone().text())
  return new Caller(url, { origin: url, cookie: response.headers.getSetCookie()[0]?.split(';')[0] ?? '' })
}

/** Four people with a token each, all in one public and one private room. */
async function gather(url: string) {
  const alice = await enter(url, '/api/setup', {
    code: setupCode,
    workspace: 'Faults',
    username: 'alice',
    password,
  })
  const names = ['bob', 'carol', 'dave']
  const others = await Promise.all(names.map(username => enter(url, '/api/sign-up', { username, password })))
  const rooms = [newId<RoomId>(), newId<RoomId>()]
  for (const [n, id] of rooms.entries()) {
    await alice.call('rooms.create', { id, kind: n === 0 ? 'public' : 'private', name: `room ${n}` })
    for (const other of others)
      await alice.call('members.put', { id, user: (await other.call('me.get', {})).me.id })
  }
  const tokens = await Promise.all(
    [alice, ...others].map(async who => {
      await who.call('me.confirm', { password })
      return (await who.call('tokens.create', { id: newId(), name: 'talker' })).token as string
    }),
  )
  return { rooms, tokens }
}

/** A room as somebody reads it from beginning to end. */
async function readAll(reader: string, caller: Caller, room: RoomId): Promise<Read & { head: number }> {
  const messages: Read['messages'][number][] = []
  for (let after = 0; ; ) {
    const page = await caller.call('messages.list', { room, after, limit: 100 })
    messages.push(...page.messages.map(({ seq, id, text }) => ({ seq, id, text })))
    after = messages.at(-1)?.seq ?? 0
    if (!page.after) return { reader, room, messages, head: page.seq }
  }
}

test(`[L1] [L2] [L3] [F1] [F2] nothing that was acknowledged is lost, doubled or moved by ${kills} kills at random instants`, async t => {
  const seed = Math.floor(Math.random() * 2 ** 31)
  t.diagnostic(`seed ${seed}`)
  const random = randomFrom(seed)
  const directory = await mkdtemp(join(tmpdir(), 'confab-kill-'))
  await using cleaning = new AsyncDisposableStack()
  cleaning.defer(() => rm(directory, { recursive: true, force: true }))
  const server = cleaning.use(await ServerProcess.on(directory, ['--setup-code', setupCode]))
  const { rooms, tokens } = await gather(server.url)
  const turns = new Turns()
  const talkers = ['alice', 'bob', 'carol', 'dave'].map(
    (name, n) => new Talker(name, server.url, tokens[n] as string, rooms, randomFrom(seed + n + 1), turns),
  )
  cleaning.defer(() => talkers.forEach(talker => void talker.leave()))
  const acknowledged = () => talkers.reduce((sum, talker) => sum + talker.acknowledged, 0)
  const talking = talkers.map(talker => talker.talk())
  for (let kill = 0; kill < kills; kill++) {
    const enough = acknowledged() + 1 + Math.floor(random() * 40)
    while (acknowledged() < enough) await new Promise(resolve => setTimeout(resolve, random() * 5))
    await server.kill('SIGKILL')
    await server.start()
  }
  for (const talker of talkers) talker.stop()
  await Promise.all(talking)

  const reads = await Promise.all(
    talkers.flatMap((talker, n) =>
      rooms.map(room =>
        readAll(talker.name, new Caller(server.url, { authorization: `Bearer ${tokens[n]}` }), room),
      ),
    ),
  )
  for (const talker of talkers)
    for (const room of rooms) await talker.hears(room, reads.find(read => read.room === room)?.head ?? 0)
  for (const talker of talkers) talker.leave()
  const history = {
    sends: talkers.flatMap(talker => talker.sends),
    views: talkers.flatMap(talker => talker.views),
    reads,
  }
  t.diagnostic(`${acknowledged()} acknowledged of ${history.sends.length}`)
  assert.deepEqual(check(history), [])
  await server.kill('SIGTERM')
  await using store = await (await placeOf(directory)).open(directory, systemClock)
  assert.equal((await store.workspace()).setUp, true)
})

/** A store with a bug: now and then it acknowledges what it did not keep. */
const forgetful = (store: Store): Store => ({
  ...store,
  commit: async change => {
    const post = change.appends.find(
      ({ event }) => event.e === 'message.posted' && event.text.includes('forget'),
    )
    if (!post) return store.commit(change)
    const head = (await store.heads([post.topic])).get(post.topic)?.head ?? 0
    return { is: 'done', appended: [{ ...post, seq: head + 1, body: JSON.stringify(post.event) }] }
  },
})

test('the checker finds it when a store acknowledges what it did not keep', async () => {
  await using server = await TestServer.bare({}, { store: forgetful })
  const alice = await server.setUp('alice')
  const room = await alice.room('den')
  const sends = []
  for (const [n, text] of ['one', 'please forget', 'three'].entries()) {
    const id = newId<MessageId>()
    const { seq } = await alice.call('messages.post', { id, room, text })
    sends.push({
      client: 'alice',
      room,
      id,
      text,
      invokedAt: 2 * n,
      outcome: { is: 'acknowledged' as const, seq, at: 2 * n + 1 },
    })
  }
  const found = check({ sends, views: [], reads: [await readAll('alice', alice, room)] })
  assert.ok(found.some(({ fault }) => fault === 'lost'))
})
