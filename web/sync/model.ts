import type { Me, Membership, Message, Room, User, Workspace } from '../../contract/entities.ts'
import type { WireError } from '../../contract/frames.ts'
import type { Epoch, MessageId, RoomId, Seq, UserId } from '../../contract/ids.ts'
import type { Input, OperationName, Output } from '../../contract/operations.ts'

/** What an operation came to. `unreachable`: no answer; it may or may not have happened, and the same call again is safe. */
export type CallResult<T> = { ok: T } | { error: WireError } | { unreachable: true }

/**
 * The connection to the server. `offline` knows when it tries next (ms since the epoch), where it does. `outdated`: this page is older than
 * the server and was reloaded already; `refused`: the server does not speak with this page.
 */
export type ConnectionStatus =
  | { is: 'connecting' }
  | { is: 'online' }
  | { is: 'offline'; retryAt: number | null }
  | { is: 'outdated' }
  | { is: 'refused'; reason: string }

/** What a signed-in person sees, but for the messages. Every part keeps its identity until it changes, so that a view can compare by `===`. */
export interface Snapshot {
  readonly connection: ConnectionStatus
  readonly epoch: Epoch
  readonly workspace: Workspace
  readonly me: Me
  readonly users: ReadonlyMap<UserId, User>
  /** Public rooms and one's own. */
  readonly rooms: ReadonlyMap<RoomId, Room>
  readonly memberships: ReadonlyMap<RoomId, Membership>
  /** Unread messages by room; 100 stands for more than 99; no entry for none. */
  readonly unread: ReadonlyMap<RoomId, number>
  readonly online: ReadonlySet<UserId>
  /** Messages and changes of messages that no answer came to yet, or that were refused for good. */
  readonly unsent: number
  /** Those among them that are sent when the connection is back. */
  readonly waiting: number
  /** The rooms that they are in. */
  readonly unsentRooms: ReadonlySet<RoomId>
  /** The rooms in which a message or an edit is begun and not sent. */
  readonly drafts: ReadonlySet<RoomId>
  /** Whether what is written here outlives the page: `false` where the browser refuses to store it, or has no room. */
  readonly kept: boolean
}

/**
 * C1: rows that are not confirmed stand after all that are. C4: only a `message` without a `change` is as it is on the server. `key` is that of the
 * call in the outbox; `failed` may be a change of a
 * message that is not loaded, or is not there any more.
 */
export type ListRow =
  | { readonly is: 'message'; readonly message: Message; readonly change?: MessageChange }
  | { readonly is: 'pending'; readonly draft: Unsent }
  | {
      readonly is: 'failed'
      readonly key: string
      readonly operation: OperationName
      readonly draft: Unsent
      readonly error: WireError
    }

/** What one wants of a message, and the server has not done: `error`, where it was refused for good. `confirmed`: as it is there. */
export interface MessageChange {
  readonly key: string
  readonly operation: OperationName
  readonly error: WireError | null
  readonly confirmed: Message
}

export interface Unsent {
  readonly id: MessageId
  readonly room: RoomId
  readonly text: string
  readonly quote?: MessageId | undefined
  readonly at: number
}

/** What is being written in a room. `id` is the new message's, from its first letter on: by it, nothing is sent twice. */
export interface RoomDraft {
  readonly id: MessageId | null
  readonly text: string
  readonly quote: MessageId | null
  readonly edit: MessageEdit | null
}

/** A message that is being changed: its text and revision when that was begun, and the text that it is to have. */
export interface MessageEdit {
  readonly message: MessageId
  readonly was: string
  readonly rev: number
  readonly text: string
}

/** A place in a room's history: the message at `seq` has its top `offset` px below that of the list, or above it where that is negative. */
export interface ReadingPosition {
  readonly seq: Seq
  readonly offset: number
}

/** Where a room is to stand that was opened. `unread`: at the first message after the seq `after` that is not one's own. */
export type Opening =
  | { readonly is: 'end' }
  | { readonly is: 'unread'; readonly after: Seq }
  | { readonly is: 'message'; readonly id: MessageId }
  | { readonly is: 'position'; readonly position: ReadingPosition }

/**
 * What of a conversation is on the screen: from the message of which the end is seen to the last that is seen whole, or mostly.
 * `newest`: the last that is drawn, seen or not. `position`: where that is, `null` at the end of the history.
 */
export interface Viewport {
  readonly first: Seq
  readonly last: Seq
  readonly newest: Seq
  /** Not given while the room has not got to where it opens. */
  readonly position?: ReadingPosition | null
  /** Somebody looks: the page is in view, and has the focus. */
  readonly isWatched: boolean
}

/**
 * One room's conversation as loaded: one unbroken stretch of its history. `before` and `after`: there is more on that side; while `after`,
 * new messages are not in `rows`. `newAfter`: the seq after which the divider "new" stands. `opening`: where the room is to stand; it may become another
 * until it `isSettled`, which is when all that was said before one came is received, and what is there is loaded.
 */
export interface ConversationSnapshot {
  readonly status: 'loading' | 'ready' | 'gone' | 'failed'
  readonly error: WireError | null
  readonly rows: readonly ListRow[]
  readonly before: boolean
  readonly after: boolean
  readonly newAfter: Seq | null
  readonly opening: Opening
  readonly isSettled: boolean
  readonly typing: readonly UserId[]
}

/** An open conversation. Closing it stops its events from being kept in memory; what was loaded stays in the cache. */
export interface OpenRoom extends Disposable {
  readonly room: RoomId
  subscribe(listener: () => void): () => void
  snapshot(): ConversationSnapshot
  loadBefore(): Promise<void>
  loadAfter(): Promise<void>
  /** Shows the window around one message, around the first unread one, or the newest; `not_found` where there is none to be seen. */
  jumpTo(message: MessageId): Promise<CallResult<void>>
  jumpToUnread(): Promise<CallResult<void>>
  jumpToLatest(): Promise<CallResult<void>>
  /** Stored first, then sent (C3, C4): the box may be cleared when it resolves. */
  post(text: string, quote?: MessageId): Promise<MessageId>
  /** Asks once more for what was refused, by the key of its row. */
  retry(key: string): Promise<void>
  /** Drops what was not acknowledged, and gives its text back. */
  discard(key: string): Promise<string>
  /** Sends a failed message again without what it quotes. */
  retryUnquoted(key: string): Promise<void>
  /** Stored first, then sent, as a message is: shown at once, and marked in its row if it is refused. */
  edit(message: Pick<Message, 'id' | 'rev'>, text: string): Promise<void>
  remove(message: MessageId): Promise<void>
  /** The quoted message: loaded, cached or fetched; `null` where it is deleted. */
  quoted(id: MessageId): Promise<Message | null>
  /** The same as far as it is known now, as of the last event; `undefined` where it is to be fetched. */
  known(id: MessageId): Message | null | undefined
  /**
   * Tells what is on the screen: it is read, where nothing unread was jumped over, and it is where the room opens the next time. Answers
   * the seq from which on messages are unread, `null` where none is.
   */
  look(at: Viewport): Seq | null
  /** The next look is not where scrolling led from the one before. */
  jumped(): void
  /** Everything that was said is read. */
  markRead(): Promise<void>
  markUnreadFrom(message: Message): Promise<void>
  /** Tells the others, at most every few seconds. */
  typing(): void
  /** What is being written here. It is kept across reloads and shared by the tabs of this browser. */
  draft(): RoomDraft
  /** `listener` is called in the same turn as the change, whoever made it. */
  onDraft(listener: () => void): () => void
  write(change: Partial<Omit<RoomDraft, 'id'>>): void
  /** Posts the draft, which is none from then on; where it cannot be stored it is one again, and this rejects. */
  send(): Promise<void>
  /** Leaves the edit that is in the draft, and stores it for sending; where it cannot be stored it is there again, and this rejects. */
  save(edit: MessageEdit): Promise<void>
}

/** Somebody signed in, on this device: a cursor in each of their logs, a fold of the events, and an outbox. */
export interface Client extends AsyncDisposable {
  subscribe(listener: () => void): () => void
  snapshot(): Snapshot
  /** Resolves when the first snapshot is there: from the cache, else from the server. */
  readonly ready: Promise<void>
  /** Any operation that both transports have, over the socket while there is one, else over HTTP; http-only ones over HTTP. */
  call<Name extends OperationName>(op: Name, input: Input<Name>): Promise<CallResult<Output<Name>>>
  open(room: RoomId, at?: MessageId): OpenRoom
  /** The people whose presence is wanted, until called again. */
  watch(users: readonly UserId[]): void
  /**
   * Why this client ended: one signed out here or in another tab, or the session ended elsewhere. The page then shows the home page. What
   * was cached is wiped; outbox and drafts too where one signed out, else they wait for their author. A late listener is notified at once.
   */
  onEnd(listener: (why: 'signed_out' | 'session_ended') => void): () => void
  signOut(): Promise<CallResult<Record<string, never>>>
  /** Connects at once instead of at `retryAt`. */
  reconnect(): void
}
