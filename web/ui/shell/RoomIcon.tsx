import { Archive, Hash, Lock } from 'lucide-react'
import type { Room } from '../../../contract/entities.ts'

/** What kind of room it is, as a sign. */
export function RoomIcon({ room }: { room: Room }) {
  if (room.archived) return <Archive />
  return room.kind === 'private' ? <Lock /> : <Hash />
}
