import type { MessageId, RoomId, Seq, UserId } from '../../../contract/ids.ts'

/** Where a message stands among all, by time and then id, and in its room. */
export interface MessagePlace {
  readonly at: number
  readonly seq: Seq
  readonly id: MessageId
}

/** `null` for any room, or any author, or from the newest on. */
export interface Overseen {
  readonly room: RoomId | null
  readonly author: UserId | null
  readonly before: MessagePlace | null
  readonly limit: number
}

/** `above`: nothing up to this seq is there for whoever asks. */
export type HistoryRange = {
  readonly above?: Seq
  readonly before?: Seq
  readonly after?: Seq
  readonly around?: Seq
  readonly limit: number
}
