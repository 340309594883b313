import type { Membership, Room, User } from '../../../contract/entities.ts'
import type { RoomId, UserId } from '../../../contract/ids.ts'
import { roomTitle } from './title.ts'

interface Seen {
  readonly rooms: ReadonlyMap<RoomId, Room>
  readonly memberships: ReadonlyMap<RoomId, Membership>
  readonly users: ReadonlyMap<UserId, User>
  readonly me: { readonly id: UserId }
  readonly drafts: ReadonlySet<RoomId>
  readonly unsentRooms: ReadonlySet<RoomId>
}

/** The rooms of the side bar: one's own by name, without archived ones. `current` is there in any case, also when one only reads it. */
export function listedRooms(
  { rooms, memberships }: Pick<Seen, 'rooms' | 'memberships'>,
  current: RoomId | null,
): readonly Room[] {
  return [...rooms.values()]
    .filter(room => room.kind !== 'direct')
    .filter(room => room.id === current || (memberships.has(room.id) && !room.archived))
    .sort((a, b) => a.name.localeCompare(b.name))
}

/**
 * The direct rooms of the side bar: the last talk first, without those that were hidden and are silent since. One in which something of
 * one's own waits is there in any case: nobody would find it again.
 */
export function listedDirects(seen: Seen, current: RoomId | null): readonly Room[] {
  const { rooms, memberships, users, me, drafts, unsentRooms } = seen
  return [...rooms.values()]
    .filter(room => room.kind === 'direct')
    .filter(room => {
      const mine = memberships.get(room.id)
      const waits = drafts.has(room.id) || unsentRooms.has(room.id)
      return room.id === current || (mine && (waits || (room.last?.seq ?? 0) > mine.hidden))
    })
    .sort(
      (a, b) =>
        (b.last?.at ?? b.createdAt) - (a.last?.at ?? a.createdAt) ||
        roomTitle(a, users, me.id).localeCompare(roomTitle(b, users, me.id)),
    )
}
