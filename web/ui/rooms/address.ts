import type { Room } from '../../../contract/entities.ts'
import type { RoomId } from '../../../contract/ids.ts'
import { slugOf } from '../../../contract/names.ts'

type Rooms = ReadonlyMap<RoomId, Room>

/** The public rooms by the form of their names in an address. Of two with one form the older has it, the other keeps its id. */
function bySlug(rooms: Rooms): ReadonlyMap<string, Room> {
  const known = slugs.get(rooms)
  if (known) return known
  const made = new Map<string, Room>()
  for (const room of rooms.values()) {
    const slug = room.kind === 'public' ? slugOf(room.name) : ''
    const other = made.get(slug)
    if (slug !== '' && (!other || isOlder(room, other))) made.set(slug, room)
  }
  slugs.set(rooms, made)
  return made
}

// A snapshot's map of rooms is a new one whenever a room changed, so it can be the key.
const slugs = new WeakMap<Rooms, ReadonlyMap<string, Room>>()

const isOlder = (a: Room, b: Room) =>
  a.createdAt < b.createdAt || (a.createdAt === b.createdAt && a.id < b.id)

/** The address of a room on this page: by name for a public room, by id for any other. */
export function roomPath(room: Room, rooms: Rooms): string {
  const slug = room.kind === 'public' ? slugOf(room.name) : ''
  return `/rooms/${bySlug(rooms).get(slug)?.id === room.id ? encodeURIComponent(slug) : room.id}`
}

/** The address of one message in its room. */
export const messagePath = (room: Room, rooms: Rooms, message: string): string =>
  `${roomPath(room, rooms)}/${message}`

/** The room that an address names, by its id or by its name in any spelling; `null` where one sees none such. */
export function findRoom(named: string, rooms: Rooms): Room | null {
  return rooms.get(named as RoomId) ?? bySlug(rooms).get(slugOf(named)) ?? null
}
