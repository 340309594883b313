import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { User } from '../../contract/entities.ts'
import type { MessageId, RoomId, TokenId, UserId } from '../../contract/ids.ts'
import { newId, roomTopic } from '../../contract/ids.ts'
import type { Change, IdempotencyKey } from '../../server/core/log/change.ts'
import type { OpenStore } from '../support/opened-store.ts'
import { Cast, roomNamed, userNamed } from '../support/store-cast.ts'

const kinds = ['message', 'room', 'user', 'token'] as const

interface Making {
  readonly id: string
  readonly by: User
  /** A name, or a text; no other thing of its kind has it. */
  readonly name: string
  /** Where a message goes. */
  readonly room?: RoomId
}

/** Makes one thing under an id that a client gave. */
function making(
  cast: Cast,
  of: IdempotencyKey['of'],
  { id, by, name, room }: Making,
): Partial<Change> & { readonly idempotencyKey: IdempotencyKey } {
  const idempotencyKey = { of, id, author: by.id, fingerprint: name }
  if (of === 'message' && room)
    return { ...cast.posting(room, by, name, { id: id as MessageId }), idempotencyKey }
  if (of === 'room')
    return {
      idempotencyKey,
      appends: cast.made(roomNamed(name, { id: id as RoomId, kind: 'private' }), by.id),
    }
  if (of === 'user') {
    const user = userNamed(name, { id: id as UserId })
    return { idempotencyKey, appends: [cast.at('workspace', { e: 'user.added', by: by.id, user })] }
  }
  const token = { id: id as TokenId, user: by.id, name, hash: id, at: 1, expires: null }
  return { idempotencyKey, rows: [{ row: 'token', token }] }
}

/** Ids that people make: one id is one thing. */
export function idContract(name: string, open: OpenStore): void {
  describe(`${name}: ids made by clients`, () => {
    test('[L3] fifty retries of one post at once are one message, and all answers but one say already', async () => {
      await using opened = await open()
      const cast = new Cast(() => opened.store)
      const alice = await cast.user('alice')
      const room = await cast.room('Tea', [alice])
      const post = cast.posting(room, alice, 'once')
      const outcomes = await Promise.all(Array.from({ length: 50 }, () => cast.try(post)))
      assert.equal(outcomes.filter(({ is }) => is === 'done').length, 1)
      const already = outcomes.filter(({ is }) => is !== 'done')
      assert.deepEqual(
        already,
        already.map(() => ({ is: 'already', seq: 3, deleted: false })),
      )
      assert.equal((await opened.store.history(room, { limit: 10 })).messages.length, 1)
    })

    test('[L3] a retry is answered after an edit, after a deletion, and after its author left', async () => {
      await using opened = await open()
      const cast = new Cast(() => opened.store)
      const alice = await cast.user('alice')
      const room = await cast.room('Tea', [alice])
      const id = newId<MessageId>()
      const post = cast.posting(room, alice, 'hello', { id })
      await cast.do(post)
      await cast.edit(room, alice, id, 'hello!', 1)
      await cast.leave(room, alice)
      assert.deepEqual(await cast.try(post), { is: 'already', seq: 3, deleted: false })
      await cast.erase(room, alice, { id, seq: 3 })
      assert.deepEqual(await cast.try(post), { is: 'already', seq: 3, deleted: true })
      const other = cast.posting(room, alice, 'another text', { id })
      assert.deepEqual(
        await cast.try(other),
        { is: 'already', seq: 3, deleted: true },
        'its fingerprint is gone',
      )
    })

    test('[L3] any other use of a taken id is id_taken, alike for its author and for anybody, for what is there and what is deleted', async () => {
      await using opened = await open()
      const cast = new Cast(() => opened.store)
      const [alice, mallory] = [await cast.user('alice'), await cast.user('mallory')]
      const room = await cast.room('Tea', [alice])
      const id = newId<MessageId>()
      await cast.do(cast.posting(room, alice, 'hello', { id }))
      const taken = { is: 'refused', code: 'id_taken' }
      assert.deepEqual(await cast.try(cast.posting(room, alice, 'other', { id })), taken)
      assert.deepEqual(await cast.try(cast.posting(room, mallory, 'hello', { id })), taken)
      await cast.erase(room, alice, { id, seq: 3 })
      assert.deepEqual(await cast.try(cast.posting(room, mallory, 'hello', { id })), taken)
    })

    test('[L3] what stands before a post in its change takes the id no less than what was there', async () => {
      await using opened = await open()
      const cast = new Cast(() => opened.store)
      const alice = await cast.user('alice')
      const room = await cast.room('Tea', [alice])
      const bob = userNamed('bob')
      const post = cast.posting(room, alice, 'hello', { id: bob.id as string as MessageId })
      const added = cast.at('workspace', { e: 'user.added', by: alice.id, user: bob })
      const taken = { is: 'refused', code: 'id_taken' }
      assert.deepEqual(await cast.try({ ...post, appends: [added, ...post.appends] }), taken)
      assert.deepEqual(await cast.try({ ...post, appends: [...post.appends, ...post.appends] }), taken)
      const { idempotencyKey: _, ...without } = post
      await cast.do({ appends: [added] })
      assert.deepEqual(await cast.try(post), taken)
      assert.deepEqual(await cast.try(without), taken)
      assert.equal((await opened.store.heads([roomTopic(room)])).get(roomTopic(room))?.head, 2)
    })

    test('[L3] the id is looked up before any guard', async () => {
      await using opened = await open()
      const cast = new Cast(() => opened.store)
      const alice = await cast.user('alice')
      const room = await cast.room('Tea', [alice])
      const post = cast.posting(room, alice, 'hello')
      await cast.do(post)
      const barred = { ...post, guards: [{ if: 'set-up pending', refuse: 'setup_done' } as const] }
      await cast.rows({ row: 'set up' })
      assert.equal((await cast.try(barred)).is, 'already')
    })

    test('[L3] rooms, users and tokens are made once, and a retry tells whether they are gone', async () => {
      await using opened = await open()
      const cast = new Cast(() => opened.store)
      const alice = await cast.user('alice')
      const room = roomNamed('Tea')
      const bob = userNamed('bob')
      const token = { id: newId<TokenId>(), user: alice.id, name: 's', hash: 'h', at: 1, expires: null }
      const keyOf = (
        of: IdempotencyKey['of'],
        id: RoomId | UserId | TokenId,
        fingerprint = 'same',
      ): IdempotencyKey => ({
        of,
        id,
        author: alice.id,
        fingerprint,
      })
      const makeRoom = { idempotencyKey: keyOf('room', room.id), appends: cast.made(room, alice.id) }
      const makeUser = {
        idempotencyKey: keyOf('user', bob.id),
        appends: [cast.at('workspace', { e: 'user.added', by: alice.id, user: bob })],
      }
      const makeToken = { idempotencyKey: keyOf('token', token.id), rows: [{ row: 'token', token } as const] }
      await cast.do(makeRoom)
      await cast.do(makeUser)
      await cast.do(makeToken)
      const there = (seq: number) => ({ is: 'already', seq, deleted: false })
      assert.deepEqual(await cast.try(makeRoom), there(1))
      assert.deepEqual(await cast.try(makeUser), there(3))
      assert.deepEqual(await cast.try(makeToken), there(0))
      for (const made of [makeRoom, makeUser, makeToken]) {
        const other = await cast.try({
          ...made,
          idempotencyKey: { ...made.idempotencyKey, fingerprint: 'other' },
        })
        assert.deepEqual(other, { is: 'refused', code: 'id_taken' })
      }
      await cast.rows(
        { row: 'room erased', room: room.id },
        { row: 'token ended', token: token.id, user: alice.id },
      )
      await cast.do({ appends: [cast.at('workspace', { e: 'user.removed', by: alice.id, user: bob.id })] })
      assert.deepEqual(await cast.try(makeRoom), { is: 'already', seq: 1, deleted: true })
      assert.deepEqual(await cast.try(makeUser), { is: 'already', seq: 3, deleted: true })
      assert.deepEqual(await cast.try(makeToken), { is: 'already', seq: 0, deleted: true })
    })

    for (const [n, one] of kinds.entries())
      for (const other of kinds.slice(n))
        test(`[L3] a ${one} and a ${other} that two people make under one id at the same moment are one thing`, async () => {
          await using opened = await open()
          const cast = new Cast(() => opened.store)
          const [alice, bob] = [await cast.user('alice'), await cast.user('bob')]
          const rooms = [await cast.room('Tea', [alice]), await cast.room('Milk', [bob])] as const
          for (let round = 0; round < 20; round++) {
            const id = newId<MessageId>()
            const changes = [
              making(cast, one, { id, by: alice, name: `alice-${round}`, room: rooms[0] }),
              making(cast, other, { id, by: bob, name: `bob-${round}`, room: rooms[1] }),
            ]
            if (round % 2) changes.reverse()
            const outcomes = await Promise.all(changes.map(change => cast.try(change)))
            assert.deepEqual(
              outcomes.map(outcome => (outcome.is === 'refused' ? outcome.code : outcome.is)).sort(),
              ['done', 'id_taken'],
              `round ${round}`,
            )
          }
        })

    test('[L3] the ids of an erased room stay taken', async () => {
      await using opened = await open()
      const cast = new Cast(() => opened.store)
      const alice = await cast.user('alice')
      const [tea, milk] = [await cast.room('Tea', [alice]), await cast.room('Milk', [alice])]
      const { id } = await cast.post(tea, alice, 'hello')
      await cast.rows({ row: 'room erased', room: tea })
      const again = await cast.try(cast.posting(milk, alice, 'hello', { id }))
      assert.deepEqual(again, { is: 'already', seq: 3, deleted: true })
      assert.equal((await opened.store.heads([roomTopic(milk)])).get(roomTopic(milk))?.head, 2)
    })
  })
}
