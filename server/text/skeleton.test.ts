import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import { test } from 'node:test'
import { deceptive } from '../../contract/deceptive.ts'
import type { RoomId } from '../../contract/ids.ts'
import { newId } from '../../contract/ids.ts'
import { displayName } from '../../contract/text.ts'
import { hasVisible } from '../../contract/visible.ts'
import { password, TestCore } from '../../tests/support/core.ts'
import { lowerSkeletonOf, skeletonOf } from './skeleton.ts'

test('names that look the same have one skeleton, and others do not', () => {
  const same = [
    ['alice', '\u0430lice'],
    ['paypal', '\u0440\u0430\u0443\u0440\u0430l'],
    ['Ilse', 'llse'],
    ['HELP', '\u041dELP'],
    ['paypal', 'paypa\u04cf'],
    ['Anna', '\u2c80nna'],
    ['anna', '\u2c81nna'],
    ['foo', '\u017foo'],
    ['\u0227', 'a\u0307'],
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
    [
      '\u{1f3f4}\u{e0067}\u{e0062}\u{e0073}\u{e0063}\u{e0074}\u{e007f}',
      '\u{1f3f4}\u{e0067}\u{e0062}\u{e0077}\u{e006c}\u{e0073}\u{e007f}',
    ],
    ['ops', 'ops!'],
    ['my-room', 'my room'],
  ]
  for (const [one = '', other = ''] of others)
    assert.notEqual(skeletonOf(one), skeletonOf(other), `${one} ${other}`)
})

/** Unicode's table of confusables, as the library has it. */
const confusables: Readonly<Record<string, string>> = createRequire(import.meta.url)('unhomoglyph/data.json')

test('every character that Unicode says to look like another is one with it', () => {
  // The table has these beside forms that are canonically equal and look otherwise; and a letter that fonts draw as another one.
  const others = '\u{1f16d}\u1f7d\ufb2f\ufb30\ufb39\ufb49\u04cf'
  const told = Object.entries(confusables).filter(([from, to]) => skeletonOf(from) !== skeletonOf(to))
  assert.deepEqual(new Set(told.map(([from]) => from)), new Set(others))
})

test('what looks like a Latin letter or a digit is one with it, also where the name is written in capitals', () => {
  const formsOf = (name: string) => [skeletonOf(name), lowerSkeletonOf(name)]
  let letters = 0
  for (const [from, to] of Object.entries(confusables)) {
    if (!/^[a-z0-9]$/i.test(to)) continue
    letters++
    for (const like of new Set([from, from.normalize('NFC'), from.normalize('NFD')])) {
      const name = `AB${like}ON`
      const known = [`AB${to}ON`, `ab${to}on`, `ab${to.toLowerCase()}on`]
      for (const one of from === '\u04cf' ? [] : known)
        assert.ok(
          formsOf(name).some(form => formsOf(one).includes(form)),
          `${name} ${one}`,
        )
    }
  }
  assert.ok(letters > 1000, String(letters))
})

test('no code point makes a second name that looks like "alice": it is refused, or is seen', () => {
  // Ideographs and syllables of Hangul are drawn, and too many to ask about each.
  const many = /[\p{Script=Han}\p{Script=Hangul}]/u
  let taken = 0
  for (let code = 0; code < 0x11_0000; code++) {
    const character = String.fromCodePoint(code)
    if (/^[[\p{Cn}\p{Co}]--\p{Extended_Pictographic}]$/v.test(character)) {
      assert.ok(deceptive.test(character))
      continue
    }
    const within = displayName.safeParse(`ali${character}ce`).success
    const alone = displayName.safeParse(character).success
    const name = `U+${code.toString(16)}`
    if (alone) assert.ok(hasVisible(character), name)
    if (!within) continue
    taken++
    assert.ok(!deceptive.test(character) || /\p{Extended_Pictographic}/u.test(character), name)
    if (!many.test(character) || /\p{Default_Ignorable_Code_Point}/u.test(character))
      assert.notEqual(skeletonOf(`x${character}x`), 'xx', name)
  }
  assert.ok(taken > 100_000, String(taken))
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
  for (const name of ['\u0391LICE', 'AL\u0406C\u0415', 'a\u04cfice', '\u2c81lice'])
    await bob.refused('me.change', { username: name }, 'taken', 'username')
  await bob.ok('me.change', { username: 'alfred' })
})

test('public rooms are told apart by what people see: C++ and C#, an emoji and its word', async () => {
  await using chat = await TestCore.open()
  const alice = await chat.setUp('alice')
  const make = (name: string) => ({ id: newId<RoomId>(), kind: 'public' as const, name })
  for (const name of ['C++', 'C#', 'C', '\u{1f680}', 'rocket', '\u{1f6f8}', '!', 'my room', 'my-room'])
    await alice.ok('rooms.create', make(name))
  for (const name of ['\u0421++', 'c#', '\u{1f680}\ufe0f', 'r\u043ecket', 'my  room', 'R\u039fCKET'])
    await alice.refused('rooms.create', make(name), 'taken', 'name')
  const own = make('secret')
  await alice.ok('rooms.create', { ...own, kind: 'private', name: '\u0421++', id: own.id })
  await alice.refused('rooms.change', { id: own.id, kind: 'public' }, 'taken', 'name')
  await alice.ok('rooms.change', { id: own.id, kind: 'public', name: 'Cobol' })
})
