import type { Room } from '../../../../contract/entities.ts'
import type { RoomId } from '../../../../contract/ids.ts'
import { roomTopic } from '../../../../contract/ids.ts'
import type { Append } from '../../log/change.ts'
import type { Stamp } from '../users/model.ts'

/** A room's own fields: what its events tell of it. */
export type RoomFields = Omit<Room, 'last'>

export function fieldsOf({ last: _, ...fields }: Room): RoomFields {
  return fields
}

/** The first event of a room; everybody hears of a public one. */
export const made = (room: RoomFields, stamp: Stamp): Append[] => [
  { ...roomChange(room, stamp), creates: true },
  ...listed(room, stamp),
]

/** A room as it now is, in its log; and in the workspace's, where public rooms are listed. */
export function altered(was: RoomFields, room: RoomFields, stamp: Stamp): Append[] {
  const isHidden = was.kind === 'public' && room.kind !== 'public'
  return [roomChange(room, stamp), ...(isHidden ? [unlisted(room.id, stamp)] : listed(room, stamp))]
}

export const unlisted = (room: RoomId, stamp: Stamp): Append => ({
  topic: 'workspace',
  event: { e: 'room.unlisted', ...stamp, room },
})

const roomChange = (room: RoomFields, stamp: Stamp): Append => ({
  topic: roomTopic(room.id),
  event: { e: 'room.changed', ...stamp, room },
})

const listed = (room: RoomFields, stamp: Stamp): Append[] =>
  room.kind === 'public' ? [{ topic: 'workspace', event: { e: 'room.listed', ...stamp, room } }] : []
