import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { RoomId } from '../../contract/ids.ts'
import { newId, roomTopic } from '../../contract/ids.ts'
import type { Condition } from '../../server/core/log/change.ts'
import type { Store } from '../../server/core/ports/store.ts'
import type { OpenStore } from '../support/opened-store.ts'
import { Cast, roomNamed } from '../support/store-cast.ts'

/** Conditions on the state under the lock, one by one. */
export function guardContract(name: string, open: OpenStore): void {
  async function scene() {
    const opened = await open()
    const cast = new Cast(() => opened.store)
    const alice = await cast.user('alice', { role: 'owner' })
    const bob = await cast.user('bob', { state: 'deactivated' })
    const room = await cast.room('Tea', [alice])
    const holds = async (condition: Condition): Promise<boolean> => {
      const outcome = await cast.try({ guards: [{ ...condition, refuse: 'denied', field: 'why' }] })
      if (outcome.is === 'refused') assert.deepEqual(outcome, { is: 'refused', code: 'denied', field: 'why' })
      return outcome.is === 'done'
    }
    return {
      opened,
      cast,
      alice,
      bob,
      room,
      holds,
      [Symbol.asyncDispose]: () => opened[Symbol.asyncDispose](),
    }
  }
  const nobody = newId<never>()

  describe(`${name}: guards`, () => {
    test('[A3] a user is of a state and of one of some roles', async () => {
      await using s = await scene()
      const { alice, bob } = s
      assert.equal(await s.holds({ if: 'user', user: alice.id }), true)
      assert.equal(await s.holds({ if: 'user', user: alice.id, state: 'active', roles: ['owner'] }), true)
      assert.equal(await s.holds({ if: 'user', user: alice.id, roles: ['member', 'administrator'] }), false)
      assert.equal(await s.holds({ if: 'user', user: bob.id, state: 'active' }), false)
      assert.equal(await s.holds({ if: 'user', user: nobody }), false)
    })

    test('[A3] another active owner than somebody', async () => {
      await using s = await scene()
      assert.equal(await s.holds({ if: 'another owner', than: s.alice.id }), false)
      assert.equal(await s.holds({ if: 'another owner', than: s.bob.id }), true)
      const carol = await s.cast.user('carol', { role: 'owner' })
      assert.equal(await s.holds({ if: 'another owner', than: s.alice.id }), true)
      await s.cast.changed({ ...carol, state: 'deactivated' })
      assert.equal(await s.holds({ if: 'another owner', than: s.alice.id }), false)
    })

    test('[A3] a user is unchanged in every field', async () => {
      await using s = await scene()
      const read = await s.opened.store.user(s.alice.id)
      assert.ok(read)
      assert.equal(await s.holds({ if: 'user unchanged', user: read }), true)
      assert.equal(await s.holds({ if: 'user unchanged', user: { ...read, status: 'away' } }), false)
      assert.equal(await s.holds({ if: 'user unchanged', user: { ...read, email: 'a@example.org' } }), false)
      assert.equal(await s.holds({ if: 'user unchanged', user: { ...read, id: nobody } }), false)
    })

    test('[A3] a room is of a kind, archived or not, unknown, unchanged', async () => {
      await using s = await scene()
      const { room } = s
      assert.equal(await s.holds({ if: 'room', room }), true)
      assert.equal(await s.holds({ if: 'room', room, kinds: ['public', 'private'], archived: false }), true)
      assert.equal(await s.holds({ if: 'room', room, kinds: ['direct'] }), false)
      assert.equal(await s.holds({ if: 'room', room, archived: true }), false)
      assert.equal(await s.holds({ if: 'room', room: nobody }), false)
      assert.equal(await s.holds({ if: 'room unknown', room }), false)
      assert.equal(await s.holds({ if: 'room unknown', room: nobody }), true)
      const fields = roomNamed('Tea', { id: room })
      assert.equal(await s.holds({ if: 'room unchanged', room: fields }), true)
      assert.equal(await s.holds({ if: 'room unchanged', room: { ...fields, topic: 'milk' } }), false)
      assert.equal(await s.holds({ if: 'room unchanged', room: { ...fields, archived: true } }), false)
      assert.equal(await s.holds({ if: 'room unchanged', room: { ...fields, id: nobody } }), false)
    })

    test('[A3] somebody is a member, of a role, or is not', async () => {
      await using s = await scene()
      const { room, alice, bob } = s
      assert.equal(await s.holds({ if: 'member', room, user: alice.id }), true)
      assert.equal(await s.holds({ if: 'member', room, user: alice.id, roles: ['member'] }), true)
      assert.equal(await s.holds({ if: 'member', room, user: alice.id, roles: ['manager'] }), false)
      assert.equal(await s.holds({ if: 'member', room, user: bob.id }), false)
      assert.equal(await s.holds({ if: 'not a member', room, user: alice.id }), false)
      assert.equal(await s.holds({ if: 'not a member', room, user: bob.id }), true)
      await s.cast.leave(room, alice)
      assert.equal(await s.holds({ if: 'member', room, user: alice.id }), false)
    })

    test('[A3] a message stands in a room, of an author, at a revision, and not once it is deleted', async () => {
      await using s = await scene()
      const { room, alice, bob } = s
      const posted = await s.cast.post(room, alice, 'helo')
      const message = posted.id
      assert.equal(await s.holds({ if: 'message', message, room }), true)
      assert.equal(await s.holds({ if: 'message', message, room, author: alice.id, rev: 0 }), true)
      assert.equal(await s.holds({ if: 'message', message, room, author: bob.id }), false)
      assert.equal(await s.holds({ if: 'message', message, room: newId<RoomId>() }), false)
      await s.cast.edit(room, alice, message, 'hello', 1)
      assert.equal(await s.holds({ if: 'message', message, room, rev: 0 }), false)
      assert.equal(await s.holds({ if: 'message', message, room, rev: 1 }), true)
      await s.cast.erase(room, alice, posted)
      assert.equal(await s.holds({ if: 'message', message, room }), false)
    })

    test('[A3] a message came after somebody came into its room, or before', async () => {
      await using s = await scene()
      const { room, alice, bob } = s
      const { id: before } = await s.cast.post(room, alice, 'before')
      await s.cast.join(room, bob)
      const { id: after } = await s.cast.post(room, alice, 'after')
      assert.equal(await s.holds({ if: 'message', message: before, room, sinceOf: alice.id }), true)
      assert.equal(await s.holds({ if: 'message', message: before, room, sinceOf: bob.id }), false)
      assert.equal(await s.holds({ if: 'message', message: after, room, sinceOf: bob.id }), true)
    })

    test('[A3] somebody has fewer rooms, or tokens, than a bound', async () => {
      await using s = await scene()
      const user = s.alice.id
      for (const which of ['own', 'any'] as const) {
        assert.equal(await s.holds({ if: 'fewer rooms', user, than: 2, which }), true)
        assert.equal(await s.holds({ if: 'fewer rooms', user, than: 1, which }), false)
      }
      assert.equal(await s.holds({ if: 'fewer rooms', user, than: 1, which: 'others' }), true)
      assert.equal(await s.holds({ if: 'fewer tokens', user, than: 1 }), true)
      await s.cast.token(s.alice)
      assert.equal(await s.holds({ if: 'fewer tokens', user, than: 1 }), false)
    })

    test('[A3] a marker is below or above a seq, both without the seq itself, and is none for who is no member', async () => {
      await using s = await scene()
      const { room } = s
      const user = s.alice.id
      assert.equal(await s.holds({ if: 'marker', room, user, below: 3 }), true)
      assert.equal(await s.holds({ if: 'marker', room, user, below: 2 }), false)
      assert.equal(await s.holds({ if: 'marker', room, user, above: 1 }), true)
      assert.equal(await s.holds({ if: 'marker', room, user, above: 2 }), false)
      assert.equal(await s.holds({ if: 'marker', room, user: s.bob.id }), false)
    })

    test('[A3] a password hash is still the one, a session is confirmed since, set-up is pending', async () => {
      await using s = await scene()
      const user = s.alice.id
      assert.equal(await s.holds({ if: 'credential', user, hash: 'one' }), false)
      await s.cast.rows({ row: 'credential', user, hash: 'one' })
      assert.equal(await s.holds({ if: 'credential', user, hash: 'one' }), true)
      assert.equal(await s.holds({ if: 'credential', user, hash: 'two' }), false)

      const { id: session } = await s.cast.session(s.alice, 5_000)
      assert.equal(await s.holds({ if: 'session confirmed', session, since: 5_000 }), true)
      assert.equal(await s.holds({ if: 'session confirmed', session, since: 5_001 }), false)
      await s.cast.rows({ row: 'session confirmed', session, at: 6_000 })
      assert.equal(await s.holds({ if: 'session confirmed', session, since: 6_000 }), true)
      await s.cast.rows({ row: 'session ended', session, user })
      assert.equal(await s.holds({ if: 'session confirmed', session, since: 0 }), false)

      assert.equal(await s.holds({ if: 'set-up pending' }), true)
      await s.cast.rows({ row: 'set up' })
      assert.equal(await s.holds({ if: 'set-up pending' }), false)
      assert.equal((await s.opened.store.workspace()).setUp, true)
    })

    test('any of several conditions is enough, and none of them is not', async () => {
      await using s = await scene()
      const no: Condition = { if: 'user', user: nobody }
      const yes: Condition = { if: 'user', user: s.alice.id }
      assert.equal(await s.holds({ if: 'any', of: [no, yes] }), true)
      assert.equal(await s.holds({ if: 'any', of: [no, { if: 'any', of: [no] }] }), false)
      assert.equal(await s.holds({ if: 'any', of: [] }), false)
    })

    test('the first guard that does not hold refuses, and nothing is done', async () => {
      await using s = await scene()
      const { room, alice } = s
      const outcome = await s.cast.try({
        guards: [
          { if: 'user', user: alice.id, refuse: 'signed_out' },
          { if: 'room', room, archived: true, refuse: 'archived', field: 'room' },
          { if: 'user', user: nobody, refuse: 'not_found' },
        ],
        appends: [
          s.cast.at(roomTopic(room), { e: 'member.added', by: alice.id, user: s.bob.id, role: 'member' }),
        ],
      })
      assert.deepEqual(outcome, { is: 'refused', code: 'archived', field: 'room' })
      assert.equal(await s.opened.store.membership(room, s.bob.id), null)
    })

    test('[A3] of twenty racing for what one may have, one wins', async () => {
      await using s = await scene()
      const outcomes = await Promise.all(
        Array.from({ length: 20 }, () =>
          s.cast.try({ guards: [{ if: 'set-up pending', refuse: 'setup_done' }], rows: [{ row: 'set up' }] }),
        ),
      )
      assert.equal(outcomes.filter(({ is }) => is === 'done').length, 1)
    })

    test('[A3] a removal between the check and the post refuses the post', async () => {
      await using s = await scene()
      const { room, alice, cast } = s
      const removed = cast.leave(room, alice)
      const posted: Promise<Awaited<ReturnType<Store['commit']>>> = cast.try(
        cast.posting(room, alice, 'late'),
      )
      await removed
      assert.deepEqual(await posted, { is: 'refused', code: 'not_found' })
    })
  })
}
