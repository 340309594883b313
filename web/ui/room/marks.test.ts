import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Box } from './marks.ts'
import { makeCodeBlock, makeLink, toggleLines, toggleMark } from './marks.ts'
import { difference } from './text-box.ts'

/** A box with its selection between two bars. */
function box(written: string): Box {
  const start = written.indexOf('|')
  const end = written.lastIndexOf('|') - 1
  return { text: written.replaceAll('|', ''), start, end }
}
const written = ({ text, start, end }: Box) =>
  `${text.slice(0, start)}|${text.slice(start, end)}|${text.slice(end)}`

test('alice makes words bold, and plain again', () => {
  assert.equal(written(toggleMark(box('a |b| c'), '**')), 'a **|b|** c')
  assert.equal(written(toggleMark(box('a **|b|** c'), '**')), 'a |b| c')
  assert.equal(written(toggleMark(box('a |**b**| c'), '**')), 'a |b| c')
  assert.equal(written(toggleMark(box('a ||'), '**')), 'a **||**')
})

test('alice quotes lines, and takes the quote away', () => {
  assert.equal(written(toggleLines(box('one\nt|w|o\nthree'), '> ')), 'one\n> t|w|o\nthree')
  assert.equal(toggleLines(box('|one\ntwo|'), '- ').text, '- one\n- two')
  assert.equal(toggleLines(box('|- one\n- two|'), '- ').text, 'one\ntwo')
})

test('alice makes a link of a word, or of an address', () => {
  assert.equal(written(makeLink(box('see |this|'))), 'see [this](|https://|)')
  assert.equal(written(makeLink(box('|https://a.b|'))), '[||](https://a.b)')
})

test('alice sets code on lines of its own', () => {
  assert.equal(written(makeCodeBlock(box('try |x = 1| now'))), 'try \n```\n|x = 1|\n```\n now')
})

test('only what differs is put in the box, so that undo takes back no more', () => {
  assert.deepEqual(difference('a b c', 'a **b** c'), { from: 2, to: 3, put: '**b**' })
  assert.deepEqual(difference('same', 'same'), { from: 4, to: 4, put: '' })
  assert.deepEqual(difference('aa', 'aaa'), { from: 2, to: 2, put: 'a' })
})
