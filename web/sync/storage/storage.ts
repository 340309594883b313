import type { WireError } from '../../../contract/frames.ts'
import type { Epoch, MessageId, RoomId, Seq, Topic, UserId } from '../../../contract/ids.ts'
import type { RoomDraft, Unsent } from '../model.ts'
import type { State } from '../replica/state.ts'
import type { MessageWindow } from '../room/message-window.ts'

/** A snapshot with the cursors that it stands at: events after them bring it up to date. A topic without a cursor is to be read anew. */
export interface SavedState {
  readonly state: State
  readonly cursors: ReadonlyMap<Topic, Seq>
}

/** The newest messages of a room that was opened, as of `run.at` in the history `epoch`. `run` is the name under which browsers have it stored. */
export interface SavedWindow {
  readonly room: RoomId
  readonly epoch: Epoch
  readonly run: MessageWindow
}

/** A message that is to be sent. `order` grows with each row of its user; `failed` is a final refusal. */
export interface OutboxRow {
  readonly draft: Unsent
  readonly order: number
  readonly failed: WireError | null
}

/**
 * What this device keeps, by user. Outbox rows and drafts are somebody's own words and outlive all but their own sign-out; the rest is a
 * cache. A method that resolves has stored; one that rejects has not.
 */
export interface Storage {
  lastUser(): Promise<UserId | null>
  setLastUser(user: UserId | null): Promise<void>

  state(user: UserId): Promise<SavedState | null>
  /** All at once: a cursor is never stored without the state that it stands for. */
  save(user: UserId, saved: SavedState, windows: readonly SavedWindow[]): Promise<void>
  savedWindow(user: UserId, room: RoomId): Promise<SavedWindow | null>
  dropWindow(user: UserId, room: RoomId): Promise<void>

  /** In their order. */
  rows(user: UserId): Promise<readonly OutboxRow[]>
  /** Adds a row after all others of its user, and after the order `after`. The draft that it was, by its id, goes in the same write. */
  addRow(user: UserId, draft: Unsent, after?: number): Promise<void>
  /** Marks a row that is still there as refused, or (`null`) as to be sent again. */
  markRow(id: MessageId, failed: WireError | null): Promise<void>
  /** Makes of a row that is still there one without a quote, to be sent again. */
  unquoteRow(id: MessageId): Promise<void>
  dropRow(id: MessageId): Promise<void>

  drafts(user: UserId): Promise<ReadonlyMap<RoomId, RoomDraft>>
  draft(user: UserId, room: RoomId): Promise<RoomDraft | null>
  /** `null` forgets it. */
  setDraft(user: UserId, room: RoomId, draft: RoomDraft | null): Promise<void>

  /** Forgets the cache of a user; with `unsent`, their outbox and drafts as well. */
  wipe(user: UserId, unsent: boolean): Promise<void>
  close(): void
}

export const emptyDraft: RoomDraft = { id: null, text: '', quote: null, edit: null }

/** A room's draft whose message was sent; an edit beside it stays. */
export const withoutMessage = (draft: RoomDraft): RoomDraft => ({ ...draft, id: null, text: '', quote: null })

/** A message as it is sent where the one it quotes is gone. */
export function unquoted({ quote: _, ...unsent }: Unsent): Unsent {
  return unsent
}
