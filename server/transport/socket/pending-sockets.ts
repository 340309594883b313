import type { UserId } from '../../../contract/ids.ts'
import { limits } from '../../../contract/limits.ts'
import type { Kept, SocketParts } from './socket-parts.ts'

/** The sockets that have not said hello yet, and those that were closed before they did, until their lines are closed too. Those that came without identity are bounded, in all and per address. */
export class PendingSockets implements Iterable<Kept> {
  readonly #all = new Set<Kept>()
  readonly #anonymous = new Set<Kept>()
  readonly #at = new Map<string, number>()

  /** Whether one more without identity is let in from this address. */
  admits(address: string): boolean {
    return (
      this.#anonymous.size < limits.unnamedSockets &&
      (this.#at.get(address) ?? 0) < limits.unnamedSocketsAnAddress
    )
  }

  add(connection: Kept): void {
    this.#all.add(connection)
    if (connection.identity) return
    this.#anonymous.add(connection)
    this.#count(connection.origin.address, 1)
  }

  has(connection: Kept): boolean {
    return this.#all.has(connection)
  }

  /** Whether it was waiting. */
  remove(connection: Kept): boolean {
    if (this.#anonymous.delete(connection)) this.#count(connection.origin.address, -1)
    return this.#all.delete(connection)
  }

  [Symbol.iterator](): Iterator<Kept> {
    return this.#all.values()
  }

  #count(address: string, more: number): void {
    const count = (this.#at.get(address) ?? 0) + more
    if (count > 0) this.#at.set(address, count)
    else this.#at.delete(address)
  }
}

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
