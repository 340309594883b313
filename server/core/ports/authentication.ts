import type { SessionId, TokenId, UserId } from '../../../contract/ids.ts'

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

/** What a session or a token lasts by; when it ends is `endOf` (core/authentication/authentication.ts). */
export type Life = Pick<LiveSession, 'createdAt' | 'seenAt'> | Pick<LiveToken, 'expires'>
