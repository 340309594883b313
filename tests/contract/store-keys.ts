import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { SessionId, TokenId } from '../../contract/ids.ts'
import { newId } from '../../contract/ids.ts'
import type { Store } from '../../server/core/ports/store.ts'
import type { OpenStore } from '../support/opened-store.ts'
import { Cast } from '../support/store-cast.ts'

const aliveOf = async (store: Store, ids: readonly (SessionId | TokenId)[]) =>
  new Set((await store.alive(ids)).keys())

/** Passwords, sessions, tokens, counters and imports: what stands in no log. */
export function keyContract(name: string, open: OpenStore): void {
  async function scene() {
    const opened = await open()
    const cast = new Cast(() => opened.store)
    const alice = await cast.user('alice')
    return { opened, cast, alice, [Symbol.asyncDispose]: () => opened[Symbol.asyncDispose]() }
  }

  describe(`${name}: keys and counters`, () => {
    test('a password hash is kept, replaced, and null for who has none', async () => {
      await using s = await scene()
      assert.equal(await s.opened.store.credential(s.alice.id), null)
      await s.cast.rows({ row: 'credential', user: s.alice.id, hash: 'one' })
      await s.cast.rows({ row: 'credential', user: s.alice.id, hash: 'two' })
      assert.equal(await s.opened.store.credential(s.alice.id), 'two')
    })

    test('a session is found by the hash of its secret, seen later, confirmed, listed and ended', async () => {
      await using s = await scene()
      const { store } = s.opened
      const { id, hash } = await s.cast.session(s.alice, 5_000)
      assert.deepEqual(await store.session(hash), {
        id,
        user: s.alice.id,
        createdAt: 5_000,
        seenAt: 5_000,
        confirmedAt: 5_000,
      })
      await store.sessionSeen(id, 8_000)
      await store.sessionSeen(id, 7_000)
      await s.cast.rows({ row: 'session confirmed', session: id, at: 9_000 })
      const found = await store.session(hash)
      assert.deepEqual([found?.seenAt, found?.confirmedAt], [8_000, 9_000])
      assert.deepEqual(await store.sessions(s.alice.id), [
        { id, createdAt: 5_000, seenAt: 8_000, agent: 'Browser', address: '::1' },
      ])
      await s.cast.rows({ row: 'session ended', session: id, user: newId() })
      assert.ok(await store.session(hash), "nobody ends another's session")
      await s.cast.rows({ row: 'session ended', session: id, user: s.alice.id })
      assert.equal(await store.session(hash), null)
    })

    test('all sessions but one end, and all tokens, of one user alone', async () => {
      await using s = await scene()
      const { store } = s.opened
      const bob = await s.cast.user('bob')
      const [kept, gone, theirs] = [
        await s.cast.session(s.alice),
        await s.cast.session(s.alice),
        await s.cast.session(bob),
      ]
      const [token, other] = [await s.cast.token(s.alice), await s.cast.token(bob)]
      await s.cast.rows(
        { row: 'sessions ended', user: s.alice.id, except: kept.id },
        { row: 'tokens ended', user: s.alice.id },
      )
      const ids = [kept.id, gone.id, theirs.id, token.id, other.id]
      assert.deepEqual(await aliveOf(store, ids), new Set([kept.id, theirs.id, other.id]))
      await s.cast.rows({ row: 'sessions ended', user: s.alice.id })
      assert.deepEqual(await aliveOf(store, ids), new Set([theirs.id, other.id]))
    })

    test('a session tells when it was made and seen last, a token when it ends', async () => {
      await using s = await scene()
      const session = await s.cast.session(s.alice, 5_000)
      await s.opened.store.sessionSeen(session.id, 8_000)
      const [token, endless] = [await s.cast.token(s.alice, 99_000), await s.cast.token(s.alice, null)]
      assert.deepEqual(
        await s.opened.store.alive([session.id, token.id, endless.id, newId()]),
        new Map<string, object>([
          [session.id, { createdAt: 5_000, seenAt: 8_000 }],
          [token.id, { expires: 99_000 }],
          [endless.id, { expires: null }],
        ]),
      )
    })

    test('a token is found by its hash, used, listed and ended', async () => {
      await using s = await scene()
      const { store } = s.opened
      const { id, hash } = await s.cast.token(s.alice, 99_000)
      assert.deepEqual(await store.token(hash), { id, user: s.alice.id, expires: 99_000 })
      assert.equal((await store.tokens(s.alice.id))[0]?.usedAt, null)
      await store.tokenUsed(id, 7_000)
      await store.tokenUsed(id, 6_000)
      const [listed] = await store.tokens(s.alice.id)
      assert.deepEqual(
        [listed?.id, listed?.name, listed?.usedAt, listed?.expires],
        [id, 'script', 7_000, 99_000],
      )
      await s.cast.rows({ row: 'token ended', token: id, user: s.alice.id })
      assert.equal(await store.token(hash), null)
    })

    test('what is idle, old or past its time expires, and is told', async () => {
      await using s = await scene()
      const [idle, old, good] = [
        await s.cast.session(s.alice, 5_000),
        await s.cast.session(s.alice, 2_000),
        await s.cast.session(s.alice, 6_000),
      ]
      await s.opened.store.sessionSeen(old.id, 9_000)
      await s.opened.store.sessionSeen(good.id, 9_000)
      const [past, without, later] = [
        await s.cast.token(s.alice, 10_000),
        await s.cast.token(s.alice, null),
        await s.cast.token(s.alice, 10_001),
      ]
      const gone = await s.opened.store.expire({ idle: 5_001, made: 2_001, devices: 0, now: 10_000 })
      assert.deepEqual([...gone].sort(), [idle.id, old.id, past.id].sort())
      const ids = [idle, old, good, past, without, later].map(({ id }) => id as SessionId)
      assert.deepEqual(await aliveOf(s.opened.store, ids), new Set([good.id, without.id, later.id]))
    })

    test('sessions and tokens that ended, whatever ended them, are told after a mark in their order, once', async () => {
      await using s = await scene()
      const { store } = s.opened
      const { upTo: start, ...nothing } = await store.ended(null)
      assert.deepEqual(nothing, { ids: [], removals: [], whole: true })
      assert.deepEqual(await store.ended(start), { ...nothing, upTo: start })

      const [first, past, kept] = [
        await s.cast.session(s.alice),
        await s.cast.session(s.alice, 2_000),
        await s.cast.session(s.alice, 9_000),
      ]
      const [token, old] = [await s.cast.token(s.alice), await s.cast.token(s.alice, 8_000)]
      await s.cast.rows({ row: 'token ended', token: token.id, user: s.alice.id })
      await s.cast.rows({ row: 'session ended', session: first.id, user: s.alice.id })
      await store.expire({ idle: 2_001, made: 2_001, devices: 0, now: 3_000 })
      const middle = await store.ended(start)
      assert.deepEqual(middle.ids, [token.id, first.id, past.id])
      assert.ok(middle.whole)

      await store.expire({ idle: 0, made: 0, devices: 0, now: 8_000 })
      await s.cast.rows({ row: 'sessions ended', user: s.alice.id })
      const last = await store.ended(middle.upTo)
      assert.deepEqual(last, { ...nothing, ids: [old.id, kept.id], upTo: middle.upTo + 2 })
      assert.deepEqual((await store.ended(start)).ids, [...middle.ids, ...last.ids])
      assert.equal((await store.ended(null)).upTo, last.upTo)
    })

    test('the newest 10,000 endings are kept: who asks from before them is told that some are missing', async () => {
      await using s = await scene()
      const { store } = s.opened
      const { upTo: start } = await store.ended(null)
      const session = { user: s.alice.id, at: 9_000, agent: 'Browser', address: '::1' }
      for (let n = 0; n < 10_001; n += 1_000) {
        const many = Math.min(1_000, 10_001 - n)
        await s.cast.rows(
          ...Array.from({ length: many }, () => ({
            row: 'session' as const,
            session: { ...session, id: newId<SessionId>(), hash: newId<string>() },
          })),
        )
      }
      await s.cast.rows({ row: 'sessions ended', user: s.alice.id })
      assert.equal((await store.ended(start)).ids.length, 10_001)
      await store.expire({ idle: 0, made: 0, devices: 0, now: 0 })
      const all = await store.ended(start)
      assert.deepEqual([all.ids.length, all.upTo, all.whole], [10_000, start + 10_001, false])
      const most = await store.ended(start + 1)
      assert.deepEqual([most.ids.length, most.whole], [10_000, true])
      assert.equal((await store.ended(all.upTo + 1)).whole, false, 'the mark of another database')
    })

    test('a counter counts within its window, over a restart, apart for each key, and begins again', async () => {
      await using s = await scene()
      const count = (key: string, now: number) => s.opened.store.count(key, 1_000, now)
      const counts = await Promise.all(Array.from({ length: 20 }, () => count('a', 5_100)))
      assert.deepEqual(
        counts.map(one => one.count).sort((a, b) => a - b),
        Array.from({ length: 20 }, (_, n) => n + 1),
      )
      assert.deepEqual(await count('b', 5_100), { count: 1, until: counts[0]?.until })
      await s.opened.reopen()
      const last = await count('a', 5_200)
      assert.equal(last.count, 21)
      assert.ok(last.until > 5_200 && last.until <= 6_200, `${last.until}`)
      assert.equal((await count('a', last.until)).count, 1)
      await count('a', last.until)
      await s.opened.store.countReset('a')
      assert.equal((await count('a', last.until)).count, 1)
    })

    test('what an import brought is known by its source and key', async () => {
      await using s = await scene()
      await s.cast.rows(
        { row: 'imported', source: 'one', key: '1', id: 'x' },
        { row: 'imported', source: 'two', key: '1', id: 'y' },
      )
      assert.deepEqual(await s.opened.store.imported('one', ['1', '2']), new Map([['1', 'x']]))
    })
  })
}
