import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { RoomId, UserId } from '../../../contract/ids.ts'
import { newId, roomTopic } from '../../../contract/ids.ts'
import type { Listener } from './channel.ts'
import { Channel } from './channel.ts'
import { formerMembers } from './former-members.ts'

const schedule = { flushIn() {}, now: () => 0, turned() {}, returned() {} }

/** A room here with so many members, the first of whom hears it. */
function heard(members: number): { channel: Channel; room: RoomId; users: UserId[] } {
  const room = newId<RoomId>()
  const users = Array.from({ length: members }, (_, n) => `${room}-${n}` as UserId)
  const channel = new Channel(roomTopic(room), schedule)
  channel.begin(7, users)
  const listener: Listener = {
    user: users[0] as UserId,
    isOpen: true,
    channels: new Set(),
    write() {},
    drained: async () => true,
    lose() {},
    revoke() {},
  }
  channel.join(listener)
  return { channel, room, users }
}

/** What is found, and how many rooms each query was about. */
async function find(rooms: ReturnType<typeof heard>[], gone: ReadonlySet<UserId>, others: Channel[] = []) {
  const asked: number[] = []
  const membersIn = async (of: readonly RoomId[]) => {
    asked.push(of.length)
    const there = rooms.filter(({ room }) => of.includes(room))
    return new Map(there.map(({ room, users }) => [room, { users: new Set(users).difference(gone), seq: 9 }]))
  }
  const former = await formerMembers([...others, ...rooms.map(({ channel }) => channel)], { membersIn })
  return { former, asked }
}

test('[F4] who is no member any more is found in a thousand rooms with one query, and those that nobody hears are not asked about', async () => {
  const rooms = Array.from({ length: 1_000 }, () => heard(3))
  const [first, last] = [rooms[0], rooms[999]].map(one => ({ room: one?.room, who: one?.users[0] }))
  const gone = new Set([first?.who, last?.who, rooms[5]?.users[1]] as UserId[])
  const quiet = new Channel(roomTopic(newId<RoomId>()), schedule)
  quiet.begin(7, [newId<UserId>()])
  const found = await find(rooms, gone, [quiet, new Channel('workspace', schedule)])
  assert.deepEqual(found, {
    former: [
      { ...first, seq: 9 },
      { ...last, seq: 9 },
    ],
    asked: [1_000],
  })
})

test('rooms with many members are asked about some at a time, none of them left out', async () => {
  const rooms = [heard(12_000), heard(12_000), heard(25_000), heard(1), heard(1)]
  const gone = new Set(rooms.map(({ users }) => users[0] as UserId))
  const { former, asked } = await find(rooms, gone)
  assert.deepEqual(asked, [1, 1, 1, 2])
  assert.deepEqual(
    former.map(({ who }) => who),
    [...gone],
  )
})
