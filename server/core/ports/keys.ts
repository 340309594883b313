import type { Seq, SessionId, TokenId, UserId } from '../../../contract/ids.ts'

export interface LiveSession {
  readonly id: SessionId
  readonly user: UserId
  readonly createdAt: number
  readonly seenAt: number
  readonly confirmedAt: number
}

export interface LiveToken {
  readonly id: TokenId
  readonly user: UserId
  readonly expires: number | null
}

/** What a session or a token lasts by; when it ends is `endOf` (core/keys.ts). */
export type Life = Pick<LiveSession, 'createdAt' | 'seenAt'> | Pick<LiveToken, 'expires'>

/** Sessions and tokens that ended after a mark, in the order they ended in. */
export interface Ended {
  readonly ids: readonly (SessionId | TokenId)[]
  /** The mark to ask from next. */
  readonly upTo: Seq
  /** Whether none of them is missing. If not, some that ended right after the mark are no longer told: `alive` is to be asked about everybody. */
  readonly whole: boolean
}
