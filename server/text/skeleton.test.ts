import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { RoomId } from '../../contract/ids.ts'
import { newId } from '../../contract/ids.ts'
import { password, TestCore } from '../../tests/support/core.ts'
import { skeletonOf } from './skeleton.ts'

test('names that look the same have one skeleton, and others do not', () => {
  const same = [
    ['alice', '\u0430lice'],
    ['paypal', '\u0440\u0430\u0443\u0440\u0430l'],
    ['Ilse', 'llse'],
    ['HELP', '\u041dELP'],
    ['modern', 'modem'],
    ['a b', 'a  b'],
    ['\u00e9', 'e\u0301'],
    ['\u{1f680}', '\u{1f680}\ufe0f'],
    ['\u06a9\u0627', '\u06a9\u200c\u0627'],
  ]
  for (const [one = '', other = ''] of same)
    assert.equal(skeletonOf(one), skeletonOf(other), `${one} ${other}`)
  const others = [
    ['mail', 'mall'],
    ['C++', 'C#'],
    ['\u{1f680}', 'rocket'],
    ['ops', 'ops!'],
    ['my-room', 'my room'],
  ]
  for (const [one = '', other = ''] of others)
    assert.notEqual(skeletonOf(one), skeletonOf(other), `${one} ${other}`)
})

test('mallory gets no username that looks like that of alice', async () => {
  await using chat = await TestCore.open()
  const alice = await chat.setUp('alice')
  const bob = await chat.signUp('bob')
  const stranger = chat.nobody
  const lookalike = { username: '\u0430lice', password }
  await stranger.refused('account.signUp', lookalike, 'taken', 'username')
  await bob.refused('me.change', { username: '\u0430lice' }, 'taken', 'username')
  await alice.ok('me.change', { username: '\u0430lice' })
  await bob.refused('me.change', { username: 'alice' }, 'taken', 'username')
})

test('public rooms are told apart by what people see: C++ and C#, an emoji and its word', async () => {
  await using chat = await TestCore.open()
  const alice = await chat.setUp('alice')
  const make = (name: string) => ({ id: newId<RoomId>(), kind: 'public' as const, name })
  for (const name of ['C++', 'C#', 'C', '\u{1f680}', 'rocket', '\u{1f6f8}', '!', 'my room', 'my-room'])
    await alice.ok('rooms.create', make(name))
  for (const name of ['\u0421++', 'c#', '\u{1f680}\ufe0f', 'r\u043ecket', 'my  room'])
    await alice.refused('rooms.create', make(name), 'taken', 'name')
  const own = make('secret')
  await alice.ok('rooms.create', { ...own, kind: 'private', name: '\u0421++', id: own.id })
  await alice.refused('rooms.change', { id: own.id, kind: 'public' }, 'taken', 'name')
  await alice.ok('rooms.change', { id: own.id, kind: 'public', name: 'Cobol' })
})
