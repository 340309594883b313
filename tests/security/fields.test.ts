import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import * as z from 'zod/mini'
import type { RoomId } from '../../contract/ids.ts'
import { newId } from '../../contract/ids.ts'
import type { OperationName } from '../../contract/operations.ts'
import { operations } from '../../contract/operations.ts'
import {
  displayName,
  email,
  messageText,
  personName,
  roomName,
  roomTopicText,
  statusLine,
  tokenName,
  username,
  workspaceName,
} from '../../contract/text.ts'
import { hasVisible } from '../../contract/visible.ts'
import { password, TestCore } from '../support/core.ts'

/** What no field of any operation takes. */
const hostile: Readonly<Record<string, unknown>> = {
  'a megabyte of text': 'x'.repeat(1024 * 1024),
  'a megabyte of digits': '9'.repeat(1024 * 1024),
  'an object': { toString: 'x' },
  'a query of another database': { $gt: '' },
  'an array of objects': [{ id: 'x' }],
  'nested arrays': [[[]]],
  null: null,
  'a fraction': 0.5,
  'a number below zero': -1,
  'a number that is none': Number.NaN,
  'a path that climbs': '../..\0',
  'U+0000': 'a\0b',
  'half a character': 'a\ud800b',
}

/** The names of an operation's fields. */
const fieldsOf = (op: OperationName): string[] =>
  Object.keys(z.toJSONSchema(operations[op].input, { io: 'input', unrepresentable: 'any' }).properties ?? {})

/** Whether the contract finds this field wrong, whatever it finds of the others. */
function isRefused(op: OperationName, field: string, value: unknown): boolean {
  const parsed = operations[op].input.safeParse({ [field]: value })
  return !parsed.success && parsed.error.issues.some(issue => issue.path[0] === field)
}

for (const op of Object.keys(operations) as OperationName[])
  describe(`what ${op} takes`, () => {
    for (const field of fieldsOf(op))
      test(`its ${field} is of its form, and no longer than it may be`, () => {
        for (const [what, value] of Object.entries(hostile)) assert.ok(isRefused(op, field, value), what)
      })
    test('has no field that it does not know', () => {
      for (const field of ['__proto__', 'constructor', 'toString', 'role ', 'isAdmin'])
        assert.equal(operations[op].input.safeParse(JSON.parse(`{"${field}":1}`)).success, false, field)
    })
  })

/** A code point of each kind that is not drawn, or that nobody knows how to draw. */
const deceptive = [
  0x202e, 0x2066, 0x200b, 0xfeff, 0x00ad, 0x200f, 0x061c, 0x2060, 0xe0041, 0x1b, 0x85, 0x2028, 0x034f, 0xfe0f,
  0xfe00, 0x200d, 0x200c, 0x2800, 0x3164, 0x115f, 0x1160, 0xffa0, 0x180e, 0x17b4, 0x17b5, 0xe0100, 0x1bca0,
  0xfff9, 0xfffc, 0xe000, 0xf8ff, 0xf0000, 0x10fffd, 0xfdd0, 0xffff, 0x1fffe, 0x0378, 0x50000, 0x1d159,
  0x1d173, 0x13430, 0x13441, 0x13442, 0x16fe4, 0x2d7f, 0x1039, 0x17d2, 0x1bab, 0xaaf6, 0x1107f, 0x11f42,
]

test('nobody makes one name look like another by characters that are not seen', () => {
  const names = {
    username,
    displayName,
    personName,
    roomName,
    roomTopicText,
    statusLine,
    tokenName,
    workspaceName,
    email,
  }
  for (const [what, schema] of Object.entries(names))
    for (const code of deceptive) {
      const name = `ali${String.fromCodePoint(code)}ce`
      assert.equal(schema.safeParse(name).success, false, `${what} with U+${code.toString(16)}`)
    }
})

test('no name and no message is blank', () => {
  const blank = [
    '\u3164',
    '\u2800',
    '\u115f\u1160',
    '\uffa0',
    '\u034f',
    '\ufe0f',
    '\u200d',
    '\u0301\u0302',
    '\u{1d159}',
    '\u{13441}\u{13442}',
    '\ufffc',
    '\u{16fe4}\u2d7f',
    '\uffff',
    ' \u00a0\u3000 ',
  ]
  const schemas = {
    username,
    displayName,
    personName,
    roomName,
    roomTopicText,
    statusLine,
    tokenName,
    workspaceName,
    messageText,
  }
  for (const [what, schema] of Object.entries(schemas))
    for (const text of blank) {
      const parsed = schema.safeParse(text)
      const shown = parsed.success && hasVisible(parsed.data)
      assert.ok(!parsed.success || shown || parsed.data === '', `${what}: ${encodeURIComponent(text)}`)
    }
  assert.equal(messageText.safeParse('\u200b\n\u2800').success, false)
})

test('what scripts and emoji need to be joined by is taken where they need it', () => {
  const names = [
    '👩‍💻 Ada',
    '👨‍👩‍👧',
    '❤️',
    '❤️‍🔥',
    '1️⃣',
    '🏴󠁧󠁢󠁳󠁣󠁴󠁿 Scots',
    'می‌خواهم',
    'क्‍ष',
    'ශ්‍රී',
    '👍🏽',
    '葛󠄀飾',
    // A virama that stacks letters, and a joiner of Tifinagh.
    'ខ្មែរ',
    'သတ္တ',
    '\u2d5c\u2d7f\u2d5c',
    // A pictograph that is to come, and the flag of an English-speaking land.
    '\u{1faff}',
    '\u{1f3f4}\u{e0067}\u{e0062}\u{e0077}\u{e006c}\u{e0073}\u{e007f}',
  ]
  for (const name of names)
    for (const schema of [displayName, roomName, statusLine, messageText]) {
      const parsed = schema.safeParse(name)
      assert.equal(parsed.success && parsed.data, name)
    }
})

test('a username has joiners and variants of letters where its script needs them, and nowhere else', () => {
  // Persian, Sinhala, Bengali and Mongolian words, and a variant of an ideograph.
  const words = ['علی\u200cرضا', 'ශ්\u200dරීමා', 'র\u200c্যাব', 'ᠬᠠᠷ\u180eᠠ', 'ᠠ\u180bᠨᠠ', '葛\u{e0100}飾']
  for (const name of words)
    for (const schema of [username, displayName, roomName, personName]) {
      const parsed = schema.safeParse(name)
      assert.equal(parsed.success && parsed.data, name)
    }
  const elsewhere = [
    'ali\u200cce',
    '\u200cعلی',
    'علی\u200c\u200cرضا',
    'علی.\u200cرضا',
    'a\u180eb',
    'a\u180bb',
    '\u180eᠠ',
    'ᠠ\u180e',
    'ᠠ\u180b\u180bᠨ',
    '1\ufe0f\u20e3',
  ]
  for (const name of elsewhere)
    assert.equal(username.safeParse(name).success, false, encodeURIComponent(name))
})

test('a username is in one of the alphabets that look alike; rooms and people may mix them', () => {
  const mixed = [
    'кim',
    'κim',
    'тom',
    'пina',
    'aпп',
    'ьea',
    'ћi',
    'ωill',
    'Ꭺnna',
    'ոina',
    'кλ',
    'anna.бэ',
    '\u2c81lice',
  ]
  for (const name of mixed) {
    const parsed = username.safeParse(name)
    assert.match(parsed.error?.issues[0]?.message ?? '', /^must not mix letters of different alphabets/, name)
    for (const schema of [displayName, roomName, personName]) assert.ok(schema.safeParse(name).success, name)
  }
  const one = [
    'Юля',
    'Ἀθηνᾶ',
    'Գոռ',
    'ᎠᎾ',
    'anna-2',
    '山田taro',
    'タカB',
    'ann김',
    'Müller',
    'สมชาย_it',
    'юля@2.+-_',
  ]
  for (const name of one) assert.ok(username.safeParse(name).success, name)
})

test('words that are special to a program are names like others', async () => {
  await using chat = await TestCore.open()
  await chat.setUp()
  for (const word of ['__proto__', 'constructor', 'toString', 'hasOwnProperty']) {
    const person = await chat.signUp(word)
    assert.equal((await chat.signIn(word, password)).id, person.id)
    const id = newId<RoomId>()
    const { room } = await person.ok('rooms.create', { id, kind: 'public', name: word })
    assert.equal(room.name, word)
    await person.refused('rooms.create', { id: newId<RoomId>(), kind: 'public', name: word }, 'taken', 'name')
  }
})

test('markup in a name or a text stays what was written', async () => {
  await using chat = await TestCore.open()
  const alice = await chat.setUp('alice')
  const markup = '<img src=x onerror=alert(1)>"\'&lt;'
  await alice.ok('me.change', { displayName: markup, status: markup })
  const room = await alice.room(`x ${markup}`)
  const { id } = await alice.says(room, markup)
  assert.equal((await alice.ok('me.get', {})).me.displayName, markup)
  assert.equal((await alice.ok('messages.get', { id })).message.text, markup)
})
