import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { MessageId } from '../../contract/ids.ts'
import { newId, roomTopic } from '../../contract/ids.ts'
import type { Overseen } from '../../server/core/ports/history.ts'
import type { OpenStore } from '../support/opened-store.ts'
import { Cast } from '../support/store-cast.ts'

/** Messages across rooms, newest first. */
export function overseenContract(name: string, open: OpenStore): void {
  describe(`${name}: messages across rooms`, () => {
    async function scene() {
      const opened = await open()
      const cast = new Cast(() => opened.store)
      const [alice, bob] = [await cast.user('alice'), await cast.user('bob')]
      const tea = await cast.room('Tea', [alice, bob])
      const shut = await cast.room('Shut', [bob], { kind: 'private' })
      const direct = await cast.room('', [alice, bob], { kind: 'direct' })
      const pages = async (which: Partial<Overseen>) => {
        const found: string[][] = []
        let before: Overseen['before'] = null
        do {
          const page = await opened.store.messagesOverseen({
            ...{ room: null, author: null, limit: 3 },
            ...which,
            before,
          })
          found.push(page.messages.map(({ text }) => text))
          before = page.next
        } while (before)
        return found
      }
      return {
        opened,
        cast,
        alice,
        bob,
        tea,
        shut,
        direct,
        pages,
        [Symbol.asyncDispose]: () => opened[Symbol.asyncDispose](),
      }
    }

    test('pages of all rooms but direct ones, of one room, of one person, and of both', async () => {
      await using s = await scene()
      for (let n = 1; n <= 4; n++) {
        await s.cast.post(s.tea, s.alice, `tea ${n} of alice`)
        await s.cast.post(s.shut, s.bob, `shut ${n}`)
        await s.cast.post(s.direct, s.bob, `between us ${n}`)
      }
      const gone = await s.cast.post(s.tea, s.bob, 'deleted')
      await s.cast.post(s.tea, s.bob, 'tea of bob')
      await s.cast.erase(s.tea, s.bob, gone)
      const [all, ...more] = await s.pages({})
      assert.equal(all?.length, 3)
      const texts = [all, ...more].flat()
      assert.equal(texts.length, 9)
      assert.ok(!texts.some(text => text?.includes('between') || text === 'deleted'))
      assert.deepEqual(await s.pages({ room: s.tea }), [
        ['tea of bob', 'tea 4 of alice', 'tea 3 of alice'],
        ['tea 2 of alice', 'tea 1 of alice'],
      ])
      assert.deepEqual(
        (await s.pages({ author: s.alice.id })).flat().sort(),
        [1, 2, 3, 4].map(n => `tea ${n} of alice`),
      )
      assert.deepEqual(await s.pages({ author: s.bob.id, room: s.tea }), [['tea of bob']])
      assert.deepEqual(await s.pages({ room: s.direct }), [[]])
    })

    test('whatever time ids tell, pages have each message once: by the time of its id, or of its writing where that is another', async () => {
      await using s = await scene()
      const day = 86_400_000
      const post = (id: MessageId, at: number, text: string) =>
        s.cast.do({
          appends: [
            { topic: roomTopic(s.tea), event: { e: 'message.posted', by: s.alice.id, at, id, text } },
          ],
        })
      const expected: { at: number; id: MessageId; text: string }[] = []
      for (let n = 0; n < 60; n++) {
        const at = 10 * day + Math.floor(n / 3) * 10_000
        // As dated, a little off as clocks are, long waiting, or as whoever wants to be overlooked would begin it.
        const said = [at, at - 30_000, at - day, 0, 2 ** 48 - 1, at + day][n % 6] ?? at
        const id = newId<MessageId>(said)
        await post(id, at, `${n}`)
        expected.push({ at: n % 6 < 2 ? said : at, id, text: `${n}` })
      }
      expected.sort((a, b) => b.at - a.at || (a.id < b.id ? 1 : -1))
      for (const limit of [1, 2, 7, 100]) {
        const pages = await s.pages({ limit })
        assert.deepEqual(
          pages.flat(),
          expected.map(({ text }) => text),
        )
        assert.ok(pages.every(page => page.length <= limit))
      }
    })

    test('no answer is larger than a page of a history, and none skips what did not fit', async () => {
      await using s = await scene()
      for (let n = 0; n < 40; n++) await s.cast.post(s.tea, s.alice, `${n}`.padEnd(16_000, 'x'))
      const pages = await s.pages({ limit: 100 })
      assert.ok(pages.length > 1)
      assert.ok(pages.every(page => page.join('').length <= 256 * 1024))
      assert.deepEqual(new Set(pages.flat()).size, 40)
    })
  })
}
