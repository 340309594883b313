import type { RoomId, Seq } from '../../../contract/ids.ts'
import type { OpenRoom } from '../model.ts'
import type { SyncContext } from '../sync-context.ts'
import type { Conversation } from './conversation.ts'
import { countBetween, reachOf, unreadFrom } from './reading.ts'

/** Moves one's marker in an open room: by what is on the screen, and by what one says. */
export function marking(
  conversation: Conversation,
  context: SyncContext,
): Pick<OpenRoom, 'look' | 'jumped' | 'markRead' | 'markUnreadFrom'> {
  const { room, place } = conversation
  const { me, markers, replica } = context
  let joined = false
  let staysUnread = false
  return {
    look(at) {
      if (at.position !== undefined) place.leftAt(at.position)
      const known = readIn(room, context)
      const { messageWindow } = conversation
      if (known === undefined || !messageWindow) return null
      const read = markers.seen(room, known)
      const reach = reachOf(at, { read, unreadFrom: unreadFrom(messageWindow, read, me), joined })
      joined = reach.joined
      if (at.isWatched && !staysUnread) void moveTo(reach.read, conversation, context)
      const from = unreadFrom(messageWindow, markers.seen(room, known), me)
      if (place.looked(from, at.newest, messageWindow)) conversation.redraw()
      return from
    },
    jumped() {
      joined = false
    },
    async markRead() {
      const last = replica.state.mine.get(room)?.room.last?.seq ?? 0
      staysUnread = false
      await moveTo(Math.max(last, conversation.newestLoaded ?? 0), conversation, context)
    },
    async markUnreadFrom(message) {
      // Until the room is opened again: the view that shows the message would mark it read at once.
      staysUnread = true
      place.setNewAfter(message.seq - 1)
      conversation.redraw()
      await markers.back(room, message.seq - 1)
    },
  }
}

const readIn = (room: RoomId, { replica }: SyncContext): Seq | undefined =>
  replica.state.mine.get(room)?.membership.read

/** Forward only. */
async function moveTo(to: Seq, { room, messageWindow }: Conversation, context: SyncContext): Promise<void> {
  const { me, markers } = context
  const from = readIn(room, context)
  if (from === undefined || to <= markers.seen(room, from)) return
  await markers.move(room, from, to, messageWindow && countBetween(messageWindow, from, to, me))
}
