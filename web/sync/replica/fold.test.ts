import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Membership, Room, User } from '../../../contract/entities.ts'
import type { Event } from '../../../contract/events.ts'
import type { Epoch, MessageId, RoomId, UserId } from '../../../contract/ids.ts'
import { roomTopic, userTopic } from '../../../contract/ids.ts'
import { unreadOf } from '../room/unread.ts'
import { fold } from './fold.ts'
import type { State } from './state.ts'
import { stateOf, unheld } from './state.ts'

const alice = 'alice' as UserId
const bob = 'bob' as UserId
const room = 'room' as RoomId
const mine = userTopic(alice)
const topic = roomTopic(room)

const user = (id: UserId, displayName: string): User => ({
  id,
  username: id,
  displayName,
  firstName: 'First',
  lastName: 'Last',
  status: 'here',
  avatar: null,
  role: 'member',
  state: 'active',
  createdAt: 1,
})
const general: Room = {
  id: room,
  kind: 'public',
  name: 'General',
  topic: '',
  archived: false,
  everyone: true,
  createdAt: 1,
  last: null,
}
const membership: Membership = { room, role: 'member', since: 2, read: 4, hidden: 0 }

const state = (more: Partial<Parameters<typeof stateOf>[0]> = {}): State =>
  stateOf({
    epoch: 'epoch' as Epoch,
    workspace: { name: 'Test' },
    me: { ...user(alice, 'Alice'), email: 'alice@example.org' },
    users: [{ ...user(alice, 'Alice'), email: 'alice@example.org' }, user(bob, 'Bob')],
    rooms: [general],
    memberships: [membership],
    unread: {},
    cursors: { workspace: 3, [mine]: 2, [topic]: 4 },
    ...more,
  })

const by = { by: bob, at: 9 }

test('what people and rooms are called is as the workspace tells it last', () => {
  const folded = fold(state(), {
    topic: 'workspace',
    first: 4,
    events: [
      { e: 'workspace.changed', ...by, workspace: { name: 'Renamed' } },
      { e: 'user.changed', ...by, user: user(bob, 'Robert') },
      { e: 'user.added', ...by, user: user('carol' as UserId, 'Carol') },
      { e: 'user.removed', ...by, user: 'carol' as UserId },
      { e: 'room.listed', ...by, room: { ...general, id: 'other' as RoomId, name: 'Other' } },
      { e: 'room.unlisted', ...by, room },
    ],
  })
  assert.equal(folded.people.workspace.name, 'Renamed')
  assert.equal(folded.people.users.get(bob)?.displayName, 'Robert')
  const { displayName, username, status, state: is } = folded.people.users.get('carol' as UserId) ?? {}
  assert.deepEqual([displayName, username, status, is], ['', '', '', 'deleted'])
  assert.deepEqual([...folded.people.listed.keys()], ['other'])
  // Oneself's room is one's own, whether listed or not.
  assert.ok(folded.mine.has(room))
})

test('an event of a kind that is not known here changes nothing, and the log goes on', () => {
  const strange = { e: 'moon.phase', ...by } as unknown as Event
  const folded = fold(state(), { topic, first: 5, events: [strange] })
  assert.equal(folded.mine.get(room)?.at, 5)
})

test('what a part holds already is passed over, and a part that is not held is left alone', () => {
  const before = state()
  const old: Event = { e: 'room.changed', ...by, room: { ...general, name: 'Old' } }
  assert.equal(fold(before, { topic, first: 4, events: [old] }), before)
  const formerAddress: Event = { e: 'me.changed', ...by, email: 'former@example.org' }
  assert.equal(fold(before, { topic: mine, first: 2, events: [formerAddress] }), before)
  const formerName: Event = { e: 'workspace.changed', ...by, workspace: { name: 'Former' } }
  assert.equal(fold(before, { topic: 'workspace', first: 3, events: [formerName] }), before)
  const lost = unheld(before, topic)
  assert.equal(fold(lost, { topic, first: 5, events: [old] }), lost)
  assert.equal(fold(before, { topic: roomTopic('elsewhere' as RoomId), first: 1, events: [old] }), before)
})

type Act = 'hers' | 'his' | 'forward' | 'back'

/** What happened, as two logs, and the marker and the count that the server holds at the end. */
function happen(acts: readonly [Act, number][]) {
  const roomLog: Event[] = []
  const ownLog: Event[] = []
  const others: number[] = []
  let head = 4
  let read = 4
  for (const [act, n] of acts) {
    if (act === 'hers' || act === 'his') {
      head++
      const author = act === 'hers' ? alice : bob
      roomLog.push({ e: 'message.posted', by: author, at: 9, id: `m${head}` as MessageId, text: 'x' })
      if (act === 'hers') read = head
      else others.push(head)
    } else {
      const to = act === 'forward' ? read + (n % (head - read + 1)) : n % (read + 1)
      if (to === read) continue
      read = to
      ownLog.push({ e: 'read.moved', by: alice, at: 9, room, seq: to, head })
    }
  }
  return { roomLog, ownLog, read, unread: others.filter(seq => seq > read).length }
}

test('[F8] whichever of two logs is heard first, the marker ends where the server has it, and the count is exact or asked for', () => {
  const act = fc.tuple(fc.constantFrom<Act>('hers', 'his', 'his', 'forward', 'back'), fc.nat(40))
  fc.assert(
    fc.property(
      fc.array(act, { maxLength: 40 }),
      fc.array(fc.boolean(), { maxLength: 80 }),
      (acts, order) => {
        const { roomLog, ownLog, read, unread } = happen(acts)
        let now = state()
        let [r, o] = [0, 0]
        for (const turn of [...order, ...Array(80).fill(true), ...Array(80).fill(false)]) {
          if (turn && r < roomLog.length)
            now = fold(now, { topic, first: 5 + r, events: [roomLog[r++] as Event] })
          if (!turn && o < ownLog.length)
            now = fold(now, { topic: mine, first: 3 + o, events: [ownLog[o++] as Event] })
        }
        const there = now.mine.get(room)
        assert.equal(there?.membership.read, read)
        if (there.unread.sure) assert.equal(unreadOf(there.unread), unread)
      },
    ),
    { numRuns: 400 },
  )
})

test('nothing that did not change becomes another thing', () => {
  const before = state()
  const after = fold(before, {
    topic,
    first: 5,
    events: [{ e: 'message.posted', ...by, id: 'm5' as MessageId, text: 'Hello.' }],
  })
  assert.equal(after.people, before.people)
  assert.equal(after.self, before.self)
  assert.notEqual(after.mine, before.mine)
  assert.equal(after.mine.get(room)?.membership, before.mine.get(room)?.membership)
})
