import type { Me, Role, User } from '../../../../contract/entities.ts'
import type { RoomId, Seq, UserId } from '../../../../contract/ids.ts'
import { roomTopic, userTopic } from '../../../../contract/ids.ts'
import { limits } from '../../../../contract/limits.ts'
import type { Append, Guard } from '../../log/change.ts'
import type { Taken } from '../../log/write.ts'
import { fresh } from '../../log/write.ts'

/** A user as the store has them. */
export type Person = User & { readonly email: string }

/** Who does it, and when. */
export interface Stamp {
  readonly by: UserId
  readonly at: number
}

/** A person as everybody sees them. */
export function asEverybodySees({ email: _, ...user }: Person): User {
  return user
}

export const asOneself = (person: Person): Me => ({ ...person })

/** A new person, active, with the names given. */
export function newPerson(of: {
  id: UserId
  username: string
  displayName?: string | undefined
  email?: string | undefined
  role: Role
  at: number
}): Person {
  const fallback = [...of.username].slice(0, limits.displayNameCharacters).join('')
  return {
    id: of.id,
    username: of.username,
    displayName: of.displayName ?? fallback,
    firstName: '',
    lastName: '',
    status: '',
    avatar: null,
    role: of.role,
    state: 'active',
    createdAt: of.at,
    email: of.email ?? '',
  }
}

/** Makes the person known, and puts them in the rooms of everyone. */
export function arrival(
  person: Person,
  rooms: readonly RoomId[],
  stamp: Stamp,
): { appends: Append[]; guards: Guard[] } {
  const known: Append = {
    topic: 'workspace',
    event: { e: 'user.added', ...stamp, user: asEverybodySees(person) },
  }
  return {
    appends: [
      known,
      ...emailChange(person, '', stamp),
      ...rooms.flatMap(room => joins(room, person.id, 'member', stamp)),
    ],
    guards: rooms.map(room => fresh({ if: 'room', room, kinds: ['public'], archived: false })),
  }
}

/** A new e-mail address, told to its person alone. */
export function emailChange(person: Person, before: string, stamp: Stamp): Append[] {
  if (person.email === before) return []
  return [{ topic: userTopic(person.id), event: { e: 'me.changed', ...stamp, email: person.email } }]
}

/** A guard for whoever makes, joins or opens a room. Rooms that others put them in are not counted: nobody fills somebody else's bound. */
export const hasPlace = (user: UserId): Guard => ({
  if: 'fewer rooms',
  user,
  than: limits.roomsAPerson,
  which: 'own',
  refuse: 'too_many',
})

/** A guard for whoever puts somebody else in a room. It keeps nobody from joining rooms, nor others from writing to them. */
export const mayBePut = (user: UserId): Guard => ({
  if: 'fewer rooms',
  user,
  than: limits.roomsByOthers,
  which: 'others',
  refuse: 'too_many',
})

/** A join, in the room's log and in the log of who joins. */
export function joins(room: RoomId, user: UserId, role: 'manager' | 'member', stamp: Stamp): Append[] {
  return [
    { topic: roomTopic(room), event: { e: 'member.added', ...stamp, user, role } },
    { topic: userTopic(user), event: { e: 'room.added', ...stamp, room } },
  ]
}

/** A removal, in the room's log and in the log of who goes. */
export function leaves(room: RoomId, user: UserId, stamp: Stamp): Append[] {
  return [
    { topic: roomTopic(room), event: { e: 'member.removed', ...stamp, user } },
    { topic: userTopic(user), event: { e: 'room.removed', ...stamp, room } },
  ]
}

/** The head of the workspace's log after a write: what it appended there last, or, where it appended nothing, `before`. */
export const headOfPeople = (outcome: Taken, before: Seq): Seq =>
  (outcome.is === 'done' && outcome.appended.findLast(({ topic }) => topic === 'workspace')?.seq) || before
