import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { encodeEvent } from '../../contract/events.ts'
import type { RoomId, Topic } from '../../contract/ids.ts'
import { newId, roomTopic, userTopic } from '../../contract/ids.ts'
import type { OpenStore } from '../support/opened-store.ts'
import { Cast, logOf } from '../support/store-cast.ts'

const all = { events: 1_000, bytes: 1_000_000 }

/** Logs: dense, durable, in one order, read in pages, trimmed. */
export function logContract(name: string, open: OpenStore): void {
  describe(`${name}: logs`, () => {
    test('[L1] two hundred posts at once, in four rooms, get seqs without gaps, and the log holds them at those seqs', async () => {
      await using opened = await open()
      const cast = new Cast(() => opened.store)
      const alice = await cast.user('alice')
      const rooms = await Promise.all(['A', 'B', 'C', 'D'].map(room => cast.room(room, [alice])))
      const posts = Array.from({ length: 200 }, (_, n) =>
        cast.do(cast.posting(rooms[n % 4] as RoomId, alice, `${n}`)),
      )
      const appended = (await Promise.all(posts)).flat()
      for (const room of rooms) {
        const mine = appended.filter(({ topic }) => topic === roomTopic(room))
        assert.deepEqual(
          mine.map(({ seq }) => seq),
          Array.from({ length: 50 }, (_, n) => n + 3),
        )
        const { bodies, head } = await opened.store.events(roomTopic(room), 2, all)
        assert.deepEqual(
          bodies,
          mine.map(({ body }) => body),
        )
        assert.deepEqual(head, { start: 1, head: 52 })
      }
    })

    test('[L1] appends of one change get the next seqs of their logs in the order given', async () => {
      await using opened = await open()
      const cast = new Cast(() => opened.store)
      const alice = await cast.user('alice')
      const room = await cast.room('Tea', [])
      const appended = await cast.do({
        appends: [
          cast.at(roomTopic(room), { e: 'member.added', by: alice.id, user: alice.id, role: 'member' }),
          cast.at(userTopic(alice.id), { e: 'room.added', by: alice.id, room }),
          cast.at(roomTopic(room), { e: 'message.posted', by: alice.id, id: newId(), text: 'one' }),
          cast.at(roomTopic(room), { e: 'message.posted', by: alice.id, id: newId(), text: 'two' }),
        ],
      })
      assert.deepEqual(
        appended.map(({ topic, seq }) => [topic, seq]),
        [
          [roomTopic(room), 2],
          [userTopic(alice.id), 1],
          [roomTopic(room), 3],
          [roomTopic(room), 4],
        ],
      )
    })

    test('an event is encoded once: what is answered, stored and read are the same bytes', async () => {
      await using opened = await open()
      const cast = new Cast(() => opened.store)
      const alice = await cast.user('alice')
      const room = await cast.room('Tea', [alice])
      const [posted] = await cast.do(cast.posting(room, alice, 'naïve "quotes" \\ \u2028 🎈'))
      assert.ok(posted)
      assert.equal(posted.body, encodeEvent(posted.event))
      const { bodies } = await opened.store.events(roomTopic(room), posted.seq - 1, all)
      assert.deepEqual(bodies, [posted.body])
    })

    test('[L1] a change that is refused takes no seq, and refuses nobody beside it', async () => {
      await using opened = await open()
      const cast = new Cast(() => opened.store)
      const [alice, mallory] = [await cast.user('alice'), await cast.user('mallory')]
      const room = await cast.room('Tea', [alice])
      const outcomes = await Promise.all(
        Array.from({ length: 60 }, (_, n) =>
          cast.try(cast.posting(room, n % 3 === 0 ? mallory : alice, `${n}`)),
        ),
      )
      assert.equal(outcomes.filter(({ is }) => is === 'refused').length, 20)
      const seqs = outcomes.flatMap(outcome =>
        outcome.is === 'done' ? outcome.appended.map(({ seq }) => seq) : [],
      )
      assert.deepEqual(
        seqs,
        Array.from({ length: 40 }, (_, n) => n + 3),
      )
    })

    test('[L1] a change that is built wrongly is undone whole, and the next one gets the seq it would have had', async () => {
      await using opened = await open()
      const cast = new Cast(() => opened.store)
      const alice = await cast.user('alice')
      const room = await cast.room('Tea', [alice])
      const elsewhere = newId<never>()
      const wrong = cast.try({
        appends: [
          cast.at(roomTopic(room), { e: 'message.posted', by: alice.id, id: newId(), text: 'undone' }),
          cast.at(roomTopic(elsewhere), { e: 'message.posted', by: alice.id, id: newId(), text: 'nowhere' }),
        ],
      })
      const right = cast.do(cast.posting(room, alice, 'kept'))
      await assert.rejects(wrong)
      assert.equal((await right)[0]?.seq, 3)
      assert.equal((await cast.post(room, alice, 'next')).seq, 4)
      assert.equal((await opened.store.heads([roomTopic(elsewhere)])).get(roomTopic(elsewhere))?.head, 0)
      const { messages } = await opened.store.history(room, { limit: 10 })
      assert.deepEqual(
        messages.map(({ text }) => text),
        ['kept', 'next'],
      )
    })

    test('[L2] what was acknowledged is there after closing and opening again, and seqs go on from there', async () => {
      await using opened = await open()
      const cast = new Cast(() => opened.store)
      const alice = await cast.user('alice')
      const room = await cast.room('Tea', [alice])
      const { id, seq } = await cast.post(room, alice, 'kept')
      const before = await logOf(opened.store, roomTopic(room))
      const { epoch } = await opened.store.workspace()
      await opened.reopen()
      assert.deepEqual(await logOf(opened.store, roomTopic(room)), before)
      assert.equal((await opened.store.message(id))?.message.text, 'kept')
      assert.equal((await opened.store.workspace()).epoch, epoch)
      assert.equal((await cast.post(room, alice, 'more')).seq, seq + 1)
    })

    test('[L2] closing waits for what was given before it', async () => {
      await using opened = await open()
      const cast = new Cast(() => opened.store)
      const alice = await cast.user('alice')
      const room = await cast.room('Tea', [alice])
      const posts = Array.from({ length: 30 }, (_, n) => cast.do(cast.posting(room, alice, `${n}`)))
      await opened.reopen()
      await Promise.all(posts)
      assert.equal((await logOf(opened.store, roomTopic(room))).length, 32)
    })

    test('[L4] an edit, a deletion, a join and a removal are events', async () => {
      await using opened = await open()
      const cast = new Cast(() => opened.store)
      const [alice, bob] = [await cast.user('alice'), await cast.user('bob')]
      const room = await cast.room('Tea', [alice])
      const message = await cast.post(room, alice, 'helo')
      await cast.edit(room, alice, message.id, 'hello', 1)
      await cast.join(room, bob)
      await cast.leave(room, bob)
      await cast.erase(room, alice, message)
      const events = await logOf(opened.store, roomTopic(room))
      assert.deepEqual(
        events.map(({ e }) => e),
        [
          'room.changed',
          'member.added',
          'message.posted',
          'message.edited',
          'member.added',
          'member.removed',
          'message.deleted',
        ],
      )
      assert.equal(events.filter(({ e }) => e === 'member.added' || e === 'member.removed').length, 3)
    })

    test('[L5] while posts are written, no reading sees a seq before all below it', async () => {
      await using opened = await open()
      const cast = new Cast(() => opened.store)
      const alice = await cast.user('alice')
      const room = await cast.room('Tea', [alice])
      let isWriting = true
      const posts = Promise.all(
        Array.from({ length: 300 }, (_, n) => cast.do(cast.posting(room, alice, `${n}`))),
      ).finally(() => {
        isWriting = false
      })
      let seen = 2
      while (isWriting) {
        const { bodies, head } = await opened.store.events(roomTopic(room), seen, all)
        const texts = bodies.map(body => JSON.parse(body).text)
        assert.deepEqual(
          texts,
          texts.map((_, n) => `${seen - 2 + n}`),
        )
        assert.equal(seen + bodies.length, head.head)
        seen += bodies.length
        await new Promise(setImmediate)
      }
      await posts
      assert.equal((await opened.store.heads([roomTopic(room)])).get(roomTopic(room))?.head, 302)
    })

    test('a page of events ends at its number of events or about its bytes, and has at least one', async () => {
      await using opened = await open()
      const cast = new Cast(() => opened.store)
      const alice = await cast.user('alice')
      const room = await cast.room('Tea', [alice])
      for (let n = 0; n < 5; n++) await cast.post(room, alice, 'é'.repeat(1_000))
      const page = (events: number, bytes: number) =>
        opened.store.events(roomTopic(room), 2, { events, bytes })
      assert.equal((await page(3, 1_000_000)).bodies.length, 3)
      assert.equal((await page(500, 5_000)).bodies.length, 2)
      assert.equal((await page(500, 10)).bodies.length, 1)
      assert.equal((await opened.store.events(roomTopic(room), 7, all)).bodies.length, 0)
    })

    test('an unknown log is empty: it starts at 1 and its head is 0', async () => {
      await using opened = await open()
      const topic: Topic = roomTopic(newId())
      assert.deepEqual(await opened.store.events(topic, 0, all), { bodies: [], head: { start: 1, head: 0 } })
      assert.deepEqual(
        await opened.store.heads([topic, 'workspace']),
        new Map([
          [topic, { start: 1, head: 0 }],
          ['workspace', { start: 1, head: 0 }],
        ]),
      )
    })

    test('trimming drops old events beyond the newest of each log, keeps the rest dense, and keeps every message', async () => {
      await using opened = await open()
      const cast = new Cast(() => opened.store)
      const alice = await cast.user('alice')
      const room = await cast.room('Tea', [alice])
      cast.now = 10_000
      for (let n = 0; n < 10; n++) await cast.post(room, alice, `${n}`)
      cast.now = 20_000
      for (let n = 10; n < 14; n++) await cast.post(room, alice, `${n}`)
      const topic = roomTopic(room)

      await opened.store.trim({ before: 15_000, keep: 6 })
      assert.deepEqual(
        (await opened.store.heads([topic])).get(topic),
        { start: 11, head: 16 },
        'the newest six stay',
      )
      await opened.store.trim({ before: 15_000, keep: 2 })
      assert.deepEqual(
        (await opened.store.heads([topic])).get(topic),
        { start: 13, head: 16 },
        'the young ones stay',
      )
      await opened.store.trim({ before: 15_000, keep: 2 })
      assert.equal((await opened.store.events(topic, 12, all)).bodies.length, 4)
      assert.deepEqual((await opened.store.events(topic, 11, all)).bodies, [], 'a page never hides a gap')
      assert.equal((await opened.store.history(room, { limit: 50 })).messages.length, 14)
      assert.equal((await cast.post(room, alice, 'next')).seq, 17)
    })

    test('trimming goes through thousands of events while others write', async () => {
      await using opened = await open()
      const cast = new Cast(() => opened.store)
      const alice = await cast.user('alice')
      const room = await cast.room('Tea', [alice])
      const topic = roomTopic(room)
      const many = Array.from({ length: 5_000 }, (_, n) =>
        cast.at(topic, { e: 'message.posted', by: alice.id, id: newId(), text: `${n}` }),
      )
      await cast.do({ appends: many })
      const [posted] = await Promise.all([
        cast.post(room, alice, 'meanwhile'),
        opened.store.trim({ before: cast.now + 100, keep: 10 }),
      ])
      assert.equal(posted.seq, 5_003)
      const head = (await opened.store.heads([topic])).get(topic)
      assert.ok(head && head.head - head.start + 1 <= 11, JSON.stringify(head))
    })
  })
}
