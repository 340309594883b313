import type { Me, Membership, Room } from '../../contract/entities.ts'
import type { Epoch, RoomId, UserId } from '../../contract/ids.ts'
import { Listeners } from './listeners.ts'
import type { LiveContext } from './live-context.ts'
import type { ConnectionStatus, Snapshot } from './model.ts'
import type { State } from './replica/state.ts'
import type { ReadHere } from './room/markers.ts'
import { unreadHere } from './room/markers.ts'

/** What a snapshot is made of. */
export interface ViewParts extends ReadHere {
  readonly state: State
  readonly connection: ConnectionStatus
  readonly online: ReadonlySet<UserId>
  readonly unsent: number
  readonly waiting: number
  readonly unsentRooms: ReadonlySet<RoomId>
  readonly drafts: ReadonlySet<RoomId>
  readonly kept: boolean
}

/** The snapshot of what is known now. Each part that is equal to the last one's is the last one's. */
export function snapshotOf(of: ViewParts, last: Snapshot | null): Snapshot {
  const { state, connection, online, unsent, waiting, unsentRooms, drafts, kept } = of
  const { people, self, mine } = state
  const rooms = new Map<RoomId, Room>(people.listed)
  const memberships = new Map<RoomId, Membership>()
  const counts = new Map<RoomId, number>()
  for (const [id, one] of mine) {
    rooms.set(id, one.room)
    memberships.set(id, one.membership)
    const unread = unreadHere(one, of, last?.unread.get(id))
    if (unread > 0) counts.set(id, unread)
  }
  return {
    connection,
    epoch: state.epoch ?? ('' as Epoch),
    workspace: people.workspace,
    me: meOf(state, self.email, last),
    users: people.users,
    rooms: same(rooms, last?.rooms),
    memberships: same(memberships, last?.memberships),
    unread: same(counts, last?.unread),
    online,
    unsent,
    waiting,
    unsentRooms: last && isSameSet(unsentRooms, last.unsentRooms) ? last.unsentRooms : unsentRooms,
    drafts,
    kept,
  }
}

const isSameSet = <T>(a: ReadonlySet<T>, b: ReadonlySet<T>): boolean =>
  a.size === b.size && [...a].every(one => b.has(one))

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

/** The snapshot for whoever looks, made when it is looked at, and the listeners that are notified that it is another one. */
export class View {
  readonly #context: LiveContext
  readonly #kept: () => boolean
  readonly listeners = new Listeners()
  #snapshot: Snapshot | null = null
  /** The one before, for the parts that did not change since. */
  #last: Snapshot | null = null

  constructor(context: LiveContext, kept: () => boolean) {
    this.#context = context
    this.#kept = kept
  }

  get snapshot(): Snapshot {
    this.#snapshot ??= snapshotOf(this.#seen, this.#last)
    this.#last = this.#snapshot
    return this.#snapshot
  }

  get #seen(): ViewParts {
    const { replica, socket, markers, signals, outbox, drafts } = this.#context
    return {
      state: replica.state,
      seen: (room, read) => markers.seen(room, read),
      passed: (room, read) => markers.passed(room, read),
      connection: socket.state,
      online: signals.online,
      unsent: outbox.unsent.length,
      waiting: outbox.unsent.filter(row => !row.failed).length,
      unsentRooms: new Set(outbox.unsent.map(row => row.room)),
      drafts: drafts.rooms,
      kept: this.#kept(),
    }
  }

  changed(): void {
    this.#snapshot = null
    this.listeners.notify()
  }
}
