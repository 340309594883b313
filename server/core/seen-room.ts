import type { RoomId } from '../../contract/ids.ts'
import type { Output } from '../../contract/operations.ts'
import type { Answer, Identity } from './answer.ts'
import { isRefusal } from './answer.ts'
import type { Workings } from './workings.ts'

/** A room with what the asker is in it. */
export type SeenRoom = Output<'rooms.get'>

/** The room as the asker sees it now. */
export async function seenRoom(w: Workings, who: Identity, id: RoomId): Promise<Answer<SeenRoom>> {
  const asker = await w.access.asker(who)
  if (isRefusal(asker)) return asker
  const seen = await w.access.room(asker, id)
  return isRefusal(seen) ? seen : { ok: { ...seen } }
}
