import type { ErrorCode } from '../../contract/codes.ts'
import type { SessionId, TokenId, UserId } from '../../contract/ids.ts'
import type { OperationName, Output, Parsed } from '../../contract/operations.ts'

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
export type Identity =
  | { readonly user: UserId; readonly by: 'session'; readonly id: SessionId }
  | { readonly user: UserId; readonly by: 'token'; readonly id: TokenId }

/** Where a call came from. `address` is the peer's, or what a trusted proxy tells; `device` the secret of a browser that somebody signed in with. */
export interface Origin {
  readonly address: string
  readonly agent: string
  readonly device?: string
}

/** One call of an operation. `who` is null only where the table says `anyone`. */
export interface Call<Name extends OperationName> {
  readonly who: Identity | null
  readonly input: Parsed<Name>
  readonly from: Origin
  /** Under what the log tells of it. */
  readonly request?: string
  /** The body of an operation that carries bytes. */
  readonly bytes?: Uint8Array
}

export type Handler<Name extends OperationName> = (call: Call<Name>) => Promise<Answer<Output<Name>>>
export type Handlers<Names extends OperationName = OperationName> = {
  readonly [Name in Names]: Handler<Name>
}

/** Handlers of operations that need an identity are written over one that is there. */
export type Known<Name extends OperationName> = Omit<Call<Name>, 'who'> & { readonly who: Identity }

/** A noun's handlers, each over an identity that is there. */
export type KnownHandlers<Names extends OperationName> = {
  readonly [Name in Names]: (call: Known<Name>) => Promise<Answer<Output<Name>>>
}

export const isRefusal = (answer: object): answer is Refusal => 'error' in answer

export const refuse = (
  code: ErrorCode,
  message: string,
  more: { field?: string; retryAfter?: number } = {},
): Refusal => ({
  error: { code, message, ...more },
})
