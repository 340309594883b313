import assert from 'node:assert/strict'
import { test } from 'node:test'
import { storable, utf8Bytes } from '../../../../contract/storable.ts'
import { username } from '../../../../contract/text.ts'
import { cutBytes, nearestUsername, plainLine, quoted, readText } from './texts.ts'

/** As SQLite gives a cell: of its bytes, at most `most`, decoded. */
function read(bytes: Uint8Array, most = 100) {
  const part = bytes.subarray(0, most)
  const of = { total: bytes.length, read: part.length, most, bytes: () => part }
  return readText(Buffer.from(part).toString('utf8'), of)
}

test('a text as people write it stays as it is', () => {
  const text = 'Grüße, 世界 👋 <b>\n\u202e'
  assert.deepEqual(read(Buffer.from(text)), {
    text,
    bytes: utf8Bytes(text),
    repaired: false,
    cut: false,
  })
})

test('a replacement character that somebody wrote is no damage', () => {
  assert.equal(read(Buffer.from('a\uFFFDb')).repaired, false)
})

test('bytes that are no text, U+0000 and lone surrogates become storable, and are told of', () => {
  for (const bytes of [[0x61, 0xff, 0x62], [0x61, 0, 0x62], [0xed, 0xa0, 0x80], [0xc3]]) {
    const { text, repaired } = read(Buffer.from(bytes))
    assert.ok(repaired, String(bytes))
    assert.ok(storable(text), String(bytes))
  }
})

test('a text is cut between characters, and repairing never makes it too long', () => {
  assert.equal(cutBytes('aé👋', 7), 'aé👋')
  assert.equal(cutBytes('aé👋', 6), 'aé')
  assert.equal(cutBytes('aé👋', 2), 'a')
  const repaired = read(Buffer.alloc(100, 0xff))
  assert.equal(utf8Bytes(repaired.text), 99)
  assert.ok(repaired.cut && repaired.repaired)
})

test('a cell of which only the beginning was read is cut, and its half character is no damage', () => {
  const { text, cut, repaired } = read(Buffer.from('aaa👋'), 5)
  assert.deepEqual({ text, cut, repaired }, { text: 'aaa', cut: true, repaired: false })
})

test('a name becomes one line that shows what it is', () => {
  assert.equal(plainLine('  Lunch\n\tbreak\u202e  ', 80), 'Lunch break')
  assert.equal(plainLine('👋👋👋', 2), '👋👋')
})

test('a username comes as near as one can be', () => {
  for (const [given, near] of [
    ['bob', 'bob'],
    ['bob@example.org', 'bob@example.org'],
    ['bob smith', 'bob_smith'],
    ['bob\u0000<script>', 'bob_script_'],
    ['x'.repeat(151), 'x'.repeat(150)],
  ] as const) {
    assert.equal(nearestUsername(given, 150), near)
    assert.ok(username.safeParse(near).success, near)
  }
  assert.equal(nearestUsername('', 150), null)
  assert.equal(nearestUsername('\u202e!!', 150), null)
})

test('a report holds nothing that a terminal obeys', () => {
  assert.equal(quoted('a\u001b[31m\u202eb\nc'), '"a\\u{1b}[31m\\u{202e}b\\u{a}c"')
  assert.equal(quoted('x'.repeat(100)).length, 63)
})
