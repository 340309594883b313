import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { MessageId } from '../../../contract/ids.ts'
import { newId, roomTopic } from '../../../contract/ids.ts'
import type { Input } from '../../../contract/operations.ts'
import { TestCore } from '../../../tests/support/core.ts'
import type { Store } from '../ports/store.ts'

type Post = Input<'messages.post'>

test('[L3] one id is one message: the same call is answered with the same seq, after anything', async () => {
  await using chat = await TestCore.open()
  const [alice, bob] = [await chat.setUp('alice'), await chat.signUp('bob')]
  const room = await alice.room('Plans', 'private', [bob])
  const post: Post = { id: newId<MessageId>(), room, text: 'hello' }
  const answers = await Promise.all(Array.from({ length: 10 }, () => bob.ok('messages.post', post)))
  const { seq } = answers[0] ?? { seq: 0 }
  assert.deepEqual(new Set(answers.map(answer => answer.seq)), new Set([seq]))
  await bob.ok('messages.edit', { id: post.id, text: 'hello there', was: 0 })
  assert.deepEqual(await bob.ok('messages.post', post), { seq })
  await alice.ok('members.remove', { id: room, user: bob.id })
  assert.deepEqual(await bob.ok('messages.post', post), { seq })
  await alice.ok('messages.remove', { id: post.id })
  assert.deepEqual(await bob.ok('messages.post', post), { seq, deleted: true })
})

test('[L3] any other use of a taken id is refused in the same bytes, by whomever', async () => {
  await using chat = await TestCore.open()
  const [alice, bob, mallory] = [
    await chat.setUp('alice'),
    await chat.signUp('bob'),
    await chat.signUp('mallory'),
  ]
  const room = await alice.room('Plans', 'private', [bob])
  const elsewhere = await mallory.room('Elsewhere')
  const { id } = await alice.says(room, 'hello')
  const uses: [typeof alice, Post][] = [
    [alice, { id, room, text: 'hello you' }],
    [alice, { id, room: await alice.roomNamed('General'), text: 'hello' }],
    [bob, { id, room, text: 'hello' }],
    [mallory, { id, room: elsewhere, text: 'hello' }],
  ]
  const told = async () => {
    const answers = await Promise.all(
      uses.map(([who, post]) => who.refused('messages.post', post, 'id_taken')),
    )
    return new Set(answers.map(answer => JSON.stringify(answer)))
  }
  const before = await told()
  await alice.ok('messages.remove', { id })
  uses.splice(0, 2)
  assert.deepEqual(await told(), before)
  assert.equal(before.size, 1)
})

test('posting reads nothing before it writes', async () => {
  const calls: string[] = []
  const watched = (store: Store): Store =>
    new Proxy(store, {
      get: (of, name) => {
        const value = Reflect.get(of, name)
        if (typeof value !== 'function' || typeof name !== 'string') return value
        return (...given: unknown[]) => {
          calls.push(name)
          return value.apply(of, given)
        }
      },
    })
  await using chat = await TestCore.open({ wrap: watched })
  const alice = await chat.setUp('alice')
  const room = await alice.room('Plans')
  await alice.says(room, 'the first')
  calls.length = 0
  await alice.says(room, 'the second')
  assert.deepEqual(calls, ['commit'])
})

test('[A2] a room that is hidden and one that is not there refuse a message alike; a public one says to join', async () => {
  await using chat = await TestCore.open()
  const [alice, bob] = [await chat.setUp('alice'), await chat.signUp('bob')]
  const post = (room: Post['room']): Post => ({ id: newId<MessageId>(), room, text: 'hello' })
  const hidden = await bob.refused('messages.post', post(await alice.room('Plans', 'private')), 'not_found')
  assert.deepEqual(await bob.refused('messages.post', post(newId<never>()), 'not_found'), hidden)
  await bob.refused('messages.post', post(await alice.room('Tea')), 'denied')
})

test('an edit needs the revision that it changes, unless it changes nothing', async () => {
  await using chat = await TestCore.open()
  const alice = await chat.setUp('alice')
  const { id } = await alice.says(await alice.room('Plans'), 'one')
  const first = await alice.ok('messages.edit', { id, text: 'two', was: 0 })
  assert.deepEqual([first.message.text, first.message.rev], ['two', 1])
  await alice.refused('messages.edit', { id, text: 'three', was: 0 }, 'changed', 'was')
  assert.deepEqual(await alice.ok('messages.edit', { id, text: 'two', was: 0 }), first)
  const race = await Promise.all(['a', 'a', 'a'].map(text => alice.ok('messages.edit', { id, text, was: 1 })))
  assert.deepEqual(
    race.map(answer => answer.message.rev),
    [2, 2, 2],
  )
  await alice.ok('messages.remove', { id })
  await alice.refused('messages.edit', { id, text: 'four', was: 2 }, 'not_found')
})

test('one quotes what stands in the room, and nothing else', async () => {
  await using chat = await TestCore.open()
  const [alice, bob] = [await chat.setUp('alice'), await chat.signUp('bob')]
  const [room, secret] = [await alice.room('Plans', 'public', [bob]), await alice.room('Secret', 'private')]
  const post = (quote: MessageId): Post => ({ id: newId<MessageId>(), room, text: 'yes', quote })
  const { id } = await alice.says(room, 'shall we?')
  const { id: hidden } = await alice.says(secret, 'we shall')
  const mine = post(id)
  await bob.ok('messages.post', mine)
  assert.equal((await bob.ok('messages.get', { id: mine.id })).message.quote, id)
  const refused = await bob.refused('messages.post', post(hidden), 'not_found', 'quote')
  assert.deepEqual(
    await bob.refused('messages.post', post(newId<MessageId>()), 'not_found', 'quote'),
    refused,
  )
})

test('history comes in pages, both ways and around a message', async () => {
  await using chat = await TestCore.open()
  const alice = await chat.setUp('alice')
  const room = await alice.room('Plans')
  const said = []
  for (let n = 0; n < 9; n++) said.push(await alice.says(room, `${n}`))
  const texts = async (input: Omit<Input<'messages.list'>, 'room'>) => {
    const page = await alice.ok('messages.list', { room, ...input })
    return [page.messages.map(message => message.text).join(''), page.before, page.after]
  }
  assert.deepEqual(await texts({}), ['012345678', false, false])
  assert.deepEqual(await texts({ limit: 3 }), ['678', true, false])
  assert.deepEqual(await texts({ limit: 3, before: said[6]?.seq ?? 0 }), ['345', true, true])
  assert.deepEqual(await texts({ limit: 3, after: said[2]?.seq ?? 0 }), ['345', true, true])
  const around = await texts({ limit: 3, around: said[4]?.id })
  assert.match(String(around[0]), /4/)
  // A seq leads to the same place, though what stood there is gone, and beyond the end to the end.
  const at = said[4]?.seq ?? 0
  assert.deepEqual(await texts({ limit: 4, aroundSeq: at }), ['2345', true, true])
  assert.deepEqual(await texts({ limit: 4, aroundSeq: 1_000_000 }), ['5678', true, false])
  assert.deepEqual(await texts({ limit: 4, aroundSeq: 0 }), ['0123', false, true])
  await alice.ok('messages.remove', { id: said[4]?.id as MessageId })
  assert.deepEqual(await texts({ limit: 4, aroundSeq: at }), ['2356', true, true])
  for (const two of [
    { before: 1, after: 1 },
    { before: 1, aroundSeq: 1 },
  ])
    await alice.refused('messages.list', { room, ...two }, 'invalid', 'around')
  const { id } = await alice.says(await alice.room('Elsewhere'), 'there')
  await alice.refused('messages.list', { room, around: id }, 'not_found')
})

test('[L6] what was edited or deleted is in no event afterwards', async () => {
  await using chat = await TestCore.open()
  const alice = await chat.setUp('alice')
  const room = await alice.room('Plans')
  const { id } = await alice.says(room, 'the secret word')
  await alice.ok('messages.edit', { id, text: 'a plain word', was: 0 })
  assert.doesNotMatch(JSON.stringify(await chat.events(roomTopic(room))), /secret/)
  await alice.ok('messages.remove', { id })
  assert.doesNotMatch(JSON.stringify(await chat.events(roomTopic(room))), /word/)
})

test('history goes on behind a page of deleted messages', async () => {
  await using chat = await TestCore.open()
  const alice = await chat.setUp('alice')
  const room = await alice.room('Plans')
  const first = await alice.says(room, 'the first')
  const gone = []
  for (let n = 0; n < 30; n++) gone.push(await alice.says(room, `${n}`))
  await alice.says(room, 'the last')
  for (const { id } of gone) await alice.ok('messages.remove', { id })
  const newest = await alice.ok('messages.list', { room, limit: 1 })
  assert.deepEqual([newest.messages[0]?.text, newest.before], ['the last', true])
  const before = await alice.ok('messages.list', { room, limit: 1, before: newest.messages[0]?.seq ?? 0 })
  assert.deepEqual(
    before.messages.map(message => message.id),
    [first.id],
  )
})
