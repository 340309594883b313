import type { ErrorCode } from '../../contract/codes.ts'
import type { Refusal } from './answer.ts'
import { refuse } from './answer.ts'

/** What to say where the usual sentence of a code is not the best one. */
export type Sentences = Partial<Record<ErrorCode, string>>

/** One sentence a code, so that what is absent and what may not be seen are told in the same bytes (A2). */
const usual: Sentences = {
  signed_out: 'Your session has ended. Sign in again.',
  denied: 'You may not do this. Ask who manages the room, or an administrator.',
  session_needed: 'A token may not do this. Sign in with your password.',
  confirm_needed: 'Give your password again first, to show that it is you.',
  not_found: 'There is none, or none that you may see.',
  id_taken: 'This id is in use for something else. Make a new one.',
  taken: 'This name is in use. Choose another one.',
  changed: 'Somebody changed this at the same time. Look at it again, then decide.',
  archived:
    'The room is archived: it can be read, and nothing can be added. Whoever manages it can bring it back.',
  last_owner: 'A workspace keeps one owner. Make somebody else an owner first.',
  too_many: 'The bound on how many there may be is reached. Leave or remove some first.',
  setup_done: 'This server has its owner already. Sign in.',
}

/** A refusal by its code, said as `say` has it, else as usual. */
export function refusalOf(refused: { code: ErrorCode; field?: string }, say: Sentences = {}): Refusal {
  const sentence = say[refused.code] ?? usual[refused.code] ?? 'This was refused.'
  return refuse(refused.code, sentence, refused.field === undefined ? {} : { field: refused.field })
}

export const notFound: Refusal = refusalOf({ code: 'not_found' })
export const signedOut: Refusal = refusalOf({ code: 'signed_out' })
export const denied: Refusal = refusalOf({ code: 'denied' })

/** A field that was well formed and still will not do. */
export const invalid = (field: string, message: string): Refusal => refuse('invalid', message, { field })
