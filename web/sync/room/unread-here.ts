import type { RoomId, Seq } from '../../../contract/ids.ts'
import type { Mine } from '../replica/state.ts'
import { many, unreadOf, withMarkerMoved } from './unread.ts'

/** What one has read here, which the server may not have received yet. */
export interface ReadHere {
  /** How far one has read in a room where one's marker is known to be at `read`. */
  readonly seen: (room: RoomId, read: Seq) => Seq
  /** Past how many unread messages, where that is known. */
  readonly passed: (room: RoomId, read: Seq) => number | null
}

/**
 * What is read here counts as read at once, though the server learns of it a moment later. While a count is asked for anew, the one that
 * was `shown` last stands: nothing jumps back to what was read.
 */
export function unreadHere(
  { room, at, membership: { read }, unread }: Mine,
  of: ReadHere,
  shown: number | undefined,
): number {
  const count = withMarkerMoved(unread, read, of.seen(room.id, read), at)
  if (count.sure) return unreadOf(count)
  const passed = of.passed(room.id, read)
  if (passed !== null && unread.sure && unread.base < many) return Math.max(0, unreadOf(unread) - passed)
  return shown ?? unreadOf(count)
}
