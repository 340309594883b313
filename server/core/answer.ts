import type { ErrorCode } from '../../contract/codes.ts'
import type { SessionId, TokenId, UserId } from '../../contract/ids.ts'

/** Why not, for a person and for a program: `message` is a sentence that says what to do. `retryAfter`: seconds. */
export interface Refusal {
  readonly error: {
    readonly code: ErrorCode
    readonly message: string
    readonly field?: string
    readonly retryAfter?: number
  }
}

/**
 * `cookie`: the session that the page is in from now on (its secret), or `null` when it is in none. `device`: what the browser is known by
 * from now on.
 */
export type Answer<T> =
  | { readonly ok: T; readonly cookie?: string | null; readonly device?: string }
  | Refusal

/** Who is asking, proven by one of the three ways. */
export type Identity = SessionIdentity | TokenIdentity
export interface SessionIdentity {
  readonly user: UserId
  readonly by: 'session'
  readonly id: SessionId
}
interface TokenIdentity {
  readonly user: UserId
  readonly by: 'token'
  readonly id: TokenId
}

/** Where a call came from. `address` is the peer's, or what a trusted proxy tells; `device` the secret of a browser that somebody signed in with. */
export interface Origin {
  readonly address: string
  readonly agent: string
  readonly device?: string
}

export const isRefusal = (answer: object): answer is Refusal => 'error' in answer

export const refuse = (
  code: ErrorCode,
  message: string,
  more: { field?: string; retryAfter?: number } = {},
): Refusal => ({
  error: { code, message, ...more },
})
