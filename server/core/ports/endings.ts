import type { RoomId, Seq, SessionId, TokenId, UserId } from '../../../contract/ids.ts'
import type { Life } from './authentication.ts'

/**
 * Who may not hear or read a room any more: a member who went out of it at `seq` of its log; everybody, since it was deleted; strangers,
 * who are not in it, since it is public no longer.
 */
export interface Removal {
  readonly room: RoomId
  readonly who: UserId | 'everybody' | 'strangers'
  readonly seq: Seq
}

/** Sessions, tokens and rights to rooms that ended after a mark, in the order they ended in. */
export interface Ended {
  readonly ids: readonly (SessionId | TokenId)[]
  readonly removals: readonly Removal[]
  /** The mark to ask from next. */
  readonly upTo: Seq
  /**
   * Whether none of them is missing. If not, some that ended right after the mark are no longer told: `alive` is to be asked about every
   * key, and `membersIn` about every room.
   */
  readonly whole: boolean
}

/** What a node asks of the store again and again, to know whom it may still serve. */
export interface EndingReads {
  /** Of these, those that are still there, each with what it lasts by. One query. */
  alive(ids: readonly (SessionId | TokenId)[]): Promise<ReadonlyMap<SessionId | TokenId, Life>>
  /** What ended after the mark `after`, whatever ended it; with `null`, only the mark. At least the newest 10,000 endings are kept. */
  ended(after: Seq | null): Promise<Ended>
  /** For each of these rooms, the ids of all who are members, with the seq of its log that this holds at. One query for all of them. */
  membersIn(
    rooms: readonly RoomId[],
  ): Promise<ReadonlyMap<RoomId, { readonly users: ReadonlySet<UserId>; readonly seq: Seq }>>
}
