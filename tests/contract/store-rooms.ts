import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Room } from '../../contract/entities.ts'
import type { RoomId } from '../../contract/ids.ts'
import { newId, roomTopic, userTopic } from '../../contract/ids.ts'
import type { OpenStore } from '../support/opened-store.ts'
import { Cast, roomNamed } from '../support/store-cast.ts'

/** Rooms, who is in them, and what each has read. */
export function roomContract(name: string, open: OpenStore): void {
  async function scene() {
    const opened = await open()
    const cast = new Cast(() => opened.store)
    const [alice, bob] = [await cast.user('alice'), await cast.user('bob')]
    return { opened, cast, alice, bob, [Symbol.asyncDispose]: () => opened[Symbol.asyncDispose]() }
  }

  describe(`${name}: rooms`, () => {
    test('a room is read with what one is in it, how many are, and the head of its log', async () => {
      await using s = await scene()
      const id = await s.cast.room('Tea', [s.alice, s.bob], { topic: 'milk first', everyone: true })
      const fields = roomNamed('Tea', { id, topic: 'milk first', everyone: true })
      const seen = await s.opened.store.room(id, s.bob.id)
      assert.deepEqual(seen, {
        room: { ...fields, last: null },
        membership: { room: id, role: 'member', since: 3, read: 3, hidden: 0 },
        members: 2,
        unread: 0,
        seq: 3,
      })
      const outside = await s.opened.store.room(id, newId())
      assert.deepEqual([outside?.membership, outside?.unread], [null, 0])
      assert.equal(await s.opened.store.room(newId(), s.bob.id), null)
      assert.deepEqual(await s.opened.store.roomsForEveryone(), [id])
    })

    test('a join sets since and the marker to its seq; leaving ends the membership; both are counted', async () => {
      await using s = await scene()
      const { store } = s.opened
      const room = await s.cast.room('Tea', [s.alice])
      await s.cast.post(room, s.alice, 'before')
      await s.cast.join(room, s.bob, 'manager')
      assert.deepEqual(await store.membership(room, s.bob.id), { role: 'manager', since: 4, read: 4 })
      assert.deepEqual(await store.roomsOf(s.bob.id), [{ room, kind: 'public', since: 4 }])
      assert.deepEqual(await store.memberIds(room), { users: [s.alice.id, s.bob.id].sort(), seq: 4 })
      const [other, unknown] = [await s.cast.room('Milk', [s.bob]), newId<RoomId>()]
      assert.deepEqual(
        await store.membersIn([room, other, unknown]),
        new Map([
          [room, { users: new Set([s.alice.id, s.bob.id]), seq: 4 }],
          [other, { users: new Set([s.bob.id]), seq: 2 }],
          [unknown, { users: new Set(), seq: 0 }],
        ]),
      )
      assert.deepEqual(await store.membersIn([]), new Map())
      assert.deepEqual(await store.membersOf(room, { after: null, limit: 1 }), {
        members: [{ user: s.alice.id, role: 'member', since: 2 }],
        seq: 4,
      })
      assert.equal((await store.membersOf(room, { after: s.alice.id, limit: 9 })).members[0]?.user, s.bob.id)
      const change = s.cast.at(roomTopic(room), {
        e: 'member.changed',
        by: s.alice.id,
        user: s.bob.id,
        role: 'member',
      })
      await s.cast.do({ appends: [change] })
      assert.equal((await store.membership(room, s.bob.id))?.role, 'member')
      await s.cast.leave(room, s.bob)
      assert.equal(await store.membership(room, s.bob.id), null)
      assert.equal((await store.room(room, s.alice.id))?.members, 1)
    })

    test('a public name is one among public rooms, archived ones too, and so is what it looks like', async () => {
      await using s = await scene()
      const taken = { is: 'refused', code: 'taken', field: 'name' }
      const make = (room: Omit<Room, 'last'>) => s.cast.try({ appends: s.cast.made(room, s.alice.id) })
      const tea = await s.cast.room('Tea Time', [s.alice], { archived: true })
      assert.deepEqual(await make(roomNamed('TEA TIME')), taken)
      assert.deepEqual(await make(roomNamed('\u0422ea Time')), taken, 'its first letter is Cyrillic')
      assert.equal((await make(roomNamed('tea-time!'))).is, 'done', 'an address is nobody’s alone')
      assert.equal((await make(roomNamed('Tea Time', { kind: 'private' }))).is, 'done')
      assert.equal((await make(roomNamed('Tea Time', { kind: 'private' }))).is, 'done')
      assert.equal((await make(roomNamed('!!!'))).is, 'done')
      assert.equal((await make(roomNamed('???'))).is, 'done')
      await s.cast.do({
        appends: s.cast.altered(roomNamed('Tea Time', { id: tea, kind: 'private' }), s.alice.id),
      })
      assert.equal((await make(roomNamed('Tea Time'))).is, 'done')
    })

    test("each sees public rooms and one's own; an administrator's list adds private ones; nobody's direct rooms but one's own", async () => {
      await using s = await scene()
      const open = await s.cast.room('Open', [s.alice])
      const shut = await s.cast.room('Shut', [s.alice], { kind: 'private' })
      const direct = await s.cast.room('', [s.alice, s.bob], { kind: 'direct' })
      const carol = await s.cast.user('carol')
      const { store } = s.opened
      const list = async (viewer: typeof carol, which: 'mine' | 'visible' | 'all') =>
        (await store.rooms(viewer.id, which)).rooms.map(({ id }) => id).sort()
      assert.deepEqual(await list(carol, 'mine'), [])
      assert.deepEqual(await list(carol, 'visible'), [open])
      assert.deepEqual(await list(carol, 'all'), [open, shut].sort())
      assert.deepEqual(await list(s.bob, 'mine'), [direct])
      assert.deepEqual(await list(s.bob, 'visible'), [open, direct].sort())
      assert.deepEqual(await list(s.alice, 'all'), [open, shut, direct].sort())
      const { rooms, seq } = await store.rooms(s.bob.id, 'mine')
      assert.deepEqual(rooms[0]?.people, [s.alice.id, s.bob.id].sort())
      assert.equal(seq, 4)
      assert.deepEqual((await store.room(direct, s.bob.id))?.room.people, [s.alice.id, s.bob.id].sort())
      assert.equal((await store.room(open, s.bob.id))?.room.people, undefined)
    })

    test('the last message of a room is the newest posted, deleted or not', async () => {
      await using s = await scene()
      const room = await s.cast.room('Tea', [s.alice])
      const last = async () => (await s.opened.store.room(room, s.alice.id))?.room.last
      assert.equal(await last(), null)
      const first = await s.cast.post(room, s.alice, 'one')
      s.cast.now = 9_000
      const second = await s.cast.post(room, s.alice, 'two')
      assert.deepEqual(await last(), { seq: second.seq, at: 9_000 })
      await s.cast.erase(room, s.alice, second)
      await s.cast.erase(room, s.alice, first)
      assert.deepEqual(await last(), { seq: second.seq, at: 9_000 })
      s.cast.now = 12_000
      const third = await s.cast.post(room, s.alice, 'three')
      assert.deepEqual(await last(), { seq: third.seq, at: 12_000 })
    })

    test("posting moves one's marker forward and never back; read.moved moves it both ways; hiding is kept", async () => {
      await using s = await scene()
      const { store } = s.opened
      const room = await s.cast.room('Tea', [s.alice, s.bob])
      const { seq } = await s.cast.post(room, s.alice, 'one')
      assert.equal((await store.membership(room, s.alice.id))?.read, seq)
      assert.equal((await store.membership(room, s.bob.id))?.read, 3)
      await s.cast.read(room, s.alice, 2)
      assert.equal((await store.membership(room, s.alice.id))?.read, 2)
      await s.cast.read(room, s.alice, seq)
      assert.equal((await store.membership(room, s.alice.id))?.read, seq)
      const hide = s.cast.at(userTopic(s.bob.id), { e: 'room.hidden', by: s.bob.id, room, seq })
      await s.cast.do({ appends: [hide] })
      assert.equal((await store.room(room, s.bob.id))?.membership?.hidden, seq)
    })

    test("unread are others' messages after the marker, without deleted ones, exact to 99 and 100 for more", async () => {
      await using s = await scene()
      const { store } = s.opened
      const room = await s.cast.room('Tea', [s.alice, s.bob])
      const unread = async () => (await store.unread(room, s.bob.id))?.unread
      const posted = await s.cast.post(room, s.alice, 'one')
      await s.cast.post(room, s.alice, 'two')
      assert.equal(await unread(), 2)
      await s.cast.erase(room, s.alice, posted)
      assert.equal(await unread(), 1)
      await s.cast.post(room, s.bob, 'mine')
      assert.equal(await unread(), 0)
      await s.cast.read(room, s.bob, 3)
      assert.deepEqual(await store.unread(room, s.bob.id), { read: 3, unread: 1, seq: 7 })
      for (let n = 0; n < 98; n++) await s.cast.post(room, s.alice, `${n}`)
      assert.equal(await unread(), 99)
      await s.cast.post(room, s.alice, 'hundredth')
      assert.equal(await unread(), 100)
      await s.cast.post(room, s.alice, 'and more')
      assert.equal(await unread(), 100)
      assert.equal((await store.room(room, s.bob.id))?.unread, 100)
      assert.equal(await store.unread(room, newId()), null)
    })

    test('[F8] a snapshot has every head and marker as they were at one moment', async () => {
      await using s = await scene()
      const { store } = s.opened
      const tea = await s.cast.room('Tea', [s.alice, s.bob])
      await s.cast.room('Elsewhere', [s.alice], { kind: 'private' })
      const direct = await s.cast.room('', [s.alice, s.bob], { kind: 'direct' })
      const other = await s.cast.room('Other', [s.alice])
      await s.cast.post(tea, s.alice, 'hello')
      const snapshot = await store.snapshot(s.bob.id)
      assert.ok(snapshot)
      assert.deepEqual(snapshot.rooms.map(({ id }) => id).sort(), [tea, direct, other].sort())
      assert.deepEqual(snapshot.memberships.map(({ room }) => room).sort(), [tea, direct].sort())
      assert.deepEqual(snapshot.unread, { [tea]: 1, [direct]: 0 })
      assert.deepEqual(snapshot.cursors, {
        workspace: 4,
        [userTopic(s.bob.id)]: 2,
        [roomTopic(tea)]: 4,
        [roomTopic(direct)]: 3,
      })
      assert.deepEqual(snapshot.rooms.find(({ id }) => id === tea)?.last?.seq, 4)
      assert.deepEqual(snapshot.rooms.find(({ id }) => id === direct)?.people, [s.alice.id, s.bob.id].sort())
    })

    test('[F4] whose right to a room ended is told with the seq at which it did, among the keys that ended', async () => {
      await using s = await scene()
      const { store } = s.opened
      const [room, open] = [await s.cast.room('Tea', [s.alice, s.bob]), await s.cast.room('Bar', [s.alice])]
      const { upTo: start } = await store.ended(null)
      await s.cast.leave(room, s.bob)
      const left = (await store.heads([roomTopic(room)])).get(roomTopic(room))?.head
      const session = await s.cast.session(s.bob)
      await s.cast.rows({ row: 'session ended', session: session.id, user: s.bob.id })
      await s.cast.do({
        appends: [s.cast.at('workspace', { e: 'room.unlisted', by: s.alice.id, room: open })],
      })
      await s.cast.post(room, s.alice, 'the last word')
      await s.cast.rows({ row: 'room erased', room })
      const { ids, removals, upTo, whole } = await store.ended(start)
      assert.deepEqual(removals, [
        { room, who: s.bob.id, seq: left },
        { room: open, who: 'strangers', seq: 0 },
        { room, who: 'everybody', seq: Number(left) + 1 },
      ])
      assert.deepEqual([ids, upTo, whole], [[session.id], start + 4, true])
      assert.deepEqual((await store.ended(upTo)).removals, [])
    })

    test('[L6] an erased direct room leaves no room, member, message or event, and its log goes on above where it was', async () => {
      await using s = await scene()
      const { store } = s.opened
      const room = await s.cast.room('', [s.alice, s.bob], { kind: 'direct' })
      const { id } = await s.cast.post(room, s.alice, 'gone')
      await s.cast.rows({ row: 'room erased', room })
      assert.equal(await store.room(room, s.alice.id), null)
      assert.deepEqual(await store.roomsOf(s.alice.id), [])
      assert.equal(await store.message(id), null)
      assert.deepEqual((await store.history(room, { limit: 9 })).messages, [])
      assert.deepEqual(await store.messagesBy(s.alice.id, 9), [])
      const all = { events: 99, bytes: 9_999 }
      assert.deepEqual(await store.events(roomTopic(room), 0, all), {
        bodies: [],
        head: { start: 5, head: 4 },
      })
      const again = roomNamed('', { id: room, kind: 'direct' })
      const [made] = await s.cast.do({ appends: s.cast.made(again, s.alice.id) })
      assert.equal(made?.seq, 5)
      await s.cast.join(room, s.alice)
      await s.cast.post(room, s.alice, 'anew')
      assert.deepEqual(
        (await store.history(room, { limit: 9 })).messages.map(({ text }) => text),
        ['anew'],
      )
    })
  })
}
