import type { RoomId, UserId } from '../../../contract/ids.ts'
import { userTopic } from '../../../contract/ids.ts'
import { limits } from '../../../contract/limits.ts'
import type { OperationContext } from '../context.ts'
import type { Change } from '../log/change.ts'
import { change, fresh } from '../log/write.ts'
import type { Stamp } from './users/model.ts'
import { joins } from './users/model.ts'

export type Gathering = Change & { readonly coming: readonly UserId[] }

/**
 * What goes with a message in a direct room that some of its people do not have in their list: it is there from then on. It counts for
 * nobody's bound but who writes; and of those that others wrote in and somebody never answered, each has only so many, so that strangers
 * make nobody's list endless. Others are set aside, read ones before unread ones and old before new, and come back with their next message.
 */
export async function gathering(context: OperationContext, room: RoomId, stamp: Stamp): Promise<Gathering> {
  const coming = await context.store.notHere(room)
  const parts = await Promise.all(
    coming.map(async ({ user, isSetAside }) => [
      ...(user === stamp.by ? [] : await makesPlace(context, user, stamp.at)),
      isSetAside ? listing(room, user, stamp) : joining(room, user, stamp),
    ]),
  )
  return { coming: coming.map(({ user }) => user), ...combined(parts.flat()) }
}

/** Several changes as one, in their order. */
export const combined = (parts: readonly Change[]): Change =>
  change({
    guards: parts.flatMap(({ guards }) => guards),
    appends: parts.flatMap(({ appends }) => appends),
    rows: parts.flatMap(({ rows }) => rows),
  })

async function makesPlace(context: OperationContext, user: UserId, at: number): Promise<Change[]> {
  const surplus = await context.store.unanswered(user, limits.unansweredDirects - 1)
  return surplus.map(room => settingAside(room, user, at))
}

const joining = (room: RoomId, user: UserId, stamp: Stamp): Change =>
  change({
    guards: [fresh({ if: 'user', user, state: 'active' }), fresh({ if: 'not a member', room, user })],
    appends: joins(room, user, 'member', stamp),
  })

/** What was set aside is in somebody's list again. It was theirs all the time: the room's log, which the others hear, says nothing of it. */
export const listing = (room: RoomId, user: UserId, stamp: Stamp): Change =>
  change({
    guards: [
      fresh({ if: 'user', user, state: 'active' }),
      fresh({ if: 'member', room, user, setAside: true }),
    ],
    appends: [{ topic: userTopic(user), event: { e: 'room.added', ...stamp, room } }],
    rows: [{ row: 'in the list', room, user, own: user === stamp.by }],
  })

/** Out of their list, and no more: they stay a member, nothing of it is erased, and nobody else hears of it. */
const settingAside = (room: RoomId, user: UserId, at: number): Change =>
  change({
    guards: [fresh({ if: 'member', room, user, setAside: false })],
    appends: [{ topic: userTopic(user), event: { e: 'room.removed', by: user, at, room } }],
    rows: [{ row: 'set aside', room, user }],
  })
