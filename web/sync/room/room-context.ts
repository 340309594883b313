import type { Message } from '../../../contract/entities.ts'
import type { RoomId, Seq, UserId } from '../../../contract/ids.ts'
import { roomTopic } from '../../../contract/ids.ts'
import type { ReadingPosition } from '../model.ts'
import type { Outbox } from '../outbox/outbox.ts'
import type { OutboxRow } from '../outbox/queued.ts'
import type { Cancel, Ports } from '../ports.ts'
import type { MergedReads } from '../replica/merged-reads.ts'
import type { Replica } from '../replica/replica.ts'
import type { CallOperation } from '../replica/snapshots.ts'
import type { Signals } from '../signals.ts'
import type { Storage } from '../storage/storage.ts'
import type { Markers } from './markers.ts'
import type { MessageWindow } from './message-window.ts'
import type { Positions } from './positions.ts'
import { unreadHere } from './unread-here.ts'

/** What a conversation asks of the client that it is in. */
export interface RoomContext {
  readonly me: UserId
  readonly call: CallOperation
  readonly reads: MergedReads
  /** The last seq received of the room's log; `undefined` where it is not served here. */
  cursor(): Seq | undefined
  /** Whether everything is received that was said in the room before the connection came up. */
  isCurrent(): boolean
  /** How far one has read, and how much is unread; `null` where one is not in the room, or it is not known yet. */
  marker(): { read: Seq; unread: number } | null
  /** Where one was; `null` at the end. */
  position(): ReadingPosition | null
  setPosition(position: ReadingPosition | null): void
  /** Whether the room can be read without being in it. */
  isListed(): boolean
  /** What is asked for in the room, and is not in its history up to `known`. */
  unconfirmed(known: Seq): readonly OutboxRow[]
  typing(): readonly UserId[]
  cached(): Promise<MessageWindow | null>
  forgetCached(): void
  /** Something of it is to be cached. */
  changed(): void
  /** These messages stand in the history. */
  confirm(messages: readonly Message[]): void
  after(ms: number, then: () => void): Cancel
  random(): number
}

/** The parts of a client that its conversations use. */
interface RoomContextParts {
  readonly me: UserId
  readonly ports: Ports
  readonly storage: Storage
  readonly call: CallOperation
  readonly replica: Replica
  readonly outbox: Outbox
  readonly signals: Signals
  readonly markers: Markers
  readonly positions: Positions
  readonly socket: { readonly isOnline: boolean }
  readonly cache: { changed(): void }
}

/** The context of a room's conversation in a client of these parts. */
export function roomContextOf(room: RoomId, of: RoomContextParts): RoomContext {
  const { me, ports, storage, call, replica, outbox, signals, cache } = of
  return {
    me,
    call,
    reads: replica.reads,
    cursor: () => replica.topics.cursors.get(roomTopic(room)),
    ...placeIn(room, of),
    isListed: () => replica.state.people.listed.has(room),
    unconfirmed: known => outbox.rowsOf(room, known),
    typing: () => signals.typingIn(room),
    cached: async () => {
      const saved = await storage.savedWindow(me, room)
      return saved?.epoch === replica.state.epoch ? saved.messageWindow : null
    },
    forgetCached: () => void storage.dropWindow(me, room).catch(() => {}),
    changed: () => cache.changed(),
    confirm: messages => {
      // Of nearly all messages nothing is asked for.
      if (outbox.rowsOf(room, 0).length > 0)
        outbox.confirm(messages.map(message => ({ is: 'message', ...message })))
    },
    after: (ms, then) => ports.clock.after(ms, then),
    random: () => ports.random(),
  }
}

/** How far one has read in a room, and where one was. */
function placeIn(
  room: RoomId,
  { replica, markers, positions, socket }: RoomContextParts,
): Pick<RoomContext, 'isCurrent' | 'marker' | 'position' | 'setPosition'> {
  return {
    isCurrent: () => socket.isOnline && replica.isCurrent(roomTopic(room)),
    marker: () => {
      const mine = replica.state.mine.get(room)
      if (!mine) return null
      return { read: markers.seen(room, mine.membership.read), unread: unreadHere(mine, markers, undefined) }
    },
    position: () => positions.get(room),
    setPosition: position => positions.set(room, position),
  }
}
