import type { Membership, Room } from '../../../../contract/entities.ts'
import type { RoomId } from '../../../../contract/ids.ts'
import { roomTopic } from '../../../../contract/ids.ts'
import type { Output } from '../../../../contract/operations.ts'
import type { Asker } from '../../access.ts'
import type { Answer, Identity } from '../../answer.ts'
import { isRefusal } from '../../answer.ts'
import type { OperationContext } from '../../context.ts'
import type { Taken } from '../../log/write.ts'
import type { RoomFields } from './room-events.ts'

/** A room with what the asker is in it. */
export type SeenRoom = Output<'rooms.get'>

/** The room as somebody sees it now. */
export async function seenRoom(
  context: OperationContext,
  who: Identity,
  id: RoomId,
): Promise<Answer<SeenRoom>> {
  const asker = await context.access.asker(who)
  return isRefusal(asker) ? asker : seenBy(context, asker, id)
}

export async function seenBy(context: OperationContext, asker: Asker, id: RoomId): Promise<Answer<SeenRoom>> {
  const seen = await context.access.room(asker, id)
  return isRefusal(seen) ? seen : { ok: { ...seen } }
}

/**
 * The room after a write to it: as it is now, or, where its author may not see it any longer or the store does not answer, as the write
 * left it. What was done is never answered as refused.
 */
export async function seenAfter(
  context: OperationContext,
  who: Identity,
  committed: SeenRoom,
): Promise<{ readonly ok: SeenRoom }> {
  const seen = await seenRoom(context, who, committed.room.id).catch(() => null)
  return seen === null || isRefusal(seen) ? { ok: committed } : seen
}

/** A room that a write made, with who made it as its only member. */
export function madeRoom(room: RoomFields, role: Membership['role'], outcome: Taken): SeenRoom {
  const seq = headIn(outcome, room.id)
  return { ...joinedRoom({ room: { ...room, last: null }, members: 0, seq }, role, outcome), seq }
}

/** A room that a write put its author in, as it was before. */
export function joinedRoom(
  before: { readonly room: Room; readonly members: number; readonly seq: number },
  role: Membership['role'],
  outcome: Taken,
): SeenRoom {
  const seq = headIn(outcome, before.room.id) || before.seq
  const membership = { room: before.room.id, role, since: seq, read: seq, hidden: 0 }
  return { room: before.room, membership, members: before.members + 1, unread: 0, seq }
}

/** The last seq that a write appended to the log of a room; 0 where it appended none. */
export const headIn = (outcome: Taken, room: RoomId): number =>
  outcome.is === 'done' ? (outcome.appended.findLast(({ topic }) => topic === roomTopic(room))?.seq ?? 0) : 0
