import type { Room, User } from '../../../contract/entities.ts'
import type { UserId } from '../../../contract/ids.ts'
import { namesOf } from '../people/names.ts'

/** The people of a direct room but oneself; oneself where nobody else is in it. */
export function othersIn(room: Room, me: UserId): readonly UserId[] {
  const others = (room.people ?? []).filter(id => id !== me)
  return others.length > 0 ? others : (room.people ?? [])
}

/** What a room is called on the page: its name, or for a direct room the names of the others in it. */
export function roomTitle(room: Room, users: ReadonlyMap<UserId, User>, me: UserId): string {
  return room.kind === 'direct' ? namesOf(othersIn(room, me), users) : room.name
}
