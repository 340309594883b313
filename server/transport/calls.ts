import { errorCodes } from '../../contract/codes.ts'
import type { UserId } from '../../contract/ids.ts'
import { limits } from '../../contract/limits.ts'
import type { OperationName } from '../../contract/operations.ts'
import { isOperation, operations } from '../../contract/operations.ts'
import type { Answer, Identity, Origin, Refusal } from '../core/answer.ts'
import { refuse } from '../core/answer.ts'
import type { Call, Handlers } from '../core/call.ts'
import { Admission } from '../core/call.ts'
import { Meters } from '../core/meters.ts'
import type { Log } from '../core/ports/log.ts'
import type { Span, SpanOutcome, Tracer } from '../core/ports/tracer.ts'
import { signedOut } from '../core/refusals.ts'
import { ErrorResponses } from './error-response.ts'
import { parseInput } from './input.ts'
import { callRefusal } from './input-size.ts'

interface Came {
  readonly origin: Origin
  /** Under what the log tells of this call, where it came through a transport. */
  readonly request?: string
}

/** Over HTTP it was admitted before its body was read, which was counted before it was parsed. */
export interface HttpCaller extends Came {
  readonly transport: 'http'
  readonly admission: Admission
  /** When it was, monotonic ms; absent where nothing was waited for since. */
  readonly admittedAt?: number
  /** The body of an operation that carries bytes. */
  readonly bytes?: Uint8Array
}

interface SocketCaller extends Came {
  readonly who: Identity | null
  readonly transport: 'socket'
  /** How many fields and list items the frame of the call has. */
  readonly entries: number
}

export type Caller = HttpCaller | SocketCaller

/** What both transports need of the core. */
export interface Callable {
  readonly handlers: Handlers
  setUpPending(): boolean
  lookForSetUp(): Promise<void>
  /** Whether the session or token that somebody was identified by has not ended since. */
  isAlive(who: Identity): Promise<boolean>
  /** Why this person's call is refused for its rate, whatever its input; null where it is not. Nothing is taken. */
  rateLimitRefusal(name: OperationName, user: UserId): Refusal | null
}

/** Calls an operation by its name, with an input as it came from outside. It never throws: what goes wrong is an answer. */
export type Calls = (name: string, raw: unknown, from: Caller) => Promise<Answer<unknown>>

/** `checkOutput` holds answers against the contract too: for tests, since it costs what it finds. `now`: monotonic ms. */
interface CallOptions {
  readonly checkOutput?: boolean
  readonly meters?: Meters
  readonly tracer?: Tracer | null
  readonly now?: () => number
  /** What becomes of what is thrown, logged together with the errors of others that share these. */
  readonly errors?: ErrorResponses
}

/** The one place where both transports call the table, so that the same call gets the same answer through either (P6). */
export function createCalls(core: Callable, log: Log, options: CallOptions = {}): Calls {
  const { meters = new Meters(), tracer = null, now = () => performance.now() } = options
  const { errors = new ErrorResponses(log, now) } = options
  const slow = new SlowCalls(log, now)
  const answerTo = answering(core, errors, now, options)
  return async (name, raw, from) => {
    if (!isOperation(name)) return refuse('invalid', 'There is no such operation.', { field: 'op' })
    const { transport, request } = from
    const begun = now()
    const work = () => answerTo(name, raw, from)
    const answer = await (tracer ? tracer.span(spanOf(name, transport), work, spanOutcome) : work())
    const ms = now() - begun
    const outcome = outcomeCode(answer)
    const meter = meters.operation(name, transport)
    meter.count(outcome)
    meter.times.observe(ms)
    log.debug({ request, op: name, transport, outcome, ms: Math.round(ms) }, 'Operation finished.')
    slow.took(ms, { request, op: name, transport })
    return answer
  }
}

/** Does the operation, and answers for whatever is thrown in it. */
const answering =
  (core: Callable, errors: ErrorResponses, now: () => number, { checkOutput = false }: CallOptions) =>
  async (name: OperationName, raw: unknown, from: Caller): Promise<Answer<unknown>> => {
    const { origin, request } = from
    try {
      const admission = await (from.transport === 'http'
        ? admittedFromHttp(core, from, now())
        : admittedFromSocket(core, name, from))
      if ('error' in admission) return admission
      const parsed = parseInput(name, raw)
      if ('error' in parsed) return parsed
      const call = {
        admission,
        input: parsed.input,
        from: origin,
        ...(request !== undefined && { request }),
        ...(from.transport === 'http' && from.bytes && { bytes: from.bytes }),
      }
      const answer = await handlerOf(core, name)(call)
      if (checkOutput && 'ok' in answer) operations[name].output.parse(answer.ok)
      return answer
    } catch (error) {
      return errors.refusal(error, name, request)
    }
  }

/** What came of a call, as one word: `ok`, or the code of its refusal. */
const outcomeCode = (answer: Answer<unknown>): string => ('error' in answer ? answer.error.code : 'ok')

/** A call by a socket comes from outside as it is; one by HTTP is part of its request. */
const spanOf = (name: string, transport: Caller['transport']): Span => ({
  name,
  is: transport === 'socket' ? 'entry' : 'step',
  attributes: { 'confab.transport': transport },
})

const spanOutcome = (answer: Answer<unknown>): SpanOutcome => ({
  failed: 'error' in answer && errorCodes[answer.error.code].status >= 500,
  attributes: { 'confab.outcome': outcomeCode(answer) },
})

/**
 * A body may take minutes, and a read waits for its turn: whose session or token has ended meanwhile is not let in by it any more. A socket
 * is closed with them.
 */
async function admittedFromHttp(
  core: Callable,
  { admission, admittedAt }: HttpCaller,
  now: number,
): Promise<Admission | Refusal> {
  const { operation, who } = admission
  const isFresh = admittedAt === undefined || now - admittedAt <= limits.endedStaleMs
  if (isFresh || !who || operations[operation].who === 'anyone') return admission
  return (await core.isAlive(who)) ? admission : signedOut
}

/** HTTP has looked for the owner with the request; a socket may be of somebody whom another node knows. */
async function admittedFromSocket(
  core: Callable,
  name: OperationName,
  { who, entries }: SocketCaller,
): Promise<Admission | Refusal> {
  if (core.setUpPending()) await core.lookForSetUp().catch(() => {})
  const { transport, method, path } = operations[name]
  if (transport === 'http') return refuse('http_only', `${name} is had over HTTP only: ${method} ${path}.`)
  const pending = setUpRefusal(core, name)
  if (pending) return pending
  const admission = Admission.of(name, who)
  if ('error' in admission) return admission
  const late = who && core.rateLimitRefusal(name, who.user)
  return late ?? callRefusal(name, entries) ?? admission
}

/** Until there is an owner, the one operation is to become it. */
export const setUpRefusal = (core: Pick<Callable, 'setUpPending'>, name: OperationName): Refusal | null =>
  core.setUpPending() && name !== 'workspace.setUp'
    ? refuse('setup_needed', 'This server has no owner yet. Open the address that it printed at its start.')
    : null

/** The table's types hold for each name by itself; over a name that is any of them TypeScript cannot follow. */
const handlerOf = (core: Callable, name: OperationName) =>
  core.handlers[name] as (call: Call<OperationName>) => Promise<Answer<unknown>>

const everyMs = 60_000

/** Tells the operator of slow operations: the first at once, then one a minute with how many `more` there were since, so that a slow disk does not fill the log. */
class SlowCalls {
  readonly #log: Log
  readonly #now: () => number
  #loggedAt = Number.NEGATIVE_INFINITY
  #more = 0

  constructor(log: Log, now: () => number) {
    this.#log = log
    this.#now = now
  }

  /** An operation took so many ms. */
  took(
    ms: number,
    fields: { readonly op: string; readonly transport: string; readonly request?: string | undefined },
  ): void {
    if (ms <= limits.slowMs) return
    if (this.#now() - this.#loggedAt < everyMs) {
      this.#more++
      return
    }
    this.#loggedAt = this.#now()
    const more = this.#more > 0 ? { more: this.#more } : {}
    this.#more = 0
    this.#log.warn({ ...fields, ms: Math.round(ms), ...more }, 'An operation was slow.')
  }
}
