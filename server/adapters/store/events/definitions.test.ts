import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Room, User } from '../../../../contract/entities.ts'
import type { EventName, EventOf } from '../../../../contract/events.ts'
import type { AvatarId, MessageId, RoomId, UserId } from '../../../../contract/ids.ts'
import { newId } from '../../../../contract/ids.ts'
import { takesText } from '../sql/write.ts'
import type { EventDefinition } from './definition.ts'
import { definitions, eventLocks, redact } from './definitions.ts'

const canary = 'a text of a person'
const user = newId<UserId>()
const room = newId<RoomId>()
const id = newId<MessageId>()
const stamp = { by: user, at: 1 }
const profile: User = {
  ...{ id: user, username: canary, displayName: canary, firstName: canary, lastName: canary, status: canary },
  ...{ avatar: newId<AvatarId>(), role: 'member', state: 'active', createdAt: 1 },
}
const hall: Omit<Room, 'last'> = {
  ...{
    id: room,
    kind: 'public',
    name: canary,
    topic: canary,
    archived: false,
    everyone: false,
    createdAt: 1,
  },
}

/** One of each, with this text wherever people write. */
const events: { readonly [Name in EventName]: EventOf<Name> } = {
  'room.changed': { e: 'room.changed', ...stamp, room: hall },
  'member.added': { e: 'member.added', ...stamp, user, role: 'member' },
  'member.changed': { e: 'member.changed', ...stamp, user, role: 'member' },
  'member.removed': { e: 'member.removed', ...stamp, user },
  'message.posted': { e: 'message.posted', ...stamp, id, text: canary },
  'message.edited': { e: 'message.edited', ...stamp, id, text: canary, rev: 1 },
  'message.deleted': { e: 'message.deleted', ...stamp, id, of: 1, author: user },
  'workspace.changed': { e: 'workspace.changed', ...stamp, workspace: { name: canary } },
  'user.added': { e: 'user.added', ...stamp, user: profile },
  'user.changed': { e: 'user.changed', ...stamp, user: profile },
  'user.removed': { e: 'user.removed', ...stamp, user },
  'room.listed': { e: 'room.listed', ...stamp, room: hall },
  'room.unlisted': { e: 'room.unlisted', ...stamp, room },
  'room.added': { e: 'room.added', ...stamp, room },
  'room.removed': { e: 'room.removed', ...stamp, room },
  'read.moved': { e: 'read.moved', ...stamp, room, seq: 1, head: 1 },
  'room.hidden': { e: 'room.hidden', ...stamp, room, seq: 1 },
  'me.changed': { e: 'me.changed', ...stamp, email: canary },
}

test('[L6] what is redacted holds no text of a person, whichever event it is, but where its definition says why', () => {
  for (const event of Object.values(events)) {
    const { redact: redaction } = definitions[event.e]
    const left = JSON.stringify(redact(event, true))
    if (typeof redaction === 'object') assert.ok(redaction.keepsText.endsWith('.'), event.e)
    else assert.equal(left.includes(canary), false, left)
    assert.equal(JSON.stringify(event).includes(canary), redaction !== 'no text', event.e)
  }
})

test('[L6] an event that carries a text does not compile without what becomes of it', () => {
  const { params, steps, locks } = definitions['message.edited']
  // @ts-expect-error: it has a text.
  const silent: EventDefinition<'message.edited'> = { params, steps, locks, redact: 'no text' }
  assert.equal(silent.redact, 'no text')
})

test('what comes by the thousand takes no text out of earlier events, and whatever does is known to', () => {
  const takers = Object.entries(definitions).filter(([, definition]) => takesText(definition))
  assert.deepEqual(takers.map(([name]) => name).sort(), [
    ...['me.changed', 'message.deleted', 'message.edited', 'room.changed', 'room.listed', 'room.unlisted'],
    ...['user.changed', 'user.removed'],
  ])
})

test('[L3] whatever checks that its id is free locks the id first, a message together with other messages', () => {
  const checking = Object.values(events).filter(({ e }) =>
    definitions[e].steps.some(step => 'refuseIfIdInUse' in step),
  )
  assert.deepEqual(
    checking.map(event => [event.e, eventLocks(`room:${room}`, event)]),
    [
      ['room.changed', { ids: [room] }],
      ['message.posted', { messages: [id] }],
      ['user.added', { ids: [user] }],
    ],
  )
})

test('a marker locks the log of the room whose membership it stands in, and a change of a person that person', () => {
  const mine = `user:${user}` as const
  for (const name of ['read.moved', 'room.hidden'] as const)
    assert.deepEqual(eventLocks(mine, events[name]), { logs: [`room:${room}`] })
  for (const name of ['user.changed', 'user.removed', 'me.changed'] as const)
    assert.deepEqual(eventLocks(mine, events[name]), { owned: [user] })
})
