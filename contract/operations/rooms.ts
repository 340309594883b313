import * as z from 'zod/mini'
import { member, memberRole, membership, room, seq } from '../entities.ts'
import { newRoomId, roomId, userId } from '../id-schemas.ts'
import { limits } from '../limits.ts'
import { roomName, roomTopicText } from '../text.ts'
import type { Operation } from './operation.ts'
import { done, listOf, whole } from './operation.ts'

const id = z.strictObject({ id: roomId })
/** A room with what one is in it, the exact count of one's unread messages (up to 99; 100 stands for more), and the head of its log. */
const mine = z.strictObject({
  room,
  membership: z.nullable(membership),
  members: z.int(),
  unread: z.int(),
  seq,
})
const marker = z.strictObject({ read: seq, unread: z.int(), seq })

/** Rooms, their members, and one's read marker in them. */
export const roomOperations = {
  'rooms.list': {
    method: 'GET',
    path: '/api/rooms',
    who: 'somebody',
    transport: 'both',
    does: "Public rooms and one's own, with how many members they have; `all` adds, for administrators, private rooms. Never others' direct rooms.",
    input: z.strictObject({ which: z.optional(z.enum(['mine', 'all'])) }),
    output: z.strictObject({ rooms: z.array(z.extend(room, { members: z.int() })), seq }),
  },
  'rooms.create': {
    method: 'POST',
    path: '/api/rooms',
    who: 'somebody',
    transport: 'both',
    does: 'Makes a room and puts oneself in it as its manager; at most 30 in ten minutes and 200 a day, with those that one left.',
    input: z.strictObject({
      id: newRoomId,
      kind: z.enum(['public', 'private']),
      name: roomName,
      topic: z.optional(roomTopicText),
    }),
    output: mine,
  },
  'rooms.get': {
    method: 'GET',
    path: '/api/rooms/{id}',
    who: 'somebody',
    transport: 'both',
    does: 'One room.',
    input: id,
    output: mine,
  },
  'rooms.named': {
    method: 'GET',
    path: '/api/room',
    who: 'somebody',
    transport: 'both',
    does: 'The id of the public room that has this name, as an address spells it; else of the room that had it last while it was public, if one may see that room now.',
    input: z.strictObject({ name: roomName }),
    output: z.strictObject({ id: roomId }),
  },
  'rooms.change': {
    method: 'PATCH',
    path: '/api/rooms/{id}',
    who: 'somebody',
    transport: 'both',
    does: 'Renames a room, sets its topic, archives it or brings it back, turns it public or private.',
    input: z.strictObject({
      id: roomId,
      name: z.optional(roomName),
      topic: z.optional(roomTopicText),
      archived: z.optional(z.boolean()),
      kind: z.optional(z.enum(['public', 'private'])),
    }),
    output: z.strictObject({ room, seq }),
  },
  'rooms.remove': {
    method: 'DELETE',
    path: '/api/rooms/{id}',
    who: 'administrator',
    transport: 'both',
    does: 'Deletes a room and everything in it.',
    input: id,
    output: done,
  },
  'rooms.join': {
    method: 'POST',
    path: '/api/rooms/{id}/join',
    who: 'somebody',
    transport: 'both',
    does: 'Joins a public room.',
    input: id,
    output: mine,
  },
  'rooms.leave': {
    method: 'POST',
    path: '/api/rooms/{id}/leave',
    who: 'somebody',
    transport: 'both',
    does: 'Leaves a room; hides a direct one until the next message.',
    input: id,
    output: done,
  },
  'members.list': {
    method: 'GET',
    path: '/api/rooms/{id}/members',
    who: 'somebody',
    transport: 'both',
    does: 'Members in the order of their ids, page by page.',
    input: z.strictObject({
      id: roomId,
      after: z.optional(userId),
      limit: z.optional(whole(limits.membersAPage)),
    }),
    output: z.strictObject({ members: z.array(member), more: z.boolean(), seq }),
  },
  'members.put': {
    method: 'PUT',
    path: '/api/rooms/{id}/members/{user}',
    who: 'somebody',
    transport: 'both',
    does: 'Adds somebody, or changes their role in the room.',
    input: z.strictObject({ id: roomId, user: userId, role: z.optional(memberRole) }),
    output: z.strictObject({ member, seq }),
  },
  'members.remove': {
    method: 'DELETE',
    path: '/api/rooms/{id}/members/{user}',
    who: 'somebody',
    transport: 'both',
    does: 'Removes somebody from a room.',
    input: z.strictObject({ id: roomId, user: userId }),
    output: z.strictObject({ seq }),
  },
  'direct.open': {
    method: 'PUT',
    path: '/api/direct',
    who: 'somebody',
    transport: 'both',
    does: 'The direct room of oneself and 1 to 9 others: made, found or shown again. The others have it from the first message on.',
    input: z.strictObject({ users: listOf(userId, limits.othersInDirect) }),
    output: mine,
  },
  'direct.remove': {
    method: 'DELETE',
    path: '/api/direct/{id}',
    who: 'somebody',
    transport: 'both',
    does: 'Deletes a direct room for oneself, with what was said until now; the others keep it. It comes back, empty, with the next message or when one opens it. The last to delete it deletes it altogether.',
    input: id,
    output: done,
  },
  'reads.move': {
    method: 'PUT',
    path: '/api/rooms/{id}/read',
    who: 'somebody',
    transport: 'both',
    does: "Moves one's marker, forward only.",
    input: z.strictObject({ id: roomId, seq: whole() }),
    output: marker,
  },
  'reads.back': {
    method: 'PUT',
    path: '/api/rooms/{id}/unread',
    who: 'somebody',
    transport: 'both',
    does: "Moves one's marker, back only: messages after it are unread.",
    input: z.strictObject({ id: roomId, seq: whole() }),
    output: marker,
  },
} as const satisfies Record<string, Operation>
