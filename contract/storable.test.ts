import assert from 'node:assert/strict'
import { test } from 'node:test'
import { charactersOver, utf8Bytes } from './storable.ts'

test('what is cut by the characters over is the longest beginning that fits', () => {
  for (const [text, most, over] of [
    ['', 3, 0],
    ['abc', 3, 0],
    ['abcd', 3, 1],
    ['äbc', 3, 1],
    ['a😀b', 4, 3],
  ] as const) {
    assert.equal(charactersOver(text, most), over, text)
    assert.ok(utf8Bytes(text.slice(0, text.length - over)) <= most)
  }
})
