import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Message } from '../../../contract/entities.ts'
import type { MessageId, RoomId, UserId } from '../../../contract/ids.ts'
import type { ConversationSnapshot, ListRow } from '../../sync/model.ts'
import { groupMs, lastOwn, layItems } from './items.ts'

const alice = 'alice' as UserId
const bob = 'bob' as UserId
const noon = new Date(2026, 10, 20, 12).getTime()

function said(seq: number, author: UserId, at: number, quote?: string): ListRow {
  const message: Message = {
    id: `m${seq}` as MessageId,
    room: 'room' as RoomId,
    seq,
    author,
    at,
    text: `text ${seq}`,
    rev: 0,
    ...(quote !== undefined && { quote: quote as MessageId }),
  }
  return { is: 'message', message }
}

const pending = (id: string, at: number): ListRow => ({
  is: 'pending',
  draft: { id: id as MessageId, room: 'room' as RoomId, text: 'soon', at },
})

const conversation = (
  rows: readonly ListRow[],
  more: Partial<ConversationSnapshot> = {},
): ConversationSnapshot => ({
  status: 'ready',
  error: null,
  rows,
  before: false,
  after: false,
  newAfter: null,
  opening: { is: 'end' },
  isSettled: true,
  typing: [],
  ...more,
})

/** The lines in short: "day", "new", "beginning", a row's id, with "+" where it stands under its author's name. */
const lines = (of: ConversationSnapshot): string[] =>
  layItems(of, alice).map(item => (item.is === 'row' ? `${item.lead ? '+' : ''}${item.key}` : item.is))

test("bob's messages stand under one name while they come within five minutes of each other", () => {
  const rows = [
    said(1, bob, noon),
    said(2, bob, noon + groupMs),
    said(3, bob, noon + 2 * groupMs + 1),
    said(4, alice, noon + 2 * groupMs + 2),
  ]
  assert.deepEqual(lines(conversation(rows)), ['beginning', 'day', '+m1', 'm2', '+m3', '+m4'])
})

test('a day stands above its first message', () => {
  const rows = [said(1, bob, noon), said(2, bob, noon + 12 * 3600_000)]
  assert.deepEqual(lines(conversation(rows)), ['beginning', 'day', '+m1', 'day', '+m2'])
})

test('[C2] while older messages are to come, no line stands above the first that they could take away', () => {
  const rows = [said(8, bob, noon), said(9, bob, noon + 1)]
  assert.deepEqual(lines(conversation(rows, { before: true, newAfter: 3 })), ['+m8', 'm9'])
})

test('[C2] the lines that are read keep their keys when older messages come above them', () => {
  const newer = [said(8, bob, noon + 1), said(9, bob, noon + 2)]
  const before = layItems(conversation(newer, { before: true }), alice)
  const after = layItems(conversation([said(7, bob, noon), ...newer]), alice)
  const keys = after.map(item => item.key)
  for (const item of before) assert.ok(keys.includes(item.key))
})

test('"new" stands above the first message after the marker that is not alice\'s own', () => {
  const rows = [said(1, bob, noon), said(2, alice, noon), said(3, bob, noon), said(4, bob, noon)]
  assert.deepEqual(lines(conversation(rows, { newAfter: 1 })), [
    'beginning',
    'day',
    '+m1',
    '+m2',
    'new',
    '+m3',
    'm4',
  ])
})

test('an answer stands under the name of who answers', () => {
  const rows = [said(1, bob, noon), said(2, bob, noon, 'm1')]
  assert.deepEqual(lines(conversation(rows)), ['beginning', 'day', '+m1', '+m2'])
})

test('a row of alice that is not sent yet joins the ones that are, under the same key as when it is', () => {
  const rows = [said(1, alice, noon), pending('m2', noon + 1)]
  assert.deepEqual(lines(conversation(rows)), ['beginning', 'day', '+m1', 'm2'])
  assert.deepEqual(
    lines(conversation(rows)),
    lines(conversation([said(1, alice, noon), said(2, alice, noon + 1)])),
  )
})

test('all keys of a conversation are different', () => {
  const rows = Array.from({ length: 60 }, (_, n) => said(n + 1, n % 7 ? bob : alice, noon + n * 3600_000))
  const keys = layItems(conversation(rows, { newAfter: 20 }), alice).map(item => item.key)
  assert.equal(new Set(keys).size, keys.length)
})

test('alice goes back to her last message, not to one that waits', () => {
  const rows = [said(1, alice, noon), said(2, bob, noon), pending('m3', noon)]
  const row = lastOwn(rows, alice)
  assert.equal(row?.is === 'message' && row.message.id, 'm1')
  assert.equal(lastOwn([said(2, bob, noon)], alice), null)
})
