import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { MessageId } from '../../contract/ids.ts'
import { newId, roomTopic } from '../../contract/ids.ts'
import { limits } from '../../contract/limits.ts'
import type { OpenStore } from '../support/opened-store.ts'
import { Cast } from '../support/store-cast.ts'

/** Messages: read in pages both ways and around one, found by author. */
export function historyContract(name: string, open: OpenStore): void {
  /** Ten messages with seqs 3 to 12, of which those at 5 and 6 are deleted. */
  async function scene() {
    const opened = await open()
    const cast = new Cast(() => opened.store)
    const alice = await cast.user('alice')
    const room = await cast.room('Tea', [alice])
    const posted = []
    for (let n = 3; n <= 12; n++) posted.push(await cast.post(room, alice, `${n}`))
    for (const message of posted.slice(2, 4)) await cast.erase(room, alice, message)
    const page = async (range: { before?: number; after?: number; around?: number }, limit: number) => {
      const { messages, before, after, seq } = await opened.store.history(room, { ...range, limit })
      assert.equal(seq, 14)
      return [messages.map(message => message.seq), before, after]
    }
    return {
      opened,
      cast,
      alice,
      room,
      posted,
      page,
      [Symbol.asyncDispose]: () => opened[Symbol.asyncDispose](),
    }
  }

  describe(`${name}: history`, () => {
    test('pages go back from the newest, oldest first, and tell whether there are more on each side', async () => {
      await using s = await scene()
      const { page } = s
      assert.deepEqual(await page({}, 3), [[10, 11, 12], true, false])
      assert.deepEqual(await page({ before: 10 }, 3), [[7, 8, 9], true, true])
      assert.deepEqual(await page({ before: 7 }, 3), [[3, 4], false, true])
      assert.deepEqual(await page({ before: 3 }, 3), [[], false, true])
      assert.deepEqual(await page({}, 8), [[3, 4, 7, 8, 9, 10, 11, 12], false, false])
    })

    test('pages go forward from a seq', async () => {
      await using s = await scene()
      const { page } = s
      assert.deepEqual(await page({ after: 0 }, 3), [[3, 4, 7], false, true])
      assert.deepEqual(await page({ after: 4 }, 2), [[7, 8], true, true])
      assert.deepEqual(await page({ after: 9 }, 3), [[10, 11, 12], true, false])
      assert.deepEqual(await page({ after: 12 }, 3), [[], true, false])
      assert.deepEqual(await page({ after: 4, before: 9 }, 9), [[7, 8], true, true])
    })

    test('a page of long messages ends at its bound of bytes, says that there are more, and has at least one', async () => {
      await using s = await scene()
      const { cast, alice, page } = s
      const room = await cast.room('Essays', [alice])
      const long = 'ä'.repeat(limits.textBytes / 2)
      const first = (await cast.post(room, alice, long)).seq
      for (let n = 1; n < 40; n++) await cast.post(room, alice, long)
      const last = first + 39
      const read = async (range: { before?: number; after?: number; around?: number }, limit = 100) => {
        const { messages, before, after } = await s.opened.store.history(room, { ...range, limit })
        const bytes = messages.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0)
        assert.ok(bytes <= limits.historyBytes, `${bytes} bytes`)
        return [messages[0]?.seq, messages.at(-1)?.seq, messages.length, before, after]
      }
      const fit = limits.historyBytes / limits.textBytes
      assert.deepEqual(await read({}), [last - fit + 1, last, fit, true, false])
      assert.deepEqual(await read({ before: first + 3 }), [first, first + 2, 3, false, true])
      assert.deepEqual(await read({ after: first - 1 }), [first, first + fit - 1, fit, false, true])
      assert.deepEqual(await read({ after: last - 3 }), [last - 2, last, 3, true, false])
      const middle = first + 20
      const around = await read({ around: middle })
      assert.deepEqual(around, [middle - fit / 2, middle + fit / 2 - 1, fit, true, true])
      assert.deepEqual(await read({ around: middle }, 1), [middle, middle, 1, true, true])
      assert.deepEqual(await page({}, 3), [[10, 11, 12], true, false])
    })

    test('a page around a seq has both sides, and more of one where the other ends', async () => {
      await using s = await scene()
      const { page } = s
      assert.deepEqual(await page({ around: 9 }, 4), [[7, 8, 9, 10], true, true])
      assert.deepEqual(await page({ around: 3 }, 4), [[3, 4, 7, 8], false, true])
      assert.deepEqual(await page({ around: 12 }, 4), [[9, 10, 11, 12], true, false])
      assert.deepEqual(await page({ around: 5 }, 4), [[3, 4, 7, 8], false, true])
      assert.deepEqual(await page({ around: 9 }, 50), [[3, 4, 7, 8, 9, 10, 11, 12], false, false])
    })

    test('[B15] plain text is told as such wherever a message is read, until it is edited', async () => {
      await using s = await scene()
      const { opened, cast, alice, room } = s
      const id = newId<MessageId>()
      const event = { e: 'message.posted', by: alice.id, id, text: '*a*', plain: true } as const
      await cast.do({ appends: [cast.at(roomTopic(room), event)] })
      const plain = async () => [
        (await opened.store.message(id))?.message.plain,
        (await opened.store.history(room, { limit: 1 })).messages[0]?.plain,
      ]
      assert.deepEqual(await plain(), [true, true])
      await cast.edit(room, alice, id, '*b*', 1)
      assert.deepEqual(await plain(), [undefined, undefined])
    })

    test('a message is read whole, as it is after its edits', async () => {
      await using s = await scene()
      const { opened, cast, alice, room, posted } = s
      const quoting = await cast.post(room, alice, 'helo', posted[0]?.id)
      cast.now = 7_000
      await cast.edit(room, alice, quoting.id, 'hello', 1)
      const read = await opened.store.message(quoting.id)
      assert.ok(read)
      const { at, ...message } = read.message
      assert.equal(typeof at, 'number')
      assert.deepEqual(message, {
        id: quoting.id,
        room,
        seq: 15,
        author: alice.id,
        text: 'hello',
        editedAt: 7_000,
        quote: posted[0]?.id,
        rev: 1,
      })
      assert.equal(read.seq, 16)
      const plain = await opened.store.message(posted[0]?.id as MessageId)
      assert.deepEqual(Object.keys(plain?.message ?? {}).sort(), [
        'at',
        'author',
        'id',
        'rev',
        'room',
        'seq',
        'text',
      ])
    })

    test('a deleted message and an unknown one are null alike, and quoting a deleted one stays', async () => {
      await using s = await scene()
      const { opened, cast, alice, room, posted } = s
      const [quoted] = posted
      assert.ok(quoted)
      const quoting = await cast.post(room, alice, 'so it is', quoted.id)
      await cast.erase(room, alice, quoted)
      assert.equal(await opened.store.message(quoted.id), null)
      assert.equal(await opened.store.message(newId()), null)
      assert.equal((await opened.store.message(quoting.id))?.message.quote, quoted.id)
    })

    test("an author's messages are found in all rooms until the last is deleted", async () => {
      await using s = await scene()
      const { opened, cast, alice, room } = s
      const bob = await cast.user('bob')
      const other = await cast.room('Milk', [bob])
      await cast.join(room, bob)
      const many = Array.from({ length: 2_500 }, (_, n) =>
        cast.at(roomTopic(other), {
          e: 'message.posted',
          by: n % 5 === 0 ? bob.id : alice.id,
          id: newId(),
          text: 'x',
        }),
      )
      await cast.do({ appends: many })
      await cast.post(room, bob, 'here too')
      const deleted = new Set<string>()
      for (;;) {
        const page = await opened.store.messagesBy(bob.id, 100)
        assert.ok(page.length <= 100)
        if (page.length === 0) break
        await cast.do({
          appends: page.map(({ id, seq, author, room: where }) =>
            cast.at(roomTopic(where), { e: 'message.deleted', by: bob.id, id, of: seq, author }),
          ),
        })
        for (const { id } of page) deleted.add(id)
      }
      assert.equal(deleted.size, 501)
      assert.equal((await opened.store.messagesBy(alice.id, 5)).length, 5)
    })
  })
}
