import assert from 'node:assert/strict'
import type { MessageId, RoomId, UserId } from '../../contract/ids.ts'
import { newId, roomTopic, uuidOf } from '../../contract/ids.ts'
import type { Input, OperationName } from '../../contract/operations.ts'
import { idOf, messageIdOf } from '../../server/cli/import/django/identity.ts'
import { chanceOf } from '../../server/cli/seed/chance.ts'
import { planTown } from '../../server/cli/seed/town.ts'
import type { Identity } from '../../server/core/answer.ts'
import type { Append, Change } from '../../server/core/log/change.ts'
import { change } from '../../server/core/log/write.ts'
import { made } from '../../server/core/operations/rooms/room-events.ts'
import { asEverybodySees, joins, newPerson } from '../../server/core/operations/users/model.ts'
import type { Actor, TestCore } from '../support/core.ts'
import { password } from '../support/core.ts'

type Made = readonly [OperationName, Identity, Input<OperationName>]

/** A workspace with something of every origin in it, there and deleted. */
export interface Furnished {
  /** An owner, a member of every room, and somebody who is in none but everybody's. */
  readonly people: Readonly<Record<'alice' | 'bob' | 'mallory', Identity>>
  /** What has or had an id, by what that is. */
  readonly ids: readonly (readonly [string, string])[]
  readonly rooms: readonly RoomId[]
  /** Messages that alice wrote and that are deleted. */
  readonly deleted: ReadonlySet<string>
  /** Calls that made something. */
  readonly made: readonly Made[]
}

const at = 1_700_000_000_000
const identityOf = ({ identity }: Actor): Identity => {
  assert.ok(identity)
  return identity
}

export async function furnish(chat: TestCore): Promise<Furnished> {
  const [alice, bob, mallory] = [
    await chat.setUp('alice'),
    await chat.signUp('bob'),
    await chat.signUp('mallory'),
  ]
  const ids: [string, string][] = [
    ['an owner', alice.id],
    ['somebody who signed up', bob.id],
  ]
  const made: Made[] = []
  const deleted = new Set<string>()
  const first = await alice.roomNamed('General')
  ids.push(['a first room', first])
  const rooms = [first]
  await created(alice, bob, { ids, made, rooms, deleted })
  await direct(alice, bob, ids)
  await seeded(chat, alice, bob, ids)
  await imported(chat, ids)
  await keys(chat, alice, ids)
  const people = { alice: identityOf(alice), bob: identityOf(bob), mallory: identityOf(mallory) }
  return { people, ids, rooms, deleted, made }
}

interface Kept {
  readonly ids: [string, string][]
  readonly made: Made[]
  readonly rooms: RoomId[]
  readonly deleted: Set<string>
}

/** What operations make, and what of it is deleted again. */
async function created(alice: Actor, bob: Actor, { ids, made, rooms, deleted: gones }: Kept): Promise<void> {
  const does = async <Name extends OperationName>(op: Name, input: Input<Name>, what: string) => {
    await alice.ok(op, input)
    made.push([op, identityOf(alice), input])
    ids.push([what, (input as { id: string }).id])
    return input as { id: never }
  }
  const hidden = await does('rooms.create', { id: newId<RoomId>(), kind: 'private', name: 'Kept' }, 'a room')
  const gone = await alice.room('Gone', 'private', [bob])
  const inGone = await alice.says(gone, 'gone with its room')
  const { id: message } = await does(
    'messages.post',
    { id: newId<MessageId>(), room: hidden.id, text: 'kept' },
    'a message',
  )
  assert.ok(message)
  const deleted = await alice.says(hidden.id, 'deleted')
  await alice.ok('messages.remove', { id: deleted.id })
  await alice.ok('rooms.remove', { id: gone })
  gones.add(inGone.id).add(deleted.id)
  ids.push(['a deleted room', gone], ['a message of it', inGone.id], ['a deleted message', deleted.id])
  await does('users.create', { id: newId<UserId>(), username: 'carol', password }, 'somebody made')
  const dave = newId<UserId>()
  await alice.ok('users.create', { id: dave, username: 'dave', password })
  await alice.ok('users.remove', { id: dave, messages: 'keep' })
  ids.push(['somebody deleted', dave])
  rooms.push(hidden.id)
}

async function direct(alice: Actor, bob: Actor, ids: [string, string][]): Promise<void> {
  const room = await bob.direct(alice)
  const { id } = await bob.says(room, 'between us')
  ids.push(['a direct room', room], ['a message of it', id])
}

async function seeded(chat: TestCore, alice: Actor, bob: Actor, ids: [string, string][]): Promise<void> {
  const everyone = await chat.store.roomsForEveryone()
  const town = planTown({ users: 1, rooms: 4, owner: alice.id, everyone, hash: 'none', at }, chanceOf(7))
  await commit(chat, ...town.rooms, ...town.arrivals)
  const [kept, gone] = town.places.slice(everyone.length)
  assert.ok(kept && gone)
  const message = newId<MessageId>()
  await commit(chat, change({ appends: [posted(kept.id, bob.id, message)] }))
  await alice.ok('rooms.remove', { id: gone.id })
  const tokens = await chat.store.tokens(town.people[0] as UserId)
  const token = tokens[0]?.id
  assert.ok(token)
  await commit(chat, change({ rows: [{ row: 'token ended', token, user: town.people[0] as UserId }] }))
  ids.push(
    ['a seeded room', kept.id],
    ['a seeded room that is deleted', gone.id],
    ['somebody seeded', town.people[0] as string],
    ['a seeded message', message],
    ['a seeded token that is ended', token],
  )
}

/** As the import writes: with ids of its own making, and with such as any other import could bring. */
async function imported(chat: TestCore, ids: [string, string][]): Promise<void> {
  for (const derived of [true, false]) {
    const id = <Id extends string>(key: string): Id => (derived ? idOf<Id>('django:test', key) : newId<Id>())
    const person = newPerson({ id: id<UserId>('user'), username: `imported ${derived}`, role: 'member', at })
    const room = id<RoomId>('room')
    const message = derived ? messageIdOf('django:test', 'message', at) : newId<MessageId>()
    const stamp = { by: person.id, at }
    const fields = {
      id: room,
      kind: 'public',
      name: `Imported ${derived}`,
      topic: '',
      archived: false,
      everyone: false,
      createdAt: at,
    } as const
    await commit(
      chat,
      change({
        appends: [
          { topic: 'workspace', event: { e: 'user.added', ...stamp, user: asEverybodySees(person) } },
        ],
      }),
      change({
        appends: made(fields, stamp),
        rows: [{ row: 'imported', source: `${derived}`, key: 'room', id: room }],
      }),
      change({ appends: [posted(room, person.id, message), ...joins(room, person.id, 'member', stamp)] }),
    )
    ids.push(['an imported room', room], ['somebody imported', person.id], ['an imported message', message])
  }
}

/** Tokens, sessions and pictures, which are named by ids too. */
async function keys(chat: TestCore, alice: Actor, ids: [string, string][]): Promise<void> {
  const { id } = await alice.script()
  const ended = await alice.script()
  await alice.ok('tokens.remove', { id: ended.id })
  const { avatar } = await alice.ok('me.setAvatar', {}, new Uint8Array(9))
  ids.push(['a token', id], ['an ended token', ended.id], ['a picture', avatar])
  ids.push(['a session', identityOf(alice).id], ['what only the server makes', uuidOf(new Uint8Array(16), 8)])
  assert.ok((await chat.store.sessions(alice.id)).length > 0)
}

const posted = (room: RoomId, by: UserId, id: MessageId): Append => ({
  topic: roomTopic(room),
  event: { e: 'message.posted', by, at, id, text: 'as it was' },
})

async function commit(chat: TestCore, ...changes: readonly Change[]): Promise<void> {
  for (const one of changes) assert.equal((await chat.store.commit(one)).is, 'done')
}
