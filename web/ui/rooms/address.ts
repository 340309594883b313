import type { Room } from '../../../contract/entities.ts'
import type { RoomId } from '../../../contract/ids.ts'
import { uuidForm } from '../../../contract/ids.ts'
import { foldName, slugOf } from '../../../contract/names.ts'

type Rooms = ReadonlyMap<RoomId, Room>

const idCharacters = 36

/**
 * The address of a room on this page. Its id alone names it, so that the address outlives a rename and never leads into another room; the name
 * of a public room stands before the id for who reads it.
 */
export function roomPath(room: Room): string {
  const name = room.kind === 'public' ? slugOf(room.name) : ''
  return `/rooms/${name === '' ? '' : `${encodeURIComponent(name)}-`}${room.id}`
}

/** The address of one message in its room. */
export const messagePath = (room: Room, message: string): string => `${roomPath(room)}/${message}`

/** The id that an address holds; `null` for one that holds a name alone. */
export function roomIdIn(named: string): RoomId | null {
  const id = named.slice(-idCharacters)
  const before = named.charAt(named.length - idCharacters - 1)
  return uuidForm.test(id) && (before === '' || before === '-') ? (id as RoomId) : null
}

/**
 * The room that an address names, by its id, or for an address that somebody typed by the name that a public room has now; `null` where one sees
 * none such. Of names that differ in their marks alone the one that is spelled like it is meant, else the oldest.
 */
export function findRoom(named: string, rooms: Rooms): Room | null {
  const id = roomIdIn(named)
  if (id) return rooms.get(id) ?? null
  const isNamed = (form: (name: string) => string) => (room: Room) =>
    room.kind === 'public' && form(named) !== '' && form(room.name) === form(named)
  const oldestFirst = [...rooms.values()].sort((a, b) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1))
  return oldestFirst.find(isNamed(foldName)) ?? oldestFirst.find(isNamed(slugOf)) ?? null
}
