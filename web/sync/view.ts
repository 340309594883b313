import type { Me, Membership, Room } from '../../contract/entities.ts'
import type { Epoch, RoomId, UserId } from '../../contract/ids.ts'
import type { Line, Snapshot } from './model.ts'
import type { State } from './state.ts'
import { unreadOf } from './unread.ts'

/** What a snapshot is made of. */
export interface Seen {
  readonly state: State
  readonly line: Line
  readonly online: ReadonlySet<UserId>
  readonly unsent: number
  readonly kept: boolean
}

/** The snapshot of what is known now. Each part that is equal to the last one's is the last one's. */
export function snapshotOf({ state, line, online, unsent, kept }: Seen, last: Snapshot | null): Snapshot {
  const { people, self, mine } = state
  const rooms = new Map<RoomId, Room>(people.listed)
  const memberships = new Map<RoomId, Membership>()
  const counts = new Map<RoomId, number>()
  for (const [id, { room, membership, unread }] of mine) {
    rooms.set(id, room)
    memberships.set(id, membership)
    if (unreadOf(unread) > 0) counts.set(id, unreadOf(unread))
  }
  return {
    line,
    epoch: state.epoch ?? ('' as Epoch),
    workspace: people.workspace,
    me: meOf(state, self.email, last),
    users: people.users,
    rooms: same(rooms, last?.rooms),
    memberships: same(memberships, last?.memberships),
    unread: same(counts, last?.unread),
    online,
    unsent,
    kept,
  }
}

function meOf(state: State, email: string, last: Snapshot | null): Me {
  const user = state.people.users.get(state.me)
  if (!user) throw new Error('a snapshot has its reader among its users')
  const next = { ...user, email }
  return last && sameFields(last.me, next) ? last.me : next
}

const sameFields = (a: Me, b: Me): boolean =>
  Object.keys({ ...a, ...b }).every(key => a[key as keyof Me] === b[key as keyof Me])

function same<K, V>(next: ReadonlyMap<K, V>, last: ReadonlyMap<K, V> | undefined): ReadonlyMap<K, V> {
  if (last?.size !== next.size) return next
  for (const [key, value] of next) if (last.get(key) !== value) return next
  return last
}
