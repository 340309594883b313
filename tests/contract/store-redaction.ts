import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { roomEvent, userEvent, workspaceEvent } from '../../contract/events.ts'
import type { Topic } from '../../contract/ids.ts'
import { roomTopic, userTopic } from '../../contract/ids.ts'
import type { OpenStore } from '../support/opened-store.ts'
import { Cast, logOf, roomNamed } from '../support/store-cast.ts'

/** What is removed goes from the events that carried it, at the same seqs. */
export function redactionContract(name: string, open: OpenStore): void {
  async function scene() {
    const opened = await open()
    const cast = new Cast(() => opened.store)
    const alice = await cast.user('alice', { displayName: 'Alice Canary', status: 'canary status' })
    const has = async (topic: Topic, word: string) =>
      JSON.stringify(await logOf(opened.store, topic)).includes(word)
    return { opened, cast, alice, has, [Symbol.asyncDispose]: () => opened[Symbol.asyncDispose]() }
  }

  describe(`${name}: redaction`, () => {
    test('[L6] an edit takes the text out of the event before it, each time, and the last text stays in the last', async () => {
      await using s = await scene()
      const room = await s.cast.room('Tea', [s.alice])
      const quoted = await s.cast.post(room, s.alice, 'quoted')
      const { id, seq } = await s.cast.post(room, s.alice, 'first', quoted.id)
      await s.cast.edit(room, s.alice, id, 'second', 1)
      await s.cast.edit(room, s.alice, id, 'third', 2)
      const events = (await logOf(s.opened.store, roomTopic(room))).slice(seq - 1)
      assert.deepEqual(
        events.map(event => ['text' in event && event.text, event.redacted]),
        [
          ['', true],
          ['', true],
          ['third', undefined],
        ],
      )
      assert.equal((events[0] as { quote?: string }).quote, quoted.id, 'what an edit leaves, stays')
      for (const event of events) assert.ok(roomEvent.safeParse(event).success)
    })

    test('[L6] a deletion leaves neither text nor quote in any event, and the seqs stay dense', async () => {
      await using s = await scene()
      const room = await s.cast.room('Tea', [s.alice])
      const quoted = await s.cast.post(room, s.alice, 'quoted')
      const message = await s.cast.post(room, s.alice, 'first', quoted.id)
      await s.cast.edit(room, s.alice, message.id, 'second', 1)
      await s.cast.erase(room, s.alice, message)
      const events = (await logOf(s.opened.store, roomTopic(room))).slice(message.seq - 1)
      assert.equal(events.length, 3)
      const [posted, edited] = events
      assert.deepEqual([posted?.redacted, edited?.redacted], [true, true])
      for (const word of ['first', 'second', quoted.id.slice(0, 36)])
        assert.equal(JSON.stringify(events).includes(word), false, word)
    })

    test('[L6] a change of profile takes the names out of the event before it', async () => {
      await using s = await scene()
      await s.cast.changed({ ...s.alice, displayName: 'Al', status: '' })
      assert.equal(await s.has('workspace', 'Canary'), false)
      assert.equal(await s.has('workspace', 'canary status'), false)
      assert.equal(await s.has('workspace', '"Al"'), true)
      const [added] = await logOf(s.opened.store, 'workspace')
      assert.equal(added?.redacted, true)
      assert.ok(workspaceEvent.safeParse(added).success)
    })

    test('[L6] a removed account leaves no name and no address in any log', async () => {
      await using s = await scene()
      const mail = (email: string) =>
        s.cast.do({ appends: [s.cast.at(userTopic(s.alice.id), { e: 'me.changed', by: s.alice.id, email })] })
      await mail('first@canary.example')
      await mail('second@canary.example')
      assert.equal(await s.has(userTopic(s.alice.id), 'first@canary.example'), false)
      assert.equal(await s.has(userTopic(s.alice.id), 'second@canary.example'), true)
      await s.cast.do({
        appends: [s.cast.at('workspace', { e: 'user.removed', by: s.alice.id, user: s.alice.id })],
      })
      for (const topic of ['workspace', userTopic(s.alice.id)] as const)
        for (const word of ['alice', 'Canary', 'canary']) assert.equal(await s.has(topic, word), false, word)
      for (const event of await logOf(s.opened.store, userTopic(s.alice.id)))
        assert.ok(userEvent.safeParse(event).success)
    })

    test('[L6] a renamed room leaves its old name and topic in no log', async () => {
      await using s = await scene()
      const id = await s.cast.room('Canary', [s.alice], { topic: 'canary topic' })
      await s.cast.do({ appends: s.cast.altered(roomNamed('Tea', { id }), s.alice.id) })
      for (const topic of ['workspace', roomTopic(id)] as const) {
        assert.equal(await s.has(topic, '"Canary"'), false)
        assert.equal(await s.has(topic, 'canary topic'), false)
        assert.equal(await s.has(topic, '"Tea"'), true)
      }
      const [changed] = await logOf(s.opened.store, roomTopic(id))
      assert.equal(changed?.redacted, true)
      assert.ok(roomEvent.safeParse(changed).success)
    })

    test("[L6] a room that turns private, or is erased, leaves its name out of the workspace's log", async () => {
      await using s = await scene()
      const id = await s.cast.room('Canary', [s.alice])
      const shut = roomNamed('Canary', { id, kind: 'private' })
      const unlisted = s.cast.at('workspace', { e: 'room.unlisted', by: s.alice.id, room: id })
      await s.cast.do({ appends: [...s.cast.altered(shut, s.alice.id), unlisted] })
      assert.equal(await s.has('workspace', '"Canary"'), false)
      assert.equal(await s.has(roomTopic(id), '"Canary"'), true)
      for (const event of await logOf(s.opened.store, 'workspace'))
        assert.ok(workspaceEvent.safeParse(event).success)
    })
  })
}
