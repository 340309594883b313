import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Message } from '../../../contract/entities.ts'
import type { MessageId, RoomId, Seq, UserId } from '../../../contract/ids.ts'
import { seenIn } from '../../ui/room/seen.ts'
import type { MessageWindow } from './message-window.ts'
import { keptWindow, windowOf } from './message-window.ts'
import type { PageQuery } from './page.ts'
import { countBetween, openingOf, pageFor, reachOf, unreadFrom } from './reading.ts'

const alice = 'alice' as UserId
const bob = 'bob' as UserId
const pageSize = 100

const said = (seq: Seq, author: UserId): Message => ({
  id: `m${seq}` as MessageId,
  room: 'room' as RoomId,
  seq,
  author,
  at: seq,
  text: `text ${seq}`,
  rev: 0,
})

/** What the server answers for a page of this history. */
function pageOf(all: readonly Message[], page: PageQuery): MessageWindow {
  const around = Number(page.aroundSeq ?? Number.POSITIVE_INFINITY)
  const older = all.filter(({ seq }) => seq < around)
  const newer = all.filter(({ seq }) => seq >= around)
  const before = Math.min(older.length, Math.max(pageSize / 2, pageSize - newer.length))
  const after = Math.min(newer.length, pageSize - before)
  return windowOf({
    messages: [...older.slice(older.length - before), ...newer.slice(0, after)],
    before: older.length > before,
    after: newer.length > after,
    seq: all.at(-1)?.seq ?? 0,
  })
}

/** A room: its history, with seqs between its messages where something else happened, alice's marker, and what her page has kept. */
interface Scene {
  readonly all: readonly Message[]
  readonly read: Seq
  readonly messageWindow: MessageWindow | null
  readonly heights: readonly number[]
  readonly window: number
  readonly position: number
}

const scene: fc.Arbitrary<Scene> = fc
  .record({
    gaps: fc.array(fc.record({ gap: fc.integer({ min: 1, max: 3 }), mine: fc.nat(9) }), { maxLength: 400 }),
    marker: fc.double({ min: 0, max: 1, noNaN: true }),
    kept: fc.option(
      fc.record({
        count: fc.integer({ min: 1, max: 200 }),
        upTo: fc.double({ min: 0, max: 1, noNaN: true }),
      }),
    ),
    heights: fc.array(fc.oneof(fc.integer({ min: 20, max: 60 }), fc.integer({ min: 400, max: 1_400 })), {
      minLength: 1,
      maxLength: 20,
    }),
    window: fc.integer({ min: 200, max: 1_000 }),
    position: fc.double({ min: 0, max: 1, noNaN: true }),
  })
  .map(({ gaps, marker, kept, ...rest }) => {
    let seq = 0
    const all = gaps.map(({ gap, mine }) => {
      seq += gap
      return said(seq, mine === 0 ? alice : bob)
    })
    const upTo = kept ? Math.ceil(kept.upTo * all.length) : 0
    const messages = kept ? all.slice(Math.max(0, upTo - kept.count), upTo) : []
    const messageWindow = kept && {
      messages,
      before: upTo > kept.count,
      after: upTo < all.length,
      at: seq,
    }
    return { all, read: Math.round(marker * seq), messageWindow: messageWindow ?? null, ...rest }
  })

const unreadIn = ({ all, read }: Pick<Scene, 'all' | 'read'>) =>
  all.filter(({ seq, author }) => seq > read && author !== alice)

/** What is loaded when the room has opened. */
function opened({ all, read, messageWindow, position }: Scene): {
  messageWindow: MessageWindow
  opening: ReturnType<typeof openingOf>
} {
  const unread = Math.min(100, unreadIn({ all, read }).length)
  const at = all[Math.floor(position * all.length)]
  const opening = openingOf({
    at: undefined,
    marker: { read, unread },
    position: at ? { seq: at.seq, offset: -7 } : null,
  })
  const page = pageFor(opening, messageWindow, alice)
  return { messageWindow: page || !messageWindow ? pageOf(all, page ?? {}) : messageWindow, opening }
}

test('a room opens at the first unread message, cached or not, however many there are: it is loaded, and so is what comes before it', () => {
  fc.assert(
    fc.property(scene, given => {
      const { messageWindow, opening } = opened(given)
      const [first] = unreadIn(given)
      assert.equal(opening.is === 'unread', first !== undefined)
      if (!first) return
      assert.equal(unreadFrom(messageWindow, given.read, alice), first.seq)
      assert.ok(messageWindow.messages.some(({ seq }) => seq === first.seq))
      // Nothing is asked for again.
      assert.equal(pageFor(opening, messageWindow, alice), null)
    }),
  )
})

test('with nothing unread a room opens where one was, else at its end', () => {
  fc.assert(
    fc.property(scene, given => {
      const { messageWindow, opening } = opened({ ...given, read: given.all.at(-1)?.seq ?? 0 })
      if (opening.is === 'position')
        assert.ok(messageWindow.messages.some(({ seq }) => seq === opening.position.seq))
      else assert.deepEqual([opening.is, messageWindow.after], ['end', false])
      assert.equal(pageFor(opening, messageWindow, alice), null)
    }),
  )
})

test('what is kept of a closed room holds where one was', () => {
  fc.assert(
    fc.property(scene, fc.integer({ min: 2, max: 200 }), ({ messageWindow, position }, count) => {
      const at = messageWindow?.messages[Math.floor(position * messageWindow.messages.length)]
      if (!messageWindow || !at) return
      const kept = keptWindow(messageWindow, at.seq, count - (count % 2))
      assert.ok(kept)
      assert.ok(kept.messages.some(({ seq }) => seq === at.seq))
      assert.ok(kept.messages.length <= count)
      if (kept.messages[0] !== messageWindow.messages[0]) assert.ok(kept.before)
      if (kept.messages.at(-1) !== messageWindow.messages.at(-1)) assert.ok(kept.after)
    }),
  )
})

/** Somebody at work in the list: they scroll by some px, or jump to some share of it. */
type Move = { is: 'scroll'; by: number } | { is: 'jump'; to: number }

const move: fc.Arbitrary<Move> = fc.oneof(
  fc.record({ is: fc.constant('scroll' as const), by: fc.integer({ min: -900, max: 900 }) }),
  fc.record({ is: fc.constant('jump' as const), to: fc.double({ min: 0, max: 1, noNaN: true }) }),
)

test('[C6] nothing is read that was not on the screen, and nothing that was jumped over; a marker goes forward only', () => {
  fc.assert(
    fc.property(scene, fc.array(move, { maxLength: 30 }), (given, moves) => {
      const { messageWindow } = opened(given)
      const tops = [0]
      for (const [n] of messageWindow.messages.entries())
        tops.push((tops.at(-1) ?? 0) + (given.heights[n % given.heights.length] ?? 20))
      const end = Math.max(0, (tops.at(-1) ?? 0) - given.window)
      const first = messageWindow.messages.findIndex(
        ({ seq, author }) => seq > given.read && author !== alice,
      )
      let at = Math.min(end, first < 0 ? end : (tops[first] ?? 0))
      let { read } = given
      let joined = false
      const bottoms = new Set<Seq>()
      for (const next of [{ is: 'scroll', by: 0 } as const, ...moves]) {
        const from = at
        if (next.is === 'jump') joined = false
        at = Math.max(0, Math.min(end, next.is === 'jump' ? next.to * end : at + next.by))
        const placed = messageWindow.messages.map(({ seq }, n) => ({
          seq,
          top: (tops[n] ?? 0) - at,
          bottom: (tops[n + 1] ?? 0) - at,
        }))
        // What scrolling passes by is on the screen too.
        const low = next.is === 'jump' ? at : Math.min(from, at)
        for (const { seq, top, bottom } of placed) {
          const height = Math.max(from, at) - low + given.window
          const [over, under] = next.is === 'jump' ? [top, bottom] : [top + at - low, bottom + at - low]
          const shown = Math.min(under, height) - Math.max(0, over)
          if (shown > 0 && (under <= height + 0.5 || shown > (bottom - top) / 2)) bottoms.add(seq)
        }
        const seen = seenIn(placed, given.window)
        if (!seen) continue
        const reach = reachOf(seen, { read, unreadFrom: unreadFrom(messageWindow, read, alice), joined })
        joined = reach.joined
        assert.ok(reach.read >= read)
        for (const { seq, author } of messageWindow.messages)
          if (seq > read && seq <= reach.read && author !== alice)
            assert.ok(bottoms.has(seq), `${seq} was not seen`)
        read = reach.read
      }
    }),
    { numRuns: 300 },
  )
})

test('how many were read is told only where all of them are loaded', () => {
  fc.assert(
    fc.property(scene, fc.double({ min: 0, max: 1, noNaN: true }), (given, share) => {
      const { messageWindow } = opened(given)
      const to = Math.round(share * (messageWindow.messages.at(-1)?.seq ?? 0))
      const count = countBetween(messageWindow, given.read, to, alice)
      if (count !== null) assert.equal(count, unreadIn(given).filter(({ seq }) => seq <= to).length)
    }),
  )
})

test('of a message that fills the screen nothing is read before its end; one that is mostly seen is', () => {
  const long = { seq: 2, top: -100, bottom: 1_300 }
  assert.deepEqual(seenIn([{ seq: 1, top: -140, bottom: -100 }, long], 600), {
    first: 2,
    last: 1,
    offset: -100,
  })
  assert.equal(seenIn([{ ...long, top: -800, bottom: 600 }], 600)?.last, 2)
  assert.equal(
    seenIn(
      [
        { seq: 1, top: 0, bottom: 590 },
        { seq: 2, top: 590, bottom: 620 },
      ],
      600,
    )?.last,
    1,
  )
  assert.equal(
    seenIn(
      [
        { seq: 1, top: 0, bottom: 580 },
        { seq: 2, top: 580, bottom: 610 },
      ],
      600,
    )?.last,
    2,
  )
  assert.equal(seenIn([], 600), null)
})
