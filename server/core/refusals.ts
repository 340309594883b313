import type { ErrorCode } from '../../contract/codes.ts'
import type { Refusal } from './answer.ts'
import { refuse } from './answer.ts'

/** What to say where the usual sentence of a code is not the best one. */
export type Sentences = Partial<Record<ErrorCode, string>>

/** One sentence a code, so that what is absent and what may not be seen are told in the same bytes (A2). */
const usual: Sentences = {
  signed_out: 'Your session has ended. Sign in again.',
  denied: 'You do not have permission to do this. Ask the room’s manager or an administrator.',
  session_needed: 'A token cannot do this. Sign in with your password.',
  confirm_needed: 'Confirm your password first.',
  not_found: 'Not found, or you do not have access.',
  id_taken: 'This id is already in use. Create a new one.',
  taken: 'This name is already taken. Choose another.',
  changed: 'Someone else changed this at the same time. Read it again, then retry.',
  archived: 'This room is archived: it can be read but not posted to. Its manager can unarchive it.',
  last_owner: 'A workspace needs at least one owner. Make someone else an owner first.',
  too_many: 'Limit reached. Leave or remove some first.',
  setup_done: 'This server is already set up. Sign in.',
}

/** A refusal by its code, said as `say` has it, else as usual. */
export function refusalOf(refused: { code: ErrorCode; field?: string }, say: Sentences = {}): Refusal {
  const sentence = say[refused.code] ?? usual[refused.code] ?? 'Refused.'
  return refuse(refused.code, sentence, refused.field === undefined ? {} : { field: refused.field })
}

export const notFound: Refusal = refusalOf({ code: 'not_found' })
export const signedOut: Refusal = refusalOf({ code: 'signed_out' })
export const serverBusy: Refusal = refuse(
  'unavailable',
  'The server is busy. Nothing was done: try again shortly.',
  {
    retryAfter: 1,
  },
)
export const denied: Refusal = refusalOf({ code: 'denied' })

/** A field that was well formed and still will not do. */
export const invalid = (field: string, message: string): Refusal => refuse('invalid', message, { field })

/** What a username that somebody else has is refused with. */
export const usernameTaken: Sentences = { taken: 'This username is already taken. Choose another.' }
