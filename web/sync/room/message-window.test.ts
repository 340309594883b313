import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Message } from '../../../contract/entities.ts'
import type { Event } from '../../../contract/events.ts'
import type { MessageId, RoomId, UserId } from '../../../contract/ids.ts'
import type { MessageWindow } from './message-window.ts'
import { bounded, foldWindow, windowOf, withAfter, withBefore } from './message-window.ts'

const room = 'room' as RoomId
const alice = 'alice' as UserId
const topic = `room:${room}` as const

const postedAs = (seq: number): Event => ({
  e: 'message.posted',
  by: alice,
  at: seq,
  id: `m${seq}` as MessageId,
  text: `text ${seq}`,
  ...plainAt(seq),
})

/** Every third message came from where there was no Markdown, until somebody edits it. */
const plainAt = (seq: number) => (seq % 3 === 0 ? { plain: true as const } : {})

/** A room's log, and what its history holds after each seq of it, as the server would tell it. */
function logOf(acts: readonly { is: 'post' | 'edit' | 'delete'; nth: number }[]) {
  const events: Event[] = []
  const histories: Message[][] = [[]]
  for (const { is, nth } of acts) {
    const seq = events.length + 1
    const before = histories.at(-1) ?? []
    const message = before[nth % Math.max(1, before.length)]
    const at = seq
    if (is === 'post' || !message) {
      events.push(postedAs(seq))
      const id = `m${seq}` as MessageId
      histories.push([
        ...before,
        { id, room, seq, author: alice, at, text: `text ${seq}`, ...plainAt(seq), rev: 0 },
      ])
    } else if (is === 'edit') {
      const rev = message.rev + 1
      events.push({ e: 'message.edited', by: alice, at, id: message.id, text: `edit ${seq}`, rev })
      const { plain: _, ...rest } = message
      const next = { ...rest, text: `edit ${seq}`, rev, editedAt: at }
      histories.push(before.map(other => (other === message ? next : other)))
    } else {
      events.push({ e: 'message.deleted', by: alice, at, id: message.id, of: message.seq, author: alice })
      histories.push(before.filter(other => other !== message))
    }
  }
  /** A page as of `at`: those before `end`, at most `limit`. */
  const before = (at: number, end: number, limit: number): MessageWindow => {
    const all = histories[at] ?? []
    const older = all.filter(message => message.seq < end)
    const messages = older.slice(-limit)
    const rest = all.length > older.length
    return windowOf({ messages, before: older.length > limit, after: rest, seq: at })
  }
  const after = (at: number, start: number, limit: number): MessageWindow => {
    const all = histories[at] ?? []
    const newer = all.filter(message => message.seq > start)
    return windowOf({
      messages: newer.slice(0, limit),
      before: all.length > newer.length,
      after: newer.length > limit,
      seq: at,
    })
  }
  return { events, histories, before, after }
}

const acts = fc.array(
  fc.record({ is: fc.constantFrom('post', 'post', 'post', 'edit', 'delete'), nth: fc.nat(50) }),
  { minLength: 1, maxLength: 60 },
) as fc.Arbitrary<{ is: 'post' | 'edit' | 'delete'; nth: number }[]>

/** The window after the events of the log from `from` to `to`. */
const folded = (
  messageWindow: MessageWindow,
  events: readonly Event[],
  from: number,
  to: number,
): MessageWindow => foldWindow(messageWindow, { topic, first: from + 1, events: events.slice(from, to) })

test('[F8] a page read at any moment, with the events around it, equals a page read later', () => {
  fc.assert(
    fc.property(acts, fc.nat(), fc.nat(), fc.nat(), (made, a, b, c) => {
      const { events, histories, before } = logOf(made)
      const [from, asOf, receivedUntil] = [a, b, c]
        .map(n => n % (events.length + 1))
        .sort((x, y) => x - y) as [number, number, number]
      // The stream may be behind the answer, or ahead of it: events from before the answer come again.
      const start = Math.min(from, asOf)
      let messageWindow = before(asOf, Number.POSITIVE_INFINITY, 20)
      messageWindow = folded(messageWindow, events, start, receivedUntil)
      messageWindow = folded(messageWindow, events, receivedUntil, events.length)
      const shown = messageWindow.messages
      const all = histories.at(-1) ?? []
      assert.deepEqual(shown, shown.length === 0 ? [] : all.slice(-shown.length))
      if (!messageWindow.before) assert.deepEqual(shown, all)
    }),
  )
})

test('[F8] pages to both sides, read while the room goes on, join to one unbroken run', () => {
  fc.assert(
    fc.property(
      acts,
      fc.array(fc.tuple(fc.boolean(), fc.nat(3), fc.nat(6)), { maxLength: 30 }),
      fc.nat(),
      (made, steps, start) => {
        const { events, histories, before, after } = logOf(made)
        let now = start % (events.length + 1)
        let answered = now
        const middle = Math.ceil(now / 2)
        let messageWindow = before(now, middle + 1, 3)
        for (const [older, ahead, forward] of steps) {
          // An answer that is ahead of the stream by so much, or as new as it; none is older than what was answered before.
          const asOf = Math.min(events.length, Math.max(answered, now + ahead))
          answered = asOf
          const [first, last] = [messageWindow.messages[0], messageWindow.messages.at(-1)]
          if (older && first && messageWindow.before)
            messageWindow = withBefore(messageWindow, before(asOf, first.seq, 4))
          if (!older && last && messageWindow.after)
            messageWindow = withAfter(messageWindow, after(asOf, last.seq, 4))
          const next = Math.min(events.length, now + forward)
          messageWindow = folded(messageWindow, events, now, next)
          now = next
        }
        messageWindow = folded(messageWindow, events, now, events.length)
        const all = histories.at(-1) ?? []
        const from = messageWindow.before ? (messageWindow.messages[0]?.seq ?? Number.POSITIVE_INFINITY) : 0
        const to = messageWindow.after ? (messageWindow.messages.at(-1)?.seq ?? 0) : Number.POSITIVE_INFINITY
        if (messageWindow.messages.length > 0 || (!messageWindow.before && !messageWindow.after))
          assert.deepEqual(
            messageWindow.messages,
            all.filter(message => message.seq >= from && message.seq <= to),
          )
      },
    ),
  )
})

test('[C2] while bob reads old messages, new ones move nothing', () => {
  const { events, before } = logOf(Array.from({ length: 40 }, () => ({ is: 'post' as const, nth: 0 })))
  const reading = before(30, 21, 10)
  const later = folded(reading, events, 30, 40)
  assert.equal(later.messages, reading.messages)
  assert.equal(later.at, 40)
})

test('a room that is open for very long does not grow without end', () => {
  let messageWindow = windowOf({ messages: [], before: false, after: false, seq: 0 })
  for (let seq = 1; seq <= 9_000; seq++)
    messageWindow = bounded(foldWindow(messageWindow, { topic, first: seq, events: [postedAs(seq)] }))
  assert.ok(messageWindow.messages.length <= 3_500)
  assert.ok(messageWindow.before)
  assert.equal(messageWindow.messages.at(-1)?.seq, 9_000)
})

test('an edit that is heard after a newer one was read does not bring the older text back, not even for a moment', () => {
  const { events, before } = logOf([
    { is: 'post', nth: 0 },
    { is: 'edit', nth: 0 },
    { is: 'edit', nth: 0 },
  ])
  const read = before(3, Number.POSITIVE_INFINITY, 10)
  assert.deepEqual(folded(read, events, 1, 2).messages, read.messages)
  assert.deepEqual(folded(read, events, 0, 1).messages, read.messages)
})

test('an event of a kind that is not known here changes no message, and the window goes on', () => {
  const { before } = logOf([{ is: 'post', nth: 0 }])
  const read = before(1, Number.POSITIVE_INFINITY, 10)
  const strange = { e: 'moon.phase', by: alice, at: 2, id: 'm1' } as unknown as Event
  const later = foldWindow(read, { topic, first: 2, events: [strange] })
  assert.equal(later.messages, read.messages)
  assert.equal(later.at, 2)
})
