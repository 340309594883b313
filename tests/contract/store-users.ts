import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { AvatarId } from '../../contract/ids.ts'
import { newId, userTopic } from '../../contract/ids.ts'
import { foldName } from '../../contract/names.ts'
import type { Store } from '../../server/core/ports/store.ts'
import type { OpenStore } from '../support/opened-store.ts'
import { Cast, userNamed } from '../support/store-cast.ts'

/** People: what events make of them, and how they are read. */
export function userContract(name: string, open: OpenStore): void {
  describe(`${name}: people`, () => {
    test('somebody added is read by id, by folded name, among all and in the snapshot, the e-mail address apart', async () => {
      await using opened = await open()
      const cast = new Cast(() => opened.store)
      const alice = await cast.user('Älice', { firstName: 'Alice', status: 'here', role: 'administrator' })
      await cast.do({
        appends: [cast.at(userTopic(alice.id), { e: 'me.changed', by: alice.id, email: 'a@example.org' })],
      })
      const whole = { ...alice, email: 'a@example.org' }
      assert.deepEqual(await opened.store.user(alice.id), whole)
      assert.deepEqual(await opened.store.userNamed(foldName('äLICE')), whole)
      assert.deepEqual(await opened.store.users({ ids: [alice.id, newId()] }), { users: [whole], seq: 1 })
      const snapshot = await opened.store.snapshot(alice.id)
      assert.deepEqual(snapshot?.me, whole)
      assert.deepEqual(snapshot?.users, [alice])
      assert.equal(await opened.store.snapshot(newId()), null)
      assert.equal(await opened.store.user(newId()), null)
      assert.equal(await opened.store.userNamed('nobody'), null)
    })

    test('people are read page by page in the order of their ids', async () => {
      await using opened = await open()
      const cast = new Cast(() => opened.store)
      const ids = (await Promise.all(['a', 'b', 'c', 'd', 'e'].map(one => cast.user(one))))
        .map(({ id }) => id)
        .sort()
      const first = await opened.store.users({ after: null, limit: 3 })
      const second = await opened.store.users({ after: ids[2] ?? null, limit: 3 })
      assert.deepEqual(
        [...first.users, ...second.users].map(({ id }) => id),
        ids,
      )
      assert.equal(first.seq, 5)
    })

    test('a username equal after folding is refused, at sign-up and at a change, and is free once its user is gone', async () => {
      await using opened = await open()
      const cast = new Cast(() => opened.store)
      const [alice, bob] = [await cast.user('alice'), await cast.user('bob')]
      const taken = { is: 'refused', code: 'taken', field: 'username' }
      const again = userNamed('ALICE')
      const signUp = { appends: [cast.at('workspace', { e: 'user.added', by: again.id, user: again })] }
      assert.deepEqual(await cast.try(signUp), taken)
      const rename = { ...bob, username: 'Alice' }
      assert.deepEqual(
        await cast.try({ appends: [cast.at('workspace', { e: 'user.changed', by: bob.id, user: rename })] }),
        taken,
      )
      assert.equal((await opened.store.user(bob.id))?.username, 'bob')
      await cast.do({ appends: [cast.at('workspace', { e: 'user.removed', by: alice.id, user: alice.id })] })
      await cast.do(signUp)
    })

    test('of twenty signing up at once under one name, one gets it', async () => {
      await using opened = await open()
      const cast = new Cast(() => opened.store)
      const outcomes = await Promise.all(
        Array.from({ length: 20 }, () => {
          const user = userNamed('alice')
          return cast.try({ appends: [cast.at('workspace', { e: 'user.added', by: user.id, user })] })
        }),
      )
      assert.equal(outcomes.filter(({ is }) => is === 'done').length, 1)
      assert.deepEqual((await opened.store.heads(['workspace'])).get('workspace')?.head, 1)
    })

    test('a change of profile is read everywhere', async () => {
      await using opened = await open()
      const cast = new Cast(() => opened.store)
      const alice = await cast.user('alice')
      const changed = {
        ...alice,
        username: 'al',
        displayName: 'Al',
        status: 'away',
        state: 'deactivated' as const,
      }
      await cast.changed(changed)
      assert.deepEqual((await opened.store.snapshot(alice.id))?.users, [changed])
      assert.equal(await opened.store.userNamed('alice'), null)
    })

    test('somebody removed stays as deleted, without names, password, sessions, tokens and picture', async () => {
      await using opened = await open()
      const cast = new Cast(() => opened.store)
      const alice = await cast.user('alice', { displayName: 'Alice', status: 'here' })
      const avatar = newId<AvatarId>()
      await cast.do({
        appends: [
          cast.at(userTopic(alice.id), { e: 'me.changed', by: alice.id, email: 'a@example.org' }),
          cast.at('workspace', { e: 'user.changed', by: alice.id, user: { ...alice, avatar } }),
        ],
        rows: [
          { row: 'avatar', avatar: { id: avatar, user: alice.id, sizes: { 48: 'aa', 512: 'bb' } } },
          { row: 'credential', user: alice.id, hash: 'hash' },
        ],
      })
      const session = await cast.session(alice)
      const token = await cast.token(alice)
      await cast.do({ appends: [cast.at('workspace', { e: 'user.removed', by: alice.id, user: alice.id })] })
      const { store } = opened
      assert.deepEqual(await store.user(alice.id), {
        ...alice,
        username: '',
        displayName: '',
        status: '',
        state: 'deleted',
        email: '',
      })
      assert.equal(await store.credential(alice.id), null)
      assert.equal(await store.session(session.hash), null)
      assert.equal(await store.token(token.hash), null)
      assert.equal(await store.avatar(avatar), null)
      await assertUnused(store, ['aa', 'bb'], ['aa', 'bb'])
    })

    test('a new picture takes the place of the old one, whose files nobody names any more', async () => {
      await using opened = await open()
      const cast = new Cast(() => opened.store)
      const alice = await cast.user('alice')
      const put = (id: AvatarId | null, sizes: Record<number, string>) =>
        cast.do({
          appends: [
            cast.at('workspace', { e: 'user.changed', by: alice.id, user: { ...alice, avatar: id } }),
          ],
          rows: id ? [{ row: 'avatar', avatar: { id, user: alice.id, sizes } }] : [],
        })
      const [first, second] = [newId<AvatarId>(), newId<AvatarId>()]
      await put(first, { 48: 'aa', 512: 'bb' })
      assert.deepEqual(await opened.store.avatar(first), { 48: 'aa', 512: 'bb' })
      await put(second, { 48: 'aa', 512: 'cc' })
      assert.equal(await opened.store.avatar(first), null)
      await assertUnused(opened.store, ['aa', 'bb', 'cc', 'dd'], ['bb', 'dd'])
      await put(null, {})
      await assertUnused(opened.store, ['aa', 'cc'], ['aa', 'cc'])
    })

    test('a purge is known until it is done', async () => {
      await using opened = await open()
      const cast = new Cast(() => opened.store)
      const alice = await cast.user('alice')
      await cast.rows({ row: 'purge', user: alice.id })
      await cast.rows({ row: 'purge', user: alice.id })
      assert.deepEqual(await opened.store.purges(), [alice.id])
      await opened.reopen()
      assert.deepEqual(await opened.store.purges(), [alice.id])
      await cast.rows({ row: 'purged', user: alice.id })
      assert.deepEqual(await opened.store.purges(), [])
    })

    test('a workspace has an epoch, a salt and a name that can be changed', async () => {
      await using opened = await open()
      const cast = new Cast(() => opened.store)
      const alice = await cast.user('alice')
      const before = await opened.store.workspace()
      assert.match(before.epoch, /^[0-9a-f-]{36}$/)
      assert.match(before.salt, /^[0-9a-f]{64}$/)
      const workspace = { name: 'Tea house' }
      await cast.do({ appends: [cast.at('workspace', { e: 'workspace.changed', by: alice.id, workspace })] })
      assert.deepEqual(await opened.store.workspace(), { ...before, name: 'Tea house' })
      await using other = await open()
      const another = await other.store.workspace()
      assert.notEqual(another.epoch, before.epoch)
      assert.notEqual(another.salt, before.salt)
    })
  })
}

/** Of these files, the store names all but those that are `unused`, in whatever order it tells them. */
async function assertUnused(
  store: Store,
  files: readonly string[],
  unused: readonly string[],
): Promise<void> {
  assert.deepEqual(new Set(await store.unusedFiles(files)), new Set(unused))
}
