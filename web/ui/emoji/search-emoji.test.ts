import assert from 'node:assert/strict'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { emojiTexts } from '../../../scripts/emoji-plugin.ts'
import { readList } from './emoji-list.ts'
import { searchEmoji } from './search-emoji.ts'
import { withoutTone, withTone } from './skin-tone.ts'

const texts = emojiTexts(`${import.meta.dirname}/../../..`)
const english = readList(texts.list, texts.words.en, () => true)
const german = readList(texts.list, texts.words.de, () => true)
const first = (typed: string, list = english) => searchEmoji(list, typed, 3).map(({ char }) => char)

test('an emoji is found by its shortcode of any of the three families, with and without colons', () => {
  for (const code of ['+1', 'thumbsup', 'thumbs_up', ':thumbsup:', ':thumbs'])
    assert.equal(first(code)[0], '👍', code)
  assert.equal(english.byCode.get('tada')?.char, '🎉')
  assert.equal(english.byCode.get('hankey')?.char, '💩')
  assert.equal(english.byCode.get('face_with_tears_of_joy')?.char, '😂')
})

test('the shortcode that is typed comes before those that begin with it', () => {
  assert.equal(first('heart')[0], '❤️')
  assert.equal(first('smile')[0], '😄')
  assert.equal(first('cat')[0], '🐱')
})

test('words of its name, in any order, and words that belong to it find it too', () => {
  assert.ok(first('red heart').includes('❤️'))
  assert.ok(first('heart red').includes('❤️'))
  assert.ok(searchEmoji(english, 'birthday').some(({ char }) => char === '🎂'))
  assert.deepEqual(first('no such thing at all'), [])
  assert.deepEqual(first(' : '), [])
})

test('in German it is found by German words, with umlauts and without, and by shortcodes', () => {
  assert.equal(first('Daumen hoch', german)[0], '👍')
  assert.ok(searchEmoji(german, 'fröhlich').some(({ char }) => char === '😀'))
  assert.ok(searchEmoji(german, 'frohlich').some(({ char }) => char === '😀'))
  assert.equal(first(':tada:', german)[0], '🎉')
  assert.equal(german.byChar.get('❤️')?.name, 'rotes Herz')
})

test('the lists hold every emoji once, by group, as Unicode recommends them for interchange', () => {
  assert.equal(english.groups.length, 9)
  const all = english.groups.flat()
  assert.ok(all.length > 1_900)
  assert.equal(english.byChar.size, all.length)
  const knownHere = all.filter(({ char }) => /^\p{RGI_Emoji}$/v.test(char))
  assert.ok(knownHere.length > 1_880, `${all.length - knownHere.length} are not known`)
  for (const { char, codes, name } of all) assert.ok(codes.length > 0 && name !== '', char)
})

test('the lists of one language stay within 60 kB', () => {
  const weight = (text: string) => gzipSync(text).length
  assert.ok(weight(texts.list) + weight(texts.words.en) < 50_000)
  assert.ok(weight(texts.list) + weight(texts.words.de) < 60_000)
})

test('an emoji that the browser does not know is left out', () => {
  const known = readList(texts.list, texts.words.en, char => char !== '😀')
  assert.equal(known.byCode.has('grinning'), false)
  assert.equal(known.byChar.get('😃')?.name, 'grinning face with big eyes')
})

test('every emoji that comes in skin tones has the tones of Unicode, and comes back without them', () => {
  const toned = english.groups.flat().filter(emoji => emoji.toned)
  assert.ok(toned.length > 300)
  for (const { char } of toned)
    for (const tone of [1, 2, 3, 4, 5] as const) {
      assert.match(withTone(char, tone), /^\p{RGI_Emoji}$/v)
      assert.equal(withoutTone(withTone(char, tone)), char)
    }
  assert.equal(withTone('🧑‍🤝‍🧑', 3), '🧑🏽‍🤝‍🧑🏽')
  assert.equal(withTone('✌️', 5), '✌🏿')
  assert.equal(withTone('👍', 0), '👍')
})
