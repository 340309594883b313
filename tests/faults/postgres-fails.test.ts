import assert from 'node:assert/strict'
import { test } from 'node:test'
import pg from 'pg'
import type { MessageId, RoomId } from '../../contract/ids.ts'
import { newId, roomTopic } from '../../contract/ids.ts'
import { systemClock } from '../../server/adapters/clock.ts'
import { openPostgresStore } from '../../server/adapters/store/postgres/store.ts'
import type { Change, Outcome } from '../../server/core/log/change.ts'
import { CannotOpen, Unavailable } from '../../server/core/ports/failures.ts'
import type { Store } from '../../server/core/ports/store.ts'
import { CutLine } from '../support/cut-line.ts'
import { PostgresServer } from '../support/postgres-server.ts'
import { Cast, logOf } from '../support/store-cast.ts'

const open = (url: string): Promise<Store> => openPostgresStore({ url, clock: systemClock })
const seqOf = (outcome: Outcome): number | undefined =>
  outcome.is === 'done' ? outcome.appended[0]?.seq : outcome.is === 'already' ? outcome.seq : undefined

/** Sends until it is answered, as a client does: by the same id. Nothing but `Unavailable` may come in between. */
async function insist(store: Store, change: Change): Promise<Outcome> {
  for (;;)
    try {
      return await store.commit(change)
    } catch (error) {
      assert.ok(error instanceof Unavailable, String(error))
      await new Promise(resolve => setTimeout(resolve, 20))
    }
}

async function scene(store: Store) {
  const cast = new Cast(() => store)
  const alice = await cast.user('alice')
  const room = await cast.room('Tea', [alice])
  return { cast, alice, room, topic: roomTopic(room) }
}

test('[L1] [L2] [L3] PostgreSQL crashes under load, four times: what was acknowledged is there, what was not is there once after a retry', {
  timeout: 120_000,
}, async () => {
  await using server = await PostgresServer.start()
  await using store = await open(server.url())
  const { cast, alice, room, topic } = await scene(store)
  const acknowledged = new Map<string, number>()
  let sent = 0
  let isOver = false
  const sender = async () => {
    while (!isOver) {
      const text = `message ${sent++}`
      const outcome = await insist(store, cast.posting(room, alice, text, { id: newId<MessageId>() }))
      acknowledged.set(text, seqOf(outcome) ?? 0)
    }
  }
  const senders = Array.from({ length: 10 }, sender)
  for (let crash = 0; crash < 4; crash++) {
    const enough = acknowledged.size + 50 + crash * 37
    while (acknowledged.size < enough) await new Promise(setImmediate)
    await server.stop('SIGQUIT')
    await server.start()
  }
  isOver = true
  await Promise.all(senders)
  const log = await logOf(store, topic)
  const stands = new Map(
    log.flatMap((event, n) => (event.e === 'message.posted' ? [[event.text, n + 1]] : [])),
  )
  assert.deepEqual(Object.fromEntries(stands), Object.fromEntries(acknowledged))
  assert.equal(log.filter(event => event.e === 'message.posted').length, acknowledged.size)
})

test('[L3] the answer of a commit is lost on the way: it is unavailable, and the same id again is the one that was kept', async () => {
  await using server = await PostgresServer.start()
  await using line = await CutLine.to(server.port)
  await using store = await open(line.through(server.url()))
  const { cast, alice, room, topic } = await scene(store)
  const posting = cast.posting(room, alice, 'did it come?', { id: newId<MessageId>() })
  line.swallowAnswers()
  const lost = store.commit(posting)
  await using beside = await open(server.url())
  while ((await logOf(beside, topic)).at(-1)?.e !== 'message.posted');
  line.cut()
  await assert.rejects(lost, error => error instanceof Unavailable && !error.undone)
  const again = await insist(store, posting)
  assert.deepEqual(again, { is: 'already', seq: seqOf(again), deleted: false })
  assert.equal((await logOf(store, topic)).filter(event => event.e === 'message.posted').length, 1)
})

test('[L3] PostgreSQL ends a connection in the midst of a batch that is done one by one: each is told what came of itself', async () => {
  await using server = await PostgresServer.start()
  await using store = await open(server.url())
  const { cast, alice, room, topic } = await scene(store)
  await using other = Object.assign(new pg.Client({ connectionString: server.url() }), {
    [Symbol.asyncDispose]: () => other.end(),
  })
  await other.connect()
  await other.query(`
    CREATE FUNCTION cut() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      PERFORM pg_terminate_backend(pg_backend_pid());
      RETURN NEW;
    END $$;
    CREATE TRIGGER cut AFTER INSERT ON messages FOR EACH ROW WHEN (NEW.text = 'cut') EXECUTE FUNCTION cut()`)
  const [here, nowhere] = [room, newId<RoomId>()].map(each => cast.posting(each, alice, 'wrong').appends)
  const wrong: Change = { guards: [], appends: [...(here ?? []), ...(nowhere ?? [])], rows: [] }
  const texts = ['alone', 'first', 'wrong', 'cut', 'last']
  const told = await Promise.allSettled(
    texts.map(text => store.commit(text === 'wrong' ? wrong : cast.posting(room, alice, text))),
  )
  const words = told.map(each => {
    if (each.status === 'fulfilled') return each.value.is
    const { reason } = each
    if (reason instanceof Unavailable) return reason.undone ? 'undone' : 'unknown'
    return /built wrongly/.test(String(reason)) ? 'wrong' : String(reason)
  })
  assert.deepEqual(words, ['done', 'done', 'wrong', 'unknown', 'undone'])
  const kept = (await logOf(store, topic)).flatMap(event => (event.e === 'message.posted' ? event.text : []))
  assert.deepEqual(kept, ['alone', 'first'])
  assert.ok(seqOf(await store.commit(cast.posting(room, alice, 'on a new connection'))))
})

test('PostgreSQL that answers nothing is waited for within a bound, and works again when it goes on', {
  timeout: 60_000,
}, async () => {
  await using server = await PostgresServer.start()
  await using store = await open(server.url())
  const { cast, alice, room } = await scene(store)
  server.signal('SIGSTOP')
  const posting = cast.posting(room, alice, 'anybody there?')
  try {
    await assert.rejects(store.commit(posting), Unavailable)
    await assert.rejects(store.user(alice.id), Unavailable)
  } finally {
    server.signal('SIGCONT')
  }
  assert.ok(seqOf(await insist(store, posting)))
  assert.equal((await store.user(alice.id))?.username, 'alice')
})

test('no connection is to be had: a server says so at its start, and one that runs goes on', async () => {
  await using server = await PostgresServer.start()
  await using store = await open(server.url())
  const { cast, alice, room } = await scene(store)
  const others: pg.Client[] = []
  try {
    for (;;) {
      const client = new pg.Client({ connectionString: server.url() })
      client.on('error', () => {})
      others.push(client)
      if (
        await client.connect().then(
          () => false,
          () => true,
        )
      )
        break
    }
    assert.ok(seqOf(await store.commit(cast.posting(room, alice, 'still here'))))
    await assert.rejects(open(server.url()), (error: unknown) => {
      return (
        error instanceof CannotOpen && /cannot be opened: .*(too many|connection slots)/.test(error.message)
      )
    })
  } finally {
    for (const client of others) await client.end().catch(() => {})
  }
  await using late = await open(server.url())
  assert.equal((await late.user(alice.id))?.username, 'alice')
})

test('no PostgreSQL at the address, and a wrong password in it: a sentence says what is wrong, without the password', async () => {
  for (const url of ['postgres://confab:s3cret@127.0.0.1:1/confab', 'postgres://confab:s3cret@127.0.0.1:1'])
    await assert.rejects(open(url), (error: unknown) => {
      assert.ok(error instanceof CannotOpen)
      assert.match(error.message, /CONFAB_DATABASE_URL cannot be opened: .*ECONNREFUSED/)
      assert.ok(!error.message.includes('s3cret'))
      return true
    })
})
