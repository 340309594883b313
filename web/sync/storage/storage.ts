import type { Epoch, RoomId, Seq, Topic, UserId } from '../../../contract/ids.ts'
import type { RoomDraft } from '../model.ts'
import type { OutboxRow, QueuedCall } from '../outbox/queued.ts'
import { isOf } from '../outbox/queued.ts'
import type { State } from '../replica/state.ts'
import type { MessageWindow } from '../room/message-window.ts'

/** A snapshot with the cursors that it stands at: events after them bring it up to date. A topic without a cursor is to be read anew. */
export interface SavedState {
  readonly state: State
  readonly cursors: ReadonlyMap<Topic, Seq>
}

/** The newest messages of a room that was opened, as of `messageWindow.at` in the history `epoch`. */
export interface SavedWindow {
  readonly room: RoomId
  readonly epoch: Epoch
  readonly messageWindow: MessageWindow
}

/** What becomes of a row; `null`: it is dropped. It may be called more than once. */
export type RowChange = (row: OutboxRow) => OutboxRow | null

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
  /**
   * Adds a call after all other rows of its user, and after the order `after`, or merges it with the row that there is of its key. The draft
   * that a message was, by its id, or an edit of its message, goes in the same write. Answers the row.
   */
  addRow(user: UserId, key: string, call: QueuedCall, after?: number): Promise<OutboxRow>
  /** Changes a row that is still there, or (`null`) drops it. `change` gets it as it is stored. Answers what is there then. */
  changeRow(user: UserId, key: string, change: RowChange): Promise<OutboxRow | null>

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

/** The draft of a room after this call is stored for sending. */
export function withoutCall(draft: RoomDraft, call: QueuedCall): RoomDraft {
  if (isOf(call, 'messages.post') && draft.id === call.input.id) return withoutMessage(draft)
  const isEdit = isOf(call, 'messages.edit') && draft.edit?.message === call.input.id
  return isEdit ? { ...draft, edit: null } : draft
}
