import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import { test } from 'node:test'
import { deceptive } from '../../contract/deceptive.ts'
import type { RoomId } from '../../contract/ids.ts'
import { newId } from '../../contract/ids.ts'
import { foldName } from '../../contract/names.ts'
import { displayName, username } from '../../contract/text.ts'
import { hasVisible } from '../../contract/visible.ts'
import { password, TestCore } from '../../tests/support/core.ts'
import { lowerSkeletonOf, skeletonOf } from './skeleton.ts'
import { livingScripts, scriptOf } from './told-apart.ts'

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
    ['\u0395\u03a5', 'EY'],
    ['\u05d5', 'l'],
    ['\u05dfice', 'lice'],
    ['\u06a9\u0631\u06cc\u0645', '\u0643\u0631\u064a\u0645'],
    ['corn', '\u0441or\u006e'],
    ['a b', 'a  b'],
    ['\u00e9', 'e\u0301'],
    ['\u{1f680}', '\u{1f680}\ufe0f'],
    ['\u06a9\u0627', '\u06a9\u200c\u0627'],
  ]
  for (const [one = '', other = ''] of same)
    assert.equal(skeletonOf(one), skeletonOf(other), `${one} ${other}`)
  const others = [
    ['mail', 'mall'],
    ['corn', 'com'],
    ['burn', 'bum'],
    ['แดง', 'แตง'],
    ['Team แดง', 'Team แตง'],
    ['ช้าง', 'ซ้าง'],
    ['ข', 'ฃ'],
    ['עידן', 'עידו'],
    ['דן', 'דו'],
    ['ثریا', 'پریا'],
    ['ماں', 'ماے'],
    ['ماں', 'ماى'],
    ['കര', 'കറ'],
    ['കി', 'കീ'],
    ['Գոռ', 'Գոո'],
    ['土井', '士井'],
    ['Гран', 'Уран'],
    ['Ула', 'Үла'],
    ['σα', 'οα'],
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

/** All that the table has of a script, with both cases, as letters and marks of words. */
const lettersOf = (script: string): string[] => {
  const of = new RegExp(`^[\\p{Script=${script}}&&[\\p{L}\\p{M}]]$`, 'v')
  const all = Object.entries(confusables).flatMap(([from, to]) => [from, ...to])
  const both = all.flatMap(letter => [letter, letter.toLowerCase(), letter.toUpperCase()])
  return [...new Set(both)].filter(letter => of.test(letter) && letter.normalize('NFKD') === letter)
}

/** Kept as one: the yeh and kaf of Persian and Arabic, capital Byelorussian I and palochka, the capitals Be and soft sign (see `always`). */
const asOne = [/^[\u06a9\u0643]+$/, /^[\u06cc\u064a\u0649]+$/, /^[\u0406\u04c0]+$/, /^[\u042c\u0412]+$/]

test('letters of one script and case that differ are not one, in words of it', () => {
  for (const script of livingScripts) {
    const byShape = new Map<string, string>()
    for (const letter of lettersOf(script)) {
      const at = `${skeletonOf(letter)} ${/\p{Lu}/u.test(letter)}`
      const together = (byShape.get(at) ?? '') + letter
      byShape.set(at, together)
      const kept = new Set(Array.from(together, foldName)).size === 1 || asOne.some(one => one.test(together))
      assert.ok(kept, `${script}: ${[...together].join(' ')}`)
    }
  }
})

test('every character that Unicode says to look like one of another script is one with it, beside it', () => {
  // The table has these beside forms that are canonically equal and look otherwise; a letter that fonts draw as another one; and what is "rn" to the table.
  const others = new Set('\u{1f16d}\u1f7d\ufb2f\ufb30\ufb39\ufb49\u04cfm')
  let crossing = 0
  for (const [from, to] of Object.entries(confusables)) {
    const own = scriptOf(from)
    if (others.has(from) || (own !== undefined && own !== 'Latin' && Array.from(to, scriptOf).includes(own)))
      continue
    const like = to.replaceAll('rn', 'm')
    // What the table writes with a sign between letters begins another word there.
    if (/[^\p{L}\p{M}]/u.test(like) && /\p{L}/u.test(like)) continue
    crossing++
    // Beside a letter of a script that neither is of, as in a word that is made to deceive.
    const cyrillic = [from, ...like].some(letter => scriptOf(letter) === 'Cyrillic')
    for (const beside of cyrillic ? ['z'] : ['z', '\u0436'])
      assert.equal(skeletonOf(beside + from), skeletonOf(beside + like), `${beside}${from} ${beside}${like}`)
  }
  assert.ok(crossing > 2900, String(crossing))
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
  // Cyrillic letters alone.
  const lookalike = { username: '\u0430\u04cf\u0456\u0441\u0435', password }
  await stranger.refused('account.signUp', lookalike, 'taken', 'username')
  await bob.refused('me.change', { username: lookalike.username }, 'taken', 'username')
  await alice.ok('me.change', { username: lookalike.username })
  await bob.refused('me.change', { username: 'alice' }, 'taken', 'username')
  for (const name of ['\u0410\u04c0\u0406\u0421\u0415', 'Al\u0131ce', 'ALICE', 'aIice'])
    await bob.refused('me.change', { username: name }, 'taken', 'username')
  for (const name of ['\u0430lice', '\u0391LICE', 'AL\u0406C\u0415', 'a\u04cfice', '\u2c81lice'])
    assert.equal(username.safeParse(name).success, false, name)
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

test('people whose names differ by letters of one script that they tell apart are both taken in', async () => {
  await using chat = await TestCore.open()
  await chat.setUp('owner')
  for (const name of [
    'แดง',
    'แตง',
    'עידן',
    'עידו',
    'ثریا',
    'پریا',
    '土井',
    '士井',
    'burn',
    'bum',
    'Гран',
    'Уран',
  ])
    await chat.signUp(name)
})
