import type { RoomId } from '../../contract/ids.ts'
import { userTopic } from '../../contract/ids.ts'
import type { Output } from '../../contract/operations.ts'
import { mayTakePart } from './access.ts'
import type { Answer, Identity, KnownHandlers } from './answer.ts'
import type { Condition } from './change.ts'
import { refusalOf } from './refusals.ts'
import type { Workings } from './workings.ts'
import { stampOf } from './workings.ts'
import type { Step } from './write.ts'
import { change, fresh, write } from './write.ts'

/** One's read marker in each room: forward by reading, back by marking unread. */
export const readHandlers = (w: Workings): KnownHandlers<'reads.move' | 'reads.back'> => ({
  'reads.move': ({ who, input }) => move(w, who, { room: input.id, to: input.seq, way: 'forward' }),
  'reads.back': ({ who, input }) => move(w, who, { room: input.id, to: input.seq, way: 'back' }),
})

type Marker = Output<'reads.move'>
interface Move {
  readonly room: RoomId
  readonly to: number
  readonly way: 'forward' | 'back'
}

/** A marker that is there already, or beyond, stays. None is set above the log's head: what is said next would be read unseen. */
function move(w: Workings, who: Identity, { room, to, way }: Move): Promise<Answer<Marker>> {
  return write(w.writer, async (): Promise<Step<Marker>> => {
    const marker = await w.store.unread(room, who.user)
    const seq = Math.min(to, marker?.seq ?? 0)
    const user = who.user
    const moves: Condition =
      way === 'forward' ? { if: 'marker', room, user, below: seq } : { if: 'marker', room, user, above: seq }
    const isThere = marker !== null && (way === 'forward' ? marker.read >= seq : marker.read <= seq)
    const guards = mayTakePart(user, room)
    return {
      change: change({
        guards: isThere ? guards : [...guards, fresh(moves)],
        appends: isThere
          ? []
          : [{ topic: userTopic(user), event: { e: 'read.moved', ...stampOf(w, who), room, seq } }],
      }),
      done: async () => {
        const now = await w.store.unread(room, user)
        return now
          ? { ok: { read: now.read, unread: now.unread, seq: now.seq } }
          : refusalOf({ code: 'changed' })
      },
    }
  })
}
