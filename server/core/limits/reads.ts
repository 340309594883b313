import type { RoomId } from '../../../contract/ids.ts'
import { userTopic } from '../../../contract/ids.ts'
import type { Output } from '../../../contract/operations.ts'
import { mayTakePart } from '../access.ts'
import type { Answer, Identity } from '../answer.ts'
import type { NounHandlers } from '../call.ts'
import type { OperationContext } from '../context.ts'
import { stampOf } from '../context.ts'
import type { Condition } from '../log/change.ts'
import type { Step } from '../log/write.ts'
import { change, fresh, write } from '../log/write.ts'

/** One's read marker in each room: forward by reading, back by marking unread. */
export const readHandlers = (context: OperationContext): NounHandlers<'reads.move' | 'reads.back'> => ({
  'reads.move': ({ who, input }) => move(context, who, { room: input.id, to: input.seq, way: 'forward' }),
  'reads.back': ({ who, input }) => move(context, who, { room: input.id, to: input.seq, way: 'back' }),
})

type Marker = Output<'reads.move'>
interface Move {
  readonly room: RoomId
  readonly to: number
  readonly way: 'forward' | 'back'
}

/** A marker that is there already, or beyond, stays. None is set above the log's head: what is said next would be read unseen. */
function move(context: OperationContext, who: Identity, { room, to, way }: Move): Promise<Answer<Marker>> {
  return write(context.writer, async (): Promise<Step<Marker>> => {
    const marker = await context.store.unread(room, who.user)
    const head = marker?.seq ?? 0
    const seq = Math.min(to, head)
    const user = who.user
    const read = marker?.read ?? 0
    // As it was read: one's own post in between would have moved it, and would not be up to the head told.
    const unmoved: Condition = { if: 'marker', room, user, below: read + 1, above: read - 1 }
    const isThere = marker !== null && (way === 'forward' ? read >= seq : read <= seq)
    const guards = mayTakePart(user, room)
    return {
      change: change({
        guards: isThere ? guards : [...guards, fresh(unmoved)],
        appends: isThere
          ? []
          : [
              {
                topic: userTopic(user),
                event: { e: 'read.moved', ...stampOf(context, who), room, seq, head },
              },
            ],
      }),
      // What is unread after the marker is counted, and nobody is refused whom the count comes too late for.
      done: async () => {
        const now = await context.store.unread(room, user).catch(() => null)
        return { ok: now ?? { read: isThere ? read : seq, unread: 0, seq: head } }
      },
    }
  })
}
