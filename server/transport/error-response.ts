import { randomUUID } from 'node:crypto'
import { isOperation, operations } from '../../contract/operations.ts'
import type { Refusal } from '../core/answer.ts'
import { refuse } from '../core/answer.ts'
import { Unavailable } from '../core/ports/failures.ts'
import type { Log } from '../core/ports/log.ts'
import { serverBusy } from '../core/refusals.ts'

/** While the store fails for one reason, it is logged once in so many ms: many calls fail at once then. */
const logIntervalMs = 10_000
/** Reasons remembered at most: some have texts of the database in them, which differ. */
const maxReasons = 100

/** To callers, and in the answer to a readiness check. */
export const dataGone =
  'The data of this server was removed or replaced while it ran. It stores nothing more, and ends: whoever runs it has to put the data back.'

/** Makes of an error a refusal for the caller and a line in the log. `now`: monotonic ms. */
export class ErrorResponses {
  readonly #log: Log
  readonly #now: () => number
  readonly #logged = new Map<string, { at: number; more: number }>()

  constructor(log: Log, now: () => number = () => performance.now()) {
    this.#log = log
    this.#now = now
  }

  /** Of a failing store the caller learns what was and was not done; of a bug only the id under which the log has it. */
  refusal(error: unknown, name: string, request?: string): Refusal {
    if (error instanceof Unavailable) {
      this.#logOutage(error, name, request)
      return refusalOf(error, name)
    }
    const errorId = randomUUID().slice(0, 8)
    this.#log.error({ request, op: name, errorId, error }, 'Unhandled error.')
    return refuse('internal', `Internal error. The log of the server has it as ${errorId}.`)
  }

  /** The first of its reason at once, then now and then, with how many `more` calls failed for it since the line before. */
  #logOutage(error: Unavailable, name: string, request: string | undefined): void {
    const logged = this.#logged.get(error.message)
    const at = this.#now()
    if (logged && at - logged.at < logIntervalMs) return void logged.more++
    if (!logged && this.#logged.size >= maxReasons) this.#logged.clear()
    this.#logged.set(error.message, { at, more: 0 })
    const more = logged?.more ? { more: logged.more } : {}
    const sentence = error.busy ? 'The server is too busy for some calls.' : 'Database unavailable.'
    this.#log.warn({ request, op: name, ...more, error }, sentence)
  }
}

function refusalOf({ full, undone, busy, gone }: Unavailable, name: string): Refusal {
  if (busy) return serverBusy
  if (gone) return refuse('unavailable', dataGone, { retryAfter: 1 })
  if (full) return refuse('full', 'The disk of the server is full. Nothing was done.')
  const isReading = !isOperation(name) || operations[name].method === 'GET'
  const outcome =
    undone || isReading
      ? 'Nothing was done: try again.'
      : 'It may or may not have been done: the same call again, with the same id, does nothing twice, and tells.'
  return refuse('unavailable', `The server cannot store or read just now. ${outcome}`, { retryAfter: 1 })
}
