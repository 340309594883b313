import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { MessageId, RoomId, TokenId, UserId } from '../../contract/ids.ts'
import { newId } from '../../contract/ids.ts'
import type { Input, OperationName, Output } from '../../contract/operations.ts'
import { operations } from '../../contract/operations.ts'
import type { LiveClient } from '../../web/sync/client.ts'
import type { OpenRoom } from '../../web/sync/model.ts'
import type { Person } from '../support/app.ts'
import { password, setupCode, TestServer } from '../support/app.ts'
import { movedServer } from '../support/moved.ts'
import { agrees, history, messagesOf, until } from './compare.ts'
import { deviceOf } from './real-network.ts'

/** What an operation is done in: alice (the owner) and bob are in `room` and have it open, each with a live client. Carol is not in it. */
interface Stage {
  readonly server: TestServer
  readonly alice: Person
  readonly bob: Person
  readonly carol: Person
  readonly hers: LiveClient
  readonly his: LiveClient
  readonly room: RoomId
  /** Alice's, and then bob's, which is the newest. */
  readonly herMessage: MessageId
  readonly hisMessage: MessageId
}

type Case = (stage: Stage) => Promise<unknown>

let made = 0
const fresh = (what: string) => `${what}-${++made}`

async function does<Name extends OperationName>(
  client: LiveClient,
  op: Name,
  input: Input<Name>,
): Promise<Output<Name>> {
  const answer = await client.call(op, input)
  assert.ok('ok' in answer, `${op} was not done: ${JSON.stringify(answer)}`)
  return answer.ok
}

/** One pixel, as PNG. */
const pixel =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='
const setAvatar = async (person: Person): Promise<void> => {
  const headers = { 'content-type': 'image/png' }
  const body = Buffer.from(pixel, 'base64')
  const response = await person.fetch('/api/me/avatar', { method: 'PUT', headers, body })
  assert.equal(response.status, 200, await response.text())
}

const newcomer = (stage: Stage) => stage.server.signUp(fresh('newcomer'))

const cases: Record<OperationName, Case> = {
  'workspace.get': ({ hers }) => does(hers, 'workspace.get', {}),
  'workspace.change': ({ hers }) => does(hers, 'workspace.change', { name: fresh('Workspace') }),
  'workspace.setUp': ({ server }) =>
    server.nobody.refused('workspace.setUp', {
      code: setupCode,
      workspace: 'Again',
      username: 'mallory',
      password,
    }),
  'account.signUp': newcomer,
  'account.signIn': ({ server, bob }) => server.signIn(bob.name),
  'account.signOut': async stage => {
    const person = await newcomer(stage)
    return person.call('account.signOut', {})
  },
  'bootstrap.get': ({ hers }) => does(hers, 'bootstrap.get', {}),
  'me.get': ({ hers }) => does(hers, 'me.get', {}),
  'me.change': ({ hers }) =>
    does(hers, 'me.change', {
      username: fresh('alice'),
      displayName: 'Alice in Chains',
      status: fresh('writing test'),
      email: `${fresh('alice')}@example.org`,
    }),
  'me.remove': async stage => {
    const person = await newcomer(stage)
    await person.call('rooms.join', { id: stage.room })
    await person.says(stage.room, 'I was here.')
    await person.call('me.confirm', { password })
    return person.call('me.remove', { messages: 'delete' })
  },
  'me.setAvatar': ({ alice }) => setAvatar(alice),
  'me.removeAvatar': async ({ alice, hers }) => {
    await setAvatar(alice)
    return does(hers, 'me.removeAvatar', {})
  },
  'me.changePassword': ({ hers }) => does(hers, 'me.changePassword', { current: password, password }),
  'me.confirm': ({ hers }) => does(hers, 'me.confirm', { password }),
  'sessions.list': ({ hers }) => does(hers, 'sessions.list', {}),
  'sessions.remove': async ({ server, alice, hers }) => {
    const other = await server.signIn(hers.snapshot().me.username)
    const { sessions } = await other.call('sessions.list', {})
    const session = sessions.find(one => one.current)
    assert.ok(session && other.id === alice.id)
    return does(hers, 'sessions.remove', { id: session.id })
  },
  'tokens.list': ({ hers }) => does(hers, 'tokens.list', {}),
  'tokens.create': async ({ hers }) => {
    await does(hers, 'me.confirm', { password })
    return does(hers, 'tokens.create', { id: newId<TokenId>(), name: fresh('token') })
  },
  'tokens.remove': async ({ hers }) => {
    await does(hers, 'me.confirm', { password })
    const { id } = await does(hers, 'tokens.create', { id: newId<TokenId>(), name: fresh('token') })
    return does(hers, 'tokens.remove', { id })
  },
  'users.list': ({ hers }) => does(hers, 'users.list', {}),
  'users.get': ({ hers, bob }) => does(hers, 'users.get', { id: bob.id }),
  'users.create': ({ hers }) =>
    does(hers, 'users.create', {
      id: newId<UserId>(),
      username: fresh('made'),
      password,
      email: 'made@example.org',
      role: 'administrator',
    }),
  'users.change': async ({ hers, bob }) => {
    await does(hers, 'users.change', { id: bob.id, role: 'administrator', email: 'bob@example.org' })
    await does(hers, 'users.change', { id: bob.id, role: 'member', firstName: fresh('Robert') })
  },
  'users.removeAvatar': async ({ hers, bob }) => {
    await setAvatar(bob)
    return does(hers, 'users.removeAvatar', { id: bob.id })
  },
  'users.remove': async stage => {
    const person = await newcomer(stage)
    await person.call('rooms.join', { id: stage.room })
    await person.says(stage.room, 'I was here.')
    return does(stage.hers, 'users.remove', { id: person.id, messages: 'delete' })
  },
  'messages.oversee': ({ hers, room }) => does(hers, 'messages.oversee', { room }),
  'messages.list': ({ hers, room }) => does(hers, 'messages.list', { room }),
  'messages.post': async ({ hers, his, room, herMessage }) => {
    const id = newId<MessageId>()
    await does(his, 'messages.post', { id, room, text: 'What is this?', quote: herMessage })
    return does(hers, 'messages.post', { id: newId<MessageId>(), room, text: 'This.', quote: id })
  },
  'messages.get': ({ hers, hisMessage }) => does(hers, 'messages.get', { id: hisMessage }),
  'messages.edit': ({ hers, herMessage }) =>
    does(hers, 'messages.edit', { id: herMessage, text: 'Another text.', was: 0 }),
  'messages.remove': ({ hers, hisMessage }) => does(hers, 'messages.remove', { id: hisMessage }),
  'rooms.list': ({ hers }) => does(hers, 'rooms.list', { which: 'all' }),
  'rooms.create': async ({ hers }) => {
    const id = newId<RoomId>()
    await does(hers, 'rooms.create', { id, kind: 'public', name: fresh('Made') })
    // Whoever made a room goes there next: it is known when the answer is.
    assert.ok(hers.snapshot().memberships.has(id))
  },
  'rooms.get': ({ hers, room }) => does(hers, 'rooms.get', { id: room }),
  'rooms.named': ({ hers }) => does(hers, 'rooms.named', { name: 'General' }),
  'rooms.change': async ({ hers, room }) => {
    await does(hers, 'rooms.change', { id: room, name: fresh('Renamed'), topic: 'Something else' })
    await does(hers, 'rooms.change', { id: room, kind: 'private' })
    await does(hers, 'rooms.change', { id: room, kind: 'public', archived: true })
    return does(hers, 'rooms.change', { id: room, archived: false })
  },
  'rooms.remove': async ({ alice, bob, hers }) => {
    const id = await alice.room(fresh('Short-lived'), 'public', [bob])
    await bob.says(id, 'Hello?')
    return does(hers, 'rooms.remove', { id })
  },
  'rooms.join': async ({ carol, his }) => {
    const id = await carol.room(fresh('Joined'))
    await carol.says(id, 'Is anybody here?')
    await does(his, 'rooms.join', { id })
    assert.ok(his.snapshot().memberships.has(id))
  },
  'rooms.leave': async ({ carol, bob, his }) => {
    const open = await carol.room(fresh('Left'), 'public', [bob])
    const closed = await carol.room(fresh('Left quietly'), 'private', [bob])
    await does(his, 'rooms.leave', { id: open })
    await does(his, 'rooms.leave', { id: closed })
    const { room } = await does(his, 'direct.open', { users: [carol.id] })
    return does(his, 'rooms.leave', { id: room.id })
  },
  'members.list': ({ hers, room }) => does(hers, 'members.list', { id: room }),
  'members.put': async ({ hers, carol, bob, room }) => {
    await does(hers, 'members.put', { id: room, user: carol.id })
    return does(hers, 'members.put', { id: room, user: bob.id, role: 'manager' })
  },
  'members.remove': async ({ hers, carol, bob }) => {
    const id = await carol.room(fresh('Removed'), 'private', [bob])
    return does(hers, 'members.remove', { id, user: bob.id })
  },
  'direct.open': async ({ hers, bob, carol }) => {
    const { room } = await does(hers, 'direct.open', { users: [bob.id, carol.id] })
    await does(hers, 'direct.open', { users: [bob.id] })
    await does(hers, 'messages.post', { id: newId<MessageId>(), room: room.id, text: 'Are you there?' })
    return bob.says(room.id, 'Just the three of us.')
  },
  'direct.remove': async ({ his, carol, bob }) => {
    const { room } = await does(his, 'direct.open', { users: [carol.id] })
    await does(his, 'messages.post', { id: newId<MessageId>(), room: room.id, text: 'Only for a while.' })
    await does(his, 'direct.remove', { id: room.id })
    await carol.says(room.id, 'Are you still there?')
    await does(his, 'direct.remove', { id: room.id })
    await carol.call('direct.remove', { id: room.id })
    return carol.call('direct.open', { users: [bob.id] })
  },
  'reads.move': async ({ his, room, carol }) => {
    await carol.call('rooms.join', { id: room })
    const { seq } = await carol.says(room, 'Read this.')
    await carol.says(room, 'And this.')
    return does(his, 'reads.move', { id: room, seq })
  },
  'reads.back': async ({ his, room, carol }) => {
    await carol.call('rooms.join', { id: room })
    const { seq } = await carol.says(room, 'Keep this for later.')
    await does(his, 'reads.move', { id: room, seq })
    await does(his, 'reads.back', { id: room, seq: seq - 1 })
    await does(his, 'messages.post', { id: newId<MessageId>(), room, text: 'Later, then.' })
    return does(his, 'reads.back', { id: room, seq: seq - 1 })
  },
}

type Owned = { server: TestServer; owner: Person } & AsyncDisposable

/** Does every operation on a server, with two clients that hear of it. */
function verifyActions(where: string, open: () => Promise<Owned>): void {
  describe(where, () => {
    let stage: Stage
    let opened: { hers: OpenRoom; his: OpenRoom }
    const parts = new AsyncDisposableStack()

    before(async () => {
      const { server, owner: alice } = parts.use(await open())
      const [bob, carol] = [await server.signUp('bob'), await server.signUp('carol')]
      const room = await alice.room('Meeting', 'public', [bob])
      const hers = parts.use(await deviceOf(server.url, alice).tab())
      const his = parts.use(await deviceOf(server.url, bob).tab())
      await Promise.all([hers.ready, his.ready])
      opened = { hers: parts.use(hers.open(room)), his: parts.use(his.open(room)) }
      const { id } = await alice.says(room, 'Hello.')
      stage = { server, alice, bob, carol, hers, his, room, herMessage: id, hisMessage: id }
    })
    after(() => parts.disposeAsync())

    for (const [op, run] of Object.entries(cases)) {
      test(`[L4] [F2] [F8] after ${op}, what alice and bob folded is what somebody who comes now is told`, async () => {
        const { room } = stage
        const { id: herMessage } = await stage.alice.says(room, `Before ${op}.`)
        const { id: hisMessage } = await stage.bob.says(room, `After you, ${op}.`)
        await run({ ...stage, herMessage, hisMessage })
        await agrees(stage.hers, stage.alice)
        await agrees(stage.his, stage.bob)
        const now = await history(stage.bob, room)
        for (const open of [opened.hers, opened.his]) {
          await until(
            listener => open.subscribe(listener),
            () => messagesOf(open).at(-1)?.id === now.at(-1)?.id,
          )
          assert.deepEqual(messagesOf(open), now.slice(-messagesOf(open).length))
        }
      })
    }
  })
}

test('[F2] no operation is without a case', () => {
  assert.deepEqual(Object.keys(cases).sort(), Object.keys(operations).sort())
})

verifyActions('a new workspace', () => TestServer.owned())
verifyActions('a workspace that was moved to PostgreSQL', movedServer)
