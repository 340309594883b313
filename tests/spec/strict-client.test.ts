import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ProtocolViolation, StrictClient } from '../support/strict-client.ts'

const id = (n: number) => `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`
const [me, other, epoch, before] = [id(1), id(2), id(3), id(4)]
const own = `user:${me}`
const [room, next] = [`room:${id(11)}`, `room:${id(12)}`]

/** A frame, or a text, that goes one way or the other, and whether it comes as bytes. */
type Line = { out: object } | { in: object | string; binary?: true } | { close: number }

const stamp = { by: other, at: 1 }
const posted = { e: 'message.posted', ...stamp, id: id(21), text: 'hello' }
const removed = { e: 'member.removed', ...stamp, user: me }
const hello = (cursors: Record<string, number>, more: object = {}): Line => ({
  out: { t: 'hello', v: 1, cursors, ...more },
})
const welcome = (heads: Record<string, number> = { workspace: 5, [own]: 3, [room]: 8, [next]: 2 }) => ({
  in: { t: 'welcome', epoch, me, session: id(5), node: id(6), heads },
})
const events = (topic: string, seq: number, ...of: object[]) => ({
  in: { t: 'events', topic, seq, events: of },
})
const reset = (topic: string, head: number, why = 'new') => ({ in: { t: 'reset', topic, head, why } })
const gone = (topic: string) => ({ in: { t: 'gone', topic } })
const call = (ref: number) => ({ out: { t: 'call', ref, op: 'me.get', input: {} } })
const reply = (ref: number) => ({ in: { t: 'reply', ref, ok: {} } })
const typing = (user: string, of = room) => ({
  in: { t: 'signal', s: 'typing', room: of.slice('room:'.length), user },
})
const presence = { in: { t: 'signal', s: 'presence', user: other, state: 'online' } }
const bye = (code: number, more: object = {}) => ({ in: { t: 'bye', code, reason: 'Away.', ...more } })

/** A connection as it should be up to where a test goes on: the room is named at 6, the other one is not. */
const begun: Line[] = [hello({ workspace: 5, [own]: 3, [room]: 6 }), welcome()]

function play(lines: readonly Line[]): void {
  const client = new StrictClient()
  for (const line of lines) {
    if ('out' in line) client.sent(JSON.stringify(line.out))
    else if ('close' in line) client.closed(line.close)
    else client.received(typeof line.in === 'string' ? line.in : JSON.stringify(line.in), line.binary)
  }
}

test('the strict client lets pass what the protocol allows', () => {
  play([
    ...begun,
    reset(next, 2),
    events(room, 7, posted, posted),
    { out: { t: 'ping' } },
    { in: { t: 'pong' } },
    call(1),
    call(2),
    reply(2),
    { in: { t: 'reply', ref: 1, error: { code: 'denied', message: 'No.' } } },
    typing(other),
    { out: { t: 'watch', users: [other] } },
    presence,
    events(room, 9, removed),
    gone(room),
    reset(room, 14),
    events(room, 15, posted),
    bye(4000, { after: 500 }),
    { close: 4000 },
  ])
  play([{ out: { t: 'hello' } }, { in: { t: 'error', code: 'invalid', message: 'No.' } }, ...begun])
  play([hello({ [room]: 6 }, { epoch: before }), welcome(), reset(room, 8, 'epoch'), events(room, 9, posted)])
  play([hello({ [room]: 9 }), welcome(), reset(room, 8, 'ahead'), events(room, 9, posted)])
  play([hello({ [room]: 9 }), welcome(), events(room, 10, posted)])
  play([...begun, events(room, 7, removed, posted)])
  play([hello({}), welcome({ [own]: 0 }), events(own, 1, { e: 'room.added', ...stamp, room: id(11) })])
})

const planted: readonly (readonly [name: string, lines: readonly Line[], told: RegExp])[] = [
  ['bytes', [{ in: '{}', binary: true }], /text frames/],
  ['what is not JSON', [...begun, { in: 'oops' }], /not JSON/],
  ['an unknown frame', [...begun, { in: { t: 'shout' } }], /no known kind/],
  ['an unknown field', [...begun, { in: { t: 'gone', topic: room, why: 'so' } }], /unrecognized_keys why/],
  ['an unknown event', [...begun, events(room, 7, { e: 'message.sung', ...stamp })], /seq 7/],
  ['an event of another log', [...begun, events(own, 4, posted)], /seq 4/],
  ['an unknown field of an event', [...begun, events(room, 7, { ...posted, secret: 1 })], /fields: secret/],
  ['a frame without events', [...begun, events(room, 7)], /too_small events/],
  ['a frame of too many events', [...begun, events(room, 7, ...Array(1_001).fill(posted))], /too_big events/],
  ['a frame too large', [...begun, events(room, 7, { ...posted, text: 'x'.repeat(1_200_000) })], /at most/],
  ['events before welcome', [hello({}), events(room, 7, posted)], /welcome comes before/],
  ['a reply before welcome', [hello({}), call(1), reply(1)], /welcome comes before/],
  ['welcome without a hello', [welcome()], /answers a hello/],
  ['welcome twice', [...begun, welcome()], /said once/],
  ["somebody else's log", [hello({}), welcome({ [own]: 0, [`user:${other}`]: 1 })], /not served/],
  ['no log of oneself', [hello({}), welcome({ workspace: 1 })], /own log/],
  ['a gap', [...begun, events(room, 8, posted)], /goes on with 7, and not with 8/],
  ['a seq twice', [...begun, events(room, 7, posted), events(room, 7, posted)], /goes on with 8/],
  ['a topic that was not begun', [...begun, events(next, 3, posted)], /not begun/],
  [
    'events of another epoch',
    [hello({ [room]: 6 }, { epoch: before }), welcome(), events(room, 7, posted)],
    /another epoch/,
  ],
  [
    'a catch-up that outlives a reset',
    [...begun, gone(room), reset(room, 23), events(room, 9, posted)],
    /goes on with 24, and not with 9/,
  ],
  ['gone for the second time', [...begun, gone(room), gone(room)], /for the second time/],
  ['events after gone', [...begun, gone(room), events(room, 7, posted)], /after it is gone/],
  [
    'events after the removal',
    [...begun, events(room, 7, posted, posted), events(room, 9, removed), events(room, 10, posted)],
    /after it is removed/,
  ],
  [
    'events in the frame of the removal',
    [...begun, events(room, 7, posted, posted), events(room, 9, removed, posted)],
    /removed at 9/,
  ],
  ['a reset of what is served', [...begun, events(room, 7, posted, posted), reset(room, 9)], /is served/],
  ['a reset twice', [...begun, reset(next, 2), reset(next, 3, 'behind')], /second time/],
  ['a reset of what was named as new', [...begun, reset(room, 8)], /as new/],
  ['a reset of what is new as behind', [...begun, reset(next, 2, 'behind')], /as behind/],
  ['a reset of the epoch that it is of', [...begun, reset(room, 8, 'epoch')], /as epoch/],
  ['ahead of what is not behind', [...begun, reset(room, 8, 'ahead')], /not ahead/],
  ['behind what is not ahead', [hello({ [room]: 8 }), welcome(), reset(room, 8, 'behind')], /not behind/],
  ['a reset to before the head', [...begun, reset(next, 1)], /before its head/],
  ["a reset of somebody's log", [...begun, reset(`user:${other}`, 1)], /not served/],
  ['the workspace gone', [...begun, gone('workspace')], /one's own/],
  ['a reply to nothing', [...begun, reply(1)], /No call 1/],
  ['a reply twice', [...begun, call(1), reply(1), reply(1)], /No call 1/],
  [
    'a reply of both kinds',
    [...begun, call(1), { in: { t: 'reply', ref: 1, ok: {}, error: {} } }],
    /unrecognized_keys error/,
  ],
  [
    'an unknown refusal',
    [...begun, call(1), { in: { t: 'reply', ref: 1, error: { code: 'no', message: 'No.' } } }],
    /invalid_union/,
  ],
  ['a pong to nothing', [...begun, { in: { t: 'pong' } }], /answers a ping/],
  ['oneself typing', [...begun, typing(me)], /themselves/],
  ['typing in a room that is gone', [...begun, gone(room), typing(other)], /served the room/],
  ['presence of who is not watched', [...begun, presence], /watched/],
  ['an unknown close code', [...begun, bye(4999)], /custom code/],
  ['when to come back from nowhere', [...begun, bye(4001, { after: 5 })], /Only 4000/],
  ['something after bye', [...begun, bye(1001), typing(other)], /after bye/],
  ['another code than bye said', [...begun, bye(1001), { close: 4008 }], /bye said 1001/],
  ['something after the close', [...begun, { close: 1001 }, typing(other)], /after the close/],
]

for (const [name, lines, told] of planted)
  test(`the strict client sees ${name}`, () => {
    play(lines.slice(0, -1))
    assert.throws(
      () => play(lines),
      error => error instanceof ProtocolViolation && told.test(error.message),
    )
  })
