import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { MessageId, RoomId } from '../../contract/ids.ts'
import { newId, roomTopic, userTopic } from '../../contract/ids.ts'
import type { OperationName } from '../../contract/operations.ts'
import { operations } from '../../contract/operations.ts'
import type { Log } from '../../server/core/ports/log.ts'
import { TestServer } from '../support/app.ts'
import type { Actor } from '../support/core.ts'
import { TestCore } from '../support/core.ts'
import { TestSocket } from '../support/socket.ts'
import type { Stage } from './cast.ts'
import { Cast } from './cast.ts'
import type { Row } from './permissions.ts'
import { permissions } from './permissions.ts'

const canary = /canary/i

interface Secrets {
  readonly alice: Actor
  readonly bob: Actor
  readonly room: RoomId
  readonly direct: RoomId
  readonly inRoom: MessageId
  readonly inDirect: MessageId
}

/** A private room and a direct one whose every word is a canary. */
async function secrets(cast: Cast): Promise<Secrets> {
  const [alice, bob] = [await cast.person(), await cast.person()]
  const room = await alice.room('canary of the name', 'private', [bob])
  await alice.ok('rooms.change', { id: room, topic: 'canary of the topic' })
  await alice.ok('me.change', { email: 'canary@example.org' })
  const { id: inRoom } = await alice.says(room, 'canary of the message')
  const direct = await bob.direct(alice)
  const { id: inDirect } = await bob.says(direct, 'canary between two')
  return { alice, bob, room, direct, inRoom, inDirect }
}

/** Every row of every operation, tried by somebody new each time; what they are told, in one text. */
async function everythingTold(cast: Cast, stageFor: () => Promise<Stage>): Promise<string> {
  const told: string[] = []
  for (const op of Object.keys(operations) as OperationName[])
    for (const row of permissions[op] as readonly Row[]) {
      const stage = await stageFor()
      const answer = await stage.actor.ask(
        op,
        await row.input(stage, cast),
        row.bytes ? { bytes: row.bytes } : {},
      )
      told.push(`${op} ${JSON.stringify(answer)}`)
    }
  return told.filter(each => canary.test(each)).join('\n')
}

async function world(): Promise<{ chat: TestCore; cast: Cast; of: Secrets } & AsyncDisposable> {
  const chat = await TestCore.open()
  const cast = new Cast(chat, await chat.setUp())
  return { chat, cast, of: await secrets(cast), [Symbol.asyncDispose]: () => chat[Symbol.asyncDispose]() }
}

const stageOf = (actor: Actor, room: RoomId, message: MessageId, of: Secrets): Stage => ({
  actor,
  room,
  own: message,
  others: message,
  other: of.bob.id,
  stranger: of.bob.id,
})

test('[A1] no operation tells an outsider a word of a private or direct room', async () => {
  await using at = await world()
  const { cast, of } = at
  for (const [room, message] of [
    [of.room, of.inRoom],
    [of.direct, of.inDirect],
  ] as const)
    assert.equal(await everythingTold(cast, async () => stageOf(await cast.person(), room, message, of)), '')
})

test('[A1] no operation tells a former member a word of the room', async () => {
  await using at = await world()
  const { cast, of } = at
  const former = async () => {
    const actor = await cast.person()
    await of.alice.ok('members.put', { id: of.room, user: actor.id })
    await of.alice.ok('members.remove', { id: of.room, user: actor.id })
    return stageOf(actor, of.room, of.inRoom, of)
  }
  assert.equal(await everythingTold(cast, former), '')
})

test('[A1] no operation tells an administrator a word of a direct room that they are not in', async () => {
  await using at = await world()
  const { cast, of } = at
  await of.alice.ok('rooms.change', { id: of.room, name: 'plain', topic: '' })
  await of.alice.ok('messages.remove', { id: of.inRoom })
  await of.alice.ok('me.change', { email: '' })
  const stage = async () => stageOf(await cast.person('administrator'), of.direct, of.inDirect, of)
  assert.equal(await everythingTold(cast, stage), '')
})

test('[A1] the logs that an outsider is served hold no word of a private or direct room', async () => {
  await using at = await world()
  const { chat, cast } = at
  const mallory = await cast.person()
  const logs = [await chat.events('workspace'), await chat.events(userTopic(mallory.id))]
  assert.doesNotMatch(JSON.stringify(logs), canary)
})

/** Everything that the server writes to its own log. */
function listening(): { log: Log; lines: string[] } {
  const lines: string[] = []
  const line = (fields: object, sentence: string) => void lines.push(sentence + JSON.stringify(fields))
  return { log: { debug: line, info: line, warn: line, error: line }, lines }
}

test('[A1] [F4] no frame and no line of the log holds a word of a private room, live or by an old cursor', async () => {
  const { log, lines } = listening()
  await using at = await TestServer.owned({}, { log })
  const { server } = at
  const [alice, bob, mallory] = [
    await server.signUp('alice'),
    await server.signUp('bob'),
    await server.signUp('mallory'),
  ]
  const origin = server.url
  const room = await alice.room('Plans', 'private', [bob])
  await alice.call('members.remove', { id: room, user: bob.id })
  const cursors = { [roomTopic(room)]: 1 }
  using former = await TestSocket.in(origin, { cookie: bob.cookie, origin }, cursors)
  using outsider = await TestSocket.in(origin, { cookie: mallory.cookie, origin }, cursors)
  using member = await TestSocket.in(origin, { cookie: alice.cookie, origin })
  await alice.call('rooms.change', { id: room, name: 'canary of the name', topic: 'canary of the topic' })
  const { id, seq } = await alice.says(room, 'canary of the message')
  await alice.call('messages.edit', { id, text: 'canary of the edit', was: 0 })
  member.send({ t: 'signal', s: 'typing', room })
  await alice.call('me.change', { email: 'canary@example.org' })
  await member.until(roomTopic(room), seq + 1)
  for (const socket of [former, outsider]) {
    await socket.call('messages.post', { id: newId<MessageId>(), room, text: 'let me in' })
    await socket.call('rooms.get', { id: room })
    await socket.settled()
    assert.doesNotMatch(JSON.stringify(socket.frames), canary)
    assert.ok(socket.frames.some(frame => frame.t === 'gone' && frame.topic === roomTopic(room)))
  }
  assert.match(JSON.stringify(member.frames), canary)
  assert.doesNotMatch(lines.join('\n'), canary)
})

test('[A1] what the signed-out are shown holds no word of anything', async () => {
  const { log, lines } = listening()
  await using at = await TestServer.owned({}, { log })
  const { server } = at
  const alice = await server.signUp('canary-alice')
  const room = await alice.room('canary of the name', 'public')
  const { id } = await alice.says(room, 'canary of the message')
  for (const path of [
    '/',
    '/api/workspace',
    '/api/me',
    '/api/bootstrap',
    '/api/rooms',
    `/api/rooms/${room}/messages`,
    `/api/messages/${id}`,
    '/api/users',
    '/api/openapi.json',
    '/healthz',
    '/readyz',
    '/metrics',
    `/rooms/${room}`,
  ]) {
    const response = await server.nobody.fetch(path)
    const told = JSON.stringify([...response.headers]) + (await response.text())
    assert.doesNotMatch(told, canary, path)
  }
  assert.doesNotMatch(lines.join('\n'), canary)
})
