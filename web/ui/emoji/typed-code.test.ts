import assert from 'node:assert/strict'
import { test } from 'node:test'
import { emojiTexts } from '../../../scripts/emoji-plugin.ts'
import { readList } from './emoji-list.ts'
import { codeBefore } from './typed-code.ts'

const texts = emojiTexts(`${import.meta.dirname}/../../..`)
const list = readList(texts.list, texts.words.en, () => true)

/** What is found where "|" stands. */
const at = (text: string, tone: 0 | 4 = 0) =>
  codeBefore(text.replace('|', ''), text.indexOf('|'), list, tone)?.char ?? null

test('a shortcode is an emoji as soon as its last colon is typed, in the chosen skin tone', () => {
  assert.equal(at('Well done :tada:|'), '🎉')
  assert.equal(at(':+1:| all'), '👍')
  assert.equal(at('(:thumbs_up:|', 4), '👍🏾')
  assert.equal(at('`code` :tada:| `more`'), '🎉')
  assert.equal(at('> quoted **:heart:|** end'), '❤️')
})

test('it stays as typed in code, within a word, and where there is no such emoji', () => {
  for (const typed of [
    '`a :tada:|`',
    'begun `a :tada:|',
    'begun ``a :tada:|',
    '```\n:tada:|\n```',
    '- a\n  ```\n  :tada:|',
    'std:tada:|',
    '::tada:|',
    ':no_such_thing:|',
    'at 10:30:|',
    ':|',
    '::|',
  ])
    assert.equal(at(typed), null, typed)
})
