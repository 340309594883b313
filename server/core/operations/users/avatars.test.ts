import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { utimes } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import type { AvatarId } from '../../../../contract/ids.ts'
import { newId } from '../../../../contract/ids.ts'
import type { Actor } from '../../../../tests/support/core.ts'
import { TestCore } from '../../../../tests/support/core.ts'
import type { Refusal } from '../../answer.ts'
import type { Picture, Pictures } from '../../ports/pictures.ts'

const drawing = (n: number) => new Uint8Array([n, n, n, n])

async function hashOf(chat: TestCore, who: Actor, avatar: AvatarId, side: number) {
  assert.ok(who.identity)
  const asker = await chat.core.access.asker(who.identity)
  assert.ok('me' in asker)
  return chat.core.access.avatar(asker, avatar, side)
}

const files = async (chat: TestCore): Promise<string[]> =>
  Array.fromAsync(chat.files.list(), ({ hash }) => hash)

test('bob shows a picture, which everybody signed in may see in its sizes', async () => {
  await using chat = await TestCore.open()
  const [alice, bob] = [await chat.setUp('alice'), await chat.signUp('bob')]
  const { avatar } = await bob.ok('me.setAvatar', {}, drawing(7))
  assert.equal((await alice.ok('users.get', { id: bob.id })).user.avatar, avatar)
  const hash = await hashOf(chat, alice, avatar, 512)
  assert.ok(typeof hash === 'string')
  assert.deepEqual(new Uint8Array((await chat.files.get(hash)) ?? []), drawing(7))
  assert.ok('error' in Object(await hashOf(chat, alice, avatar, 64)))
  assert.ok('error' in Object(await hashOf(chat, alice, newId<AvatarId>(), 512)))
})

test('[L6] a picture that was replaced or taken away leaves no file', async () => {
  await using chat = await TestCore.open()
  const [alice, bob] = [await chat.setUp('alice'), await chat.signUp('bob')]
  const { avatar: first } = await bob.ok('me.setAvatar', {}, drawing(1))
  await alice.ok('me.setAvatar', {}, drawing(2))
  await bob.ok('me.setAvatar', {}, drawing(2))
  await chat.core[Symbol.asyncDispose]()
  assert.equal((await files(chat)).length, 3)
  assert.ok('error' in Object(await hashOf(chat, alice, first, 512)))
})

test('[L6] two who show the same picture lose nothing when one of them takes it away', async () => {
  await using chat = await TestCore.open()
  const [alice, bob] = [await chat.setUp('alice'), await chat.signUp('bob')]
  const { avatar } = await alice.ok('me.setAvatar', {}, drawing(3))
  await bob.ok('me.setAvatar', {}, drawing(3))
  await bob.ok('me.removeAvatar', {})
  await bob.ok('me.removeAvatar', {})
  await chat.core[Symbol.asyncDispose]()
  assert.equal((await files(chat)).length, 3)
  assert.equal((await alice.ok('users.get', { id: bob.id })).user.avatar, null)
  assert.ok(typeof (await hashOf(chat, alice, avatar, 48)) === 'string')
})

test('[L6] the picture goes with the account, and what a crash left without a row goes at the next start', async () => {
  await using chat = await TestCore.open()
  await chat.setUp('alice')
  const bob = await chat.signUp('bob')
  await bob.ok('me.setAvatar', {}, drawing(1))
  await bob.ok('me.remove', { messages: 'keep' })
  await chat.core[Symbol.asyncDispose]()
  assert.deepEqual(await files(chat), [])
  await chat.files.put(drawing(8))
  const left = await chat.files.put(drawing(9))
  const longAgo = new Date(chat.clock.now() - 2 * 3600_000)
  await utimes(join(chat.directory, 'files', left.slice(0, 2), left), longAgo, longAgo)
  const core = chat.another()
  await core.start()
  await core[Symbol.asyncDispose]()
  const justPut = createHash('sha256').update(drawing(8)).digest('hex')
  assert.deepEqual(await files(chat), [justPut], 'another node may be about to name it')
})

test("an administrator takes somebody's picture away, and its files go; that of an owner only an owner does", async () => {
  await using chat = await TestCore.open()
  const owner = await chat.setUp('owner')
  const [alice, bob] = [await chat.signUp('alice'), await chat.signUp('bob')]
  await owner.ok('users.change', { id: alice.id, role: 'administrator' })
  await bob.ok('me.setAvatar', {}, drawing(1))
  await owner.ok('me.setAvatar', {}, drawing(2))
  const before = (await files(chat)).length
  const { user } = await alice.ok('users.removeAvatar', { id: bob.id })
  assert.equal(user.avatar, null)
  const events = await chat.events('workspace')
  await alice.ok('users.removeAvatar', { id: bob.id })
  assert.deepEqual(await chat.events('workspace'), events, 'where there is none, nothing happens')
  await alice.refused('users.removeAvatar', { id: owner.id }, 'denied')
  await bob.refused('users.removeAvatar', { id: bob.id }, 'denied')
  await chat.core[Symbol.asyncDispose]()
  assert.equal((await files(chat)).length, before / 2)
})

test('a picture that is none, or too large, is refused with what would do', async () => {
  let picture: Picture = { is: 'unsupported' }
  const pictures = { square: async () => picture, [Symbol.asyncDispose]: async () => {} }
  await using chat = await TestCore.open({ pictures })
  const alice = await chat.setUp('alice')
  const none = await alice.refused('me.setAvatar', {}, 'unsupported', 'picture')
  assert.match(none.message, /JPEG, PNG, WebP, AVIF or GIF/)
  for (const is of ['too_large', 'too_costly'] as const) {
    picture = { is }
    await alice.refused('me.setAvatar', {}, 'too_large', 'picture')
  }
  picture = { is: 'too_many_pixels', kind: 'an AVIF', width: 7_000, height: 7_000, most: 12_500_000 }
  const many = await alice.refused('me.setAvatar', {}, 'too_large', 'picture')
  assert.equal(
    many.message,
    'The picture has 7000 x 7000 (49 million) pixels; an AVIF may have at most 12.5 million.',
  )
  picture = { is: 'busy' }
  assert.equal((await alice.refused('me.setAvatar', {}, 'rate_limited', 'picture')).retryAfter, 5)
  picture = { is: 'late' }
  assert.equal((await alice.refused('me.setAvatar', {}, 'rate_limited', 'picture')).retryAfter, 20)
  assert.deepEqual(await files(chat), [])
})

test('[A3] whose session ends while their picture waits for its turn shows none', async () => {
  const begun = Promise.withResolvers<void>()
  const made = Promise.withResolvers<void>()
  const pictures: Pictures = {
    square: async bytes => {
      begun.resolve()
      await made.promise
      return { is: 'done', sizes: { 512: bytes, 128: bytes, 48: bytes } }
    },
    [Symbol.asyncDispose]: async () => {},
  }
  await using chat = await TestCore.open({ pictures })
  const alice = await chat.setUp('alice')
  const lost = await chat.signIn('alice')
  const answer = lost.ask('me.setAvatar', {}, { bytes: drawing(1) })
  await begun.promise
  assert.ok(lost.identity)
  await alice.ok('sessions.remove', { id: lost.identity.id })
  made.resolve()
  assert.equal(((await answer) as Refusal).error.code, 'signed_out')
  assert.equal((await alice.ok('me.get', {})).me.avatar, null)
})
