import type { RoomId, Seq, SessionId, TokenId, UserId } from '../../../contract/ids.ts'

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
   * key, and `memberIds` about every room.
   */
  readonly whole: boolean
}
