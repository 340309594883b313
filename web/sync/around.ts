import type { MessageId, RoomId, Seq, UserId } from '../../contract/ids.ts'
import { roomTopic } from '../../contract/ids.ts'
import type { Markers } from './markers.ts'
import type { ReadingPosition } from './model.ts'
import type { Outbox } from './outbox.ts'
import type { Cancel, Ports } from './ports.ts'
import type { Positions } from './positions.ts'
import type { Reads } from './reads.ts'
import type { Replica } from './replica.ts'
import type { Run } from './run.ts'
import type { Signals } from './signals.ts'
import type { Call } from './snapshots.ts'
import type { OutboxRow, Storage } from './storage.ts'
import { unreadHere } from './view.ts'

/** What a conversation asks of what is around it. */
export interface Around {
  readonly call: Call
  readonly reads: Reads
  /** The last seq heard of the room's log; `undefined` where it is not served here. */
  cursor(): Seq | undefined
  /** Whether everything is heard that was said in the room before the line came up. */
  isCurrent(): boolean
  /** How far one has read, and how much is unread; `null` where one is not in the room, or it is not known yet. */
  marker(): { read: Seq; unread: number } | null
  /** Where one was; `null` at the end. */
  position(): ReadingPosition | null
  setPosition(position: ReadingPosition | null): void
  /** Whether the room can be read without being in it. */
  isListed(): boolean
  unsent(known: Seq): readonly Pick<OutboxRow, 'draft' | 'failed'>[]
  typing(): readonly UserId[]
  cached(): Promise<Run | null>
  forgetCached(): void
  /** Something of it is to be cached. */
  changed(): void
  /** A message stands in the history. */
  arrived(id: MessageId): void
  after(ms: number, then: () => void): Cancel
  random(): number
}

/** What is around a room's conversation in a client of these parts. */
export function aroundOf(
  room: RoomId,
  of: {
    readonly me: UserId
    readonly ports: Ports
    readonly storage: Storage
    readonly call: Call
    readonly replica: Replica
    readonly outbox: Outbox
    readonly signals: Signals
    readonly markers: Markers
    readonly positions: Positions
    readonly line: { readonly isOnline: boolean }
    readonly cache: { changed(): void }
  },
): Around {
  const { me, ports, storage, call, replica, outbox, signals, cache, markers, positions, line } = of
  return {
    call,
    reads: replica.reads,
    cursor: () => replica.topics.cursors.get(roomTopic(room)),
    isCurrent: () => line.isOnline && replica.isCurrent(roomTopic(room)),
    marker: () => {
      const mine = replica.state.mine.get(room)
      if (!mine) return null
      return { read: markers.seen(room, mine.membership.read), unread: unreadHere(mine, markers, undefined) }
    },
    position: () => positions.get(room),
    setPosition: position => positions.set(room, position),
    isListed: () => replica.state.people.listed.has(room),
    unsent: known => outbox.rowsOf(room, known),
    typing: () => signals.typingIn(room),
    cached: async () => {
      const saved = await storage.run(me, room)
      return saved?.epoch === replica.state.epoch ? saved.run : null
    },
    forgetCached: () => void storage.dropRun(me, room),
    changed: () => cache.changed(),
    arrived: id => outbox.arrived(id),
    after: (ms, then) => ports.clock.after(ms, then),
    random: () => ports.random(),
  }
}
