import type { Message } from '../../contract/entities.ts'
import type { MessageId, RoomId, Seq, Topic, UserId } from '../../contract/ids.ts'
import type { RoomDraft } from './model.ts'
import type { OutboxNotice, OutboxRow, QueuedCall, QueuedOperation } from './outbox/queued.ts'
import type { Ports } from './ports.ts'
import type { EventBatch } from './replica/effects.ts'
import type { MergedReads } from './replica/merged-reads.ts'
import type { State } from './replica/state.ts'
import type { MessageWindow } from './room/message-window.ts'
import type { Positions } from './room/positions.ts'
import type { Storage } from './storage/storage.ts'
import type { CallOperation } from './transport/calls.ts'
import type { ReconnectingSocket } from './transport/reconnecting-socket.ts'

/** What the tabs of one person send one another. */
export type TabNotice =
  | { is: 'signed out' }
  | ({ is: 'outbox' } & OutboxNotice)
  /** The stored draft of this room is another one now. */
  | { is: 'draft'; room: RoomId }

/**
 * What each part of one person's client gets: what it may use of the others, and where it reports what became of its own matter. No
 * part is asked while they are constructed.
 */
export interface SyncContext {
  readonly me: UserId
  readonly ports: Ports
  readonly storage: Storage
  readonly socket: ReconnectingSocket
  readonly call: CallOperation
  readonly replica: {
    readonly state: State
    readonly cursors: ReadonlyMap<Topic, Seq>
    readonly reads: MergedReads
    cursorOf(room: RoomId): Seq | undefined
    isCurrent(topic: Topic): boolean
  }
  readonly outbox: {
    add<Op extends QueuedOperation>(call: Omit<QueuedCall<Op>, 'at'>): Promise<void>
    retry(key: string): Promise<void>
    retryUnquoted(key: string): Promise<void>
    discard(key: string): Promise<string>
    rowsOf(room: RoomId, known: Seq): readonly OutboxRow[]
    confirmMessages(room: RoomId, messages: readonly Message[]): void
  }
  readonly drafts: {
    of(room: RoomId): RoomDraft
    subscribe(room: RoomId, view: () => void): () => void
    write(room: RoomId, change: Partial<RoomDraft>): void
    take(room: RoomId): { id: MessageId; text: string; quote: MessageId | null } | null
    leaveEdit(room: RoomId): void
    release(room: RoomId): Promise<void>
  }
  readonly markers: {
    of(room: RoomId): { read: Seq; unread: number } | null
    seen(room: RoomId, read: Seq): Seq
    move(room: RoomId, from: Seq, to: Seq, count: number | null): Promise<void>
    back(room: RoomId, to: Seq): Promise<void>
  }
  readonly signals: {
    typingIn(room: RoomId): readonly UserId[]
    notifyTyping(room: RoomId): void
    posted(room: RoomId): void
  }
  readonly positions: Positions
  readonly cache: {
    windowOf(room: RoomId): Promise<MessageWindow | null>
    forgetWindow(room: RoomId): void
    changed(): void
  }

  /** Something that a snapshot shows is another thing. */
  changed(): void
  /** What is shown in a room is another thing. */
  roomChanged(room: RoomId): void
  /** To the other tabs. */
  notify(notice: TabNotice): void

  /** The state of the replica is another one. */
  stateChanged(): void
  /** Events that were not received before, after the state took them. */
  received(batch: EventBatch): void
  /** A topic begins anew after `head`. `known` false: nothing that was read of it before holds any more. */
  restarted(topic: Topic, head: Seq, known: boolean): void
  gone(topic: Topic): void
  /** Parts of the state are to be read: see `Replica.wanted`. */
  wants(): void
  /** Events are missing: the connection is to be asked anew, from the cursors. */
  gap(): void

  /** An earlier page has left this row in the outbox. */
  rowLoaded(row: OutboxRow): void
  /** The rows of a room are others now. */
  rowsChanged(room: RoomId): void
  /** The server has answered this row, or what it asked for is known to be done. */
  rowSettled(row: OutboxRow): void
}
