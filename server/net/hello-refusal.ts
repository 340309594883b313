import type { UserId } from '../../contract/ids.ts'
import { limits } from '../../contract/limits.ts'
import type { SocketParts } from './socket-parts.ts'

/** Whether one of a person's sockets was closed is worth asking this often, ms. */
const tooManySocketsMs = 30_000

/** Why a person's further socket is not served now, and after how many ms it is worth coming back; null where it is. */
export function helloRefusal(
  user: UserId,
  { reads, serves }: Pick<SocketParts, 'reads' | 'serves'>,
): { readonly reason: string; readonly after: number } | null {
  const late = reads.refusal(user)?.error
  if (late) return { reason: late.message, after: 1_000 * (late.retryAfter ?? 1) }
  if (serves(user)) return null
  const reason = `One person has at most ${limits.socketsAPerson} sockets. Close others first.`
  return { reason, after: tooManySocketsMs }
}
