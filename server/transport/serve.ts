import { isOperation, operations } from '../../contract/operations.ts'
import type { Answer } from '../core/answer.ts'
import type { Meters } from '../core/meters.ts'
import type { Caller, Calls } from './calls.ts'
import type { ReadScheduler } from './read-scheduler.ts'
import { costOf } from './read-scheduler.ts'

/** An answer as a transport sends it, and how many bytes that is. */
export interface Encoded<T> {
  readonly value: T
  readonly bytes: number
}

/** Calls an operation and encodes its answer for a transport; see `createServe`. It never throws. */
export type Serve = <T>(
  name: string,
  raw: unknown,
  from: Caller,
  encode: (answer: Answer<unknown>) => Encoded<T>,
) => Promise<T>

/**
 * How both transports answer a call. Whatever the table says is a read (a GET by somebody) is done in its person's turn and paid for by
 * its rows and bytes, encoding included: a new read is bounded without a word of its own.
 */
export function createServe(calls: Calls, reads: ReadScheduler, meters: Meters): Serve {
  return async (name, raw, from, encode) => {
    const who = from.transport === 'http' ? from.admission.who : from.who
    if (!who || !isRead(name)) return encode(await calls(name, raw, from)).value
    const read = await reads.run(who.user, async () => {
      const answer = await calls(name, raw, from)
      const { value, bytes } = encode(answer)
      return { value, cost: costOf(rowsOf(answer), bytes) }
    })
    if ('done' in read) return read.done
    meters.operation(name, from.transport).count(read.error.code)
    return encode(read).value
  }
}

const isRead = (name: string): boolean =>
  isOperation(name) && operations[name].method === 'GET' && operations[name].who !== 'anyone'

/** Everything that an answer lists counts as a row. */
function rowsOf(answer: Answer<unknown>): number {
  if ('error' in answer) return 0
  let rows = 0
  for (const value of Object.values(answer.ok as object)) if (Array.isArray(value)) rows += value.length
  return rows
}
