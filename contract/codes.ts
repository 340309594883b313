/**
 * Why an operation was refused: the HTTP status, whether the same call may succeed later as it is (`retry`), and what the code means. A program decides by the code, never by the message.
 */
export const errorCodes = {
  invalid: { status: 400, retry: false, means: 'a field is missing, unknown or not of its form' },
  http_only: { status: 400, retry: false, means: 'this operation is not to be had over the socket' },
  signed_out: { status: 401, retry: false, means: 'nobody is signed in, or no longer' },
  wrong_credentials: { status: 401, retry: false, means: 'no such username with that password' },
  denied: { status: 403, retry: false, means: 'you can see it, and may not do this' },
  wrong_origin: { status: 403, retry: false, means: 'the call came from another site' },
  session_needed: { status: 403, retry: false, means: 'a token may not do this: sign in' },
  confirm_needed: { status: 403, retry: false, means: 'confirm the password first (POST /api/me/confirm)' },
  wrong_password: { status: 403, retry: false, means: 'the password given as the current one is not it' },
  wrong_code: { status: 403, retry: false, means: 'the set-up code is not the one that the server printed' },
  not_found: { status: 404, retry: false, means: 'it does not exist, or you may not see it' },
  method_not_allowed: { status: 405, retry: false, means: 'this address does not take this method' },
  timed_out: { status: 408, retry: true, means: 'the request came too slowly' },
  setup_needed: { status: 409, retry: false, means: 'this server has no owner yet' },
  setup_done: { status: 409, retry: false, means: 'this server has its owner' },
  id_taken: { status: 409, retry: false, means: 'the id is in use for something else' },
  taken: { status: 409, retry: false, means: 'the name is taken' },
  changed: { status: 409, retry: false, means: 'it was changed in the meantime' },
  archived: { status: 409, retry: false, means: 'the room is archived' },
  last_owner: { status: 409, retry: false, means: 'a workspace must have at least one owner' },
  too_many: { status: 409, retry: false, means: 'the limit on how many one may have is reached' },
  too_large: { status: 413, retry: false, means: 'more bytes than are accepted here' },
  unsupported: { status: 415, retry: false, means: 'not a content type that is accepted here' },
  misdirected: { status: 421, retry: false, means: 'the server does not answer for this host' },
  rate_limited: { status: 429, retry: true, means: 'too often: wait for retryAfter seconds' },
  internal: { status: 500, retry: true, means: 'a fault of the server, logged there' },
  unavailable: {
    status: 503,
    retry: true,
    means: 'the store did not take it, or nobody knows whether it did: the same again does nothing twice',
  },
  full: { status: 507, retry: true, means: 'no room left on the disk' },
} as const satisfies Record<string, { status: number; retry: boolean; means: string }>

export type ErrorCode = keyof typeof errorCodes

/** What a client does after a socket closed. */
export type Policy = 'reconnect' | 'stop' | 'reload' | 'back-off'

/** Close codes (RFC 6455, section 7.4.2 leaves 4000-4999 to applications). A code that is not here is a lost connection: reconnect. */
export const closeCodes = {
  1001: { policy: 'reconnect', means: 'going away' },
  4000: { policy: 'reconnect', means: 'restart: reconnect after the given delay' },
  4001: { policy: 'stop', means: 'not signed in' },
  4002: { policy: 'stop', means: 'protocol error' },
  4003: { policy: 'reload', means: 'wrong version: update, reload once' },
  4008: { policy: 'reconnect', means: 'too slow: reconnect and catch up' },
  4009: { policy: 'back-off', means: 'too often: back off' },
  4013: { policy: 'reconnect', means: 'a frame too large: do not send it again, reconnect' },
} as const satisfies Record<number, { policy: Policy; means: string }>

export type CloseCode = keyof typeof closeCodes

/** What to do after a close with any code, known or not. */
export function policyOf(code: number): Policy {
  return code in closeCodes ? closeCodes[code as CloseCode].policy : 'reconnect'
}
