import { randomUUID } from 'node:crypto'
import type { OperationName } from '../../contract/operations.ts'
import { isOperation, operations } from '../../contract/operations.ts'
import type { Answer, Call, Handlers, Identity, Origin, Refusal } from '../core/answer.ts'
import { refuse } from '../core/answer.ts'
import type { Log } from '../core/ports.ts'
import { Unavailable } from '../core/ports.ts'
import { refusalOf, signedOut } from '../core/refusals.ts'
import { parseInput } from './input.ts'

export interface Caller {
  readonly who: Identity | null
  readonly door: 'http' | 'socket'
  readonly origin: Origin
  /** The body of an operation that carries bytes. */
  readonly bytes?: Uint8Array
}

/** What both doors need of the core. */
export interface Callable {
  readonly handlers: Handlers
  setUpPending(): boolean
}

/** Calls an operation by its name, with an input as it came from outside. It never throws: what goes wrong is an answer. */
export type Calls = (name: string, raw: unknown, from: Caller) => Promise<Answer<unknown>>

/**
 * The one place where both doors call the table, so that the same call gets the same answer through either (P6). `checkOutput` holds
 * answers against the contract too: for tests, since it costs what it finds.
 */
export function createCalls(core: Callable, log: Log, options: { checkOutput?: boolean } = {}): Calls {
  return async (name, raw, from) => {
    if (!isOperation(name)) return refuse('invalid', 'There is no such operation.', { field: 'op' })
    const refusal = refusalBefore(core, name, from)
    if (refusal) return refusal
    const parsed = parseInput(name, raw)
    if ('error' in parsed) return parsed
    try {
      const answer = await handlerOf(
        core,
        name,
      )({ who: from.who, input: parsed.input, from: from.origin, ...(from.bytes && { bytes: from.bytes }) })
      if (options.checkOutput && 'ok' in answer) operations[name].output.parse(answer.ok)
      return answer
    } catch (error) {
      return faultOf(error, name, log)
    }
  }
}

/** Why a call is refused whatever its input: what a door asks before it reads a body. */
export function refusalBefore(
  core: Callable,
  name: OperationName,
  { who, door }: Pick<Caller, 'who' | 'door'>,
): Refusal | null {
  const operation = operations[name]
  if (operation.door === 'http' && door === 'socket')
    return refuse('http_only', `${name} is had over HTTP only: ${operation.method} ${operation.path}.`)
  if (core.setUpPending() && name !== 'workspace.setUp')
    return refuse(
      'setup_needed',
      'This server has no owner yet. Open the address that it printed at its start.',
    )
  if (operation.who === 'anyone') return null
  if (!who) return signedOut
  if (operation.who === 'session' && who.by === 'token') return refusalOf({ code: 'session_needed' })
  return null
}

/** The table's types hold for each name by itself; over a name that is any of them TypeScript cannot follow. */
const handlerOf = (core: Callable, name: OperationName) =>
  core.handlers[name] as (call: Call<OperationName>) => Promise<Answer<unknown>>

/** What a caller hears of something thrown: the store's own word, or of a bug no more than the number under which the log tells it. */
export function faultOf(error: unknown, name: string, log: Log): Refusal {
  if (error instanceof Unavailable) {
    log.warn({ op: name, error }, 'The store did not take or give it.')
    return error.full
      ? refuse('full', 'The disk of the server is full. Nothing was done.')
      : refuse('unavailable', 'The server cannot store or read just now. Nothing was done: try again.', {
          retryAfter: 1,
        })
  }
  const fault = randomUUID().slice(0, 8)
  log.error({ op: name, fault, error }, 'A fault of the program.')
  return refuse('internal', `A fault of the server, noted in its log as ${fault}.`)
}
