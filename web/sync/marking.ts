import type { Seq } from '../../contract/ids.ts'
import type { Conversation } from './conversation.ts'
import type { Markers } from './markers.ts'
import type { OpenRoom } from './model.ts'
import { countBetween, reachOf, unreadFrom } from './reading.ts'
import type { Replica } from './replica.ts'

/** Moves one's marker in an open room: by what is on the screen, and by what one says. */
export function marking(
  conversation: Conversation,
  { markers, replica }: { readonly markers: Markers; readonly replica: Replica },
): Pick<OpenRoom, 'look' | 'jumped' | 'markRead' | 'markUnreadFrom'> {
  const { room } = conversation
  const { me } = replica.state
  let joined = false
  let staysUnread = false

  const moveTo = async (to: Seq): Promise<void> => {
    const from = replica.state.mine.get(room)?.membership.read
    if (from === undefined || to <= markers.seen(room, from)) return
    const { run } = conversation
    await markers.move(room, from, to, run && countBetween(run, from, to, me))
  }
  return {
    look(at) {
      if (at.position !== undefined) conversation.place.leftAt(at.position)
      const membership = replica.state.mine.get(room)?.membership
      const { run } = conversation
      if (!membership || !run) return null
      const read = markers.seen(room, membership.read)
      const reach = reachOf(at, { read, unreadFrom: unreadFrom(run, read, me), joined })
      joined = reach.joined
      if (at.isWatched && !staysUnread && reach.read > read) void moveTo(reach.read)
      const from = unreadFrom(run, markers.seen(room, membership.read), me)
      if (conversation.place.looked(from, at.newest, run)) conversation.redraw()
      return from
    },
    jumped() {
      joined = false
    },
    async markRead() {
      const last = replica.state.mine.get(room)?.room.last?.seq ?? 0
      staysUnread = false
      await moveTo(Math.max(last, conversation.newestLoaded ?? 0))
    },
    async markUnreadFrom(message) {
      // Until the room is opened again: the view that shows the message would mark it read at once.
      staysUnread = true
      conversation.place.setNewAfter(message.seq - 1)
      conversation.redraw()
      await markers.back(room, message.seq - 1)
    },
  }
}
