import type { RoomId, UserId } from '../../contract/ids.ts'
import { userTopic } from '../../contract/ids.ts'
import { limits } from '../../contract/limits.ts'
import type { Change } from './change.ts'
import type { Stamp } from './people.ts'
import { joins, leaves } from './people.ts'
import type { Workings } from './workings.ts'
import { change, fresh } from './write.ts'

export type Gathering = Change & { readonly coming: readonly UserId[] }

/**
 * What goes with a message in a direct room that some of its people do not have: it is theirs from then on. It counts for nobody's bound
 * but who writes; and of those that others wrote in and somebody never answered, each has only the newest, so that strangers make
 * nobody's list endless. An older one comes back with its next message.
 */
export async function gathering(w: Workings, room: RoomId, stamp: Stamp): Promise<Gathering> {
  const coming = await w.store.notHere(room)
  const parts = await Promise.all(coming.map(user => oneComes(w, room, user, stamp)))
  return {
    coming,
    guards: parts.flatMap(({ guards }) => guards),
    appends: parts.flatMap(({ appends }) => appends),
    rows: parts.flatMap(({ rows }) => rows),
  }
}

async function oneComes(w: Workings, room: RoomId, user: UserId, stamp: Stamp): Promise<Change> {
  const surplus = await w.store.unanswered(user, limits.unansweredDirects - 1)
  const going = surplus.map(old => letGo(old, user, stamp.at))
  return {
    guards: [
      fresh({ if: 'user', user, state: 'active' }),
      fresh({ if: 'not a member', room, user }),
      ...going.flatMap(({ guards }) => guards),
    ],
    appends: [...going.flatMap(({ appends }) => appends), ...joins(room, user, 'member', stamp)],
    rows: going.flatMap(({ rows }) => rows),
  }
}

function letGo({ room, members }: { room: RoomId; members: number }, user: UserId, at: number): Change {
  const stamp = { by: user, at }
  if (members > 1)
    return change({
      guards: [fresh({ if: 'member', room, user })],
      appends: leaves(room, user, stamp),
    })
  return change({
    guards: [fresh({ if: 'member', room, user }), fresh({ if: 'nobody else', room, than: user })],
    appends: [{ topic: userTopic(user), event: { e: 'room.removed', ...stamp, room } }],
    rows: [{ row: 'room erased', room }],
  })
}
