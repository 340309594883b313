import type { IncomingMessage } from 'node:http'
import type { Context, Hono } from 'hono'
import { limits } from '../../../contract/limits.ts'
import type { Operation } from '../../../contract/operations/operation.ts'
import type { OperationName } from '../../../contract/operations.ts'
import { operations } from '../../../contract/operations.ts'
import type { Answer, Refusal } from '../../core/answer.ts'
import { refuse } from '../../core/answer.ts'
import { Admission } from '../../core/call.ts'
import type { Meters } from '../../core/meters.ts'
import type { Clock } from '../../core/ports/clock.ts'
import type { Callable, HttpCaller } from '../calls.ts'
import { setUpRefusal } from '../calls.ts'
import type { InputSize } from '../input-size.ts'
import { inputSize, tooManyEntries } from '../input-size.ts'
import type { InvalidInput, Sender } from '../invalid-input.ts'
import { isInVain, isLarge } from '../invalid-input.ts'
import type { Serve } from '../serve.ts'
import type { Bodies, BodyKind } from './bodies.ts'
import { hasBody, jsonFieldsOf, notBytes, notJson } from './body.ts'
import type { HttpGate } from './gate.ts'
import type { Bindings } from './response.ts'
import { encoded, respond } from './response.ts'

export interface OperationParts {
  readonly core: Callable
  readonly serve: Serve
  readonly gate: HttpGate
  readonly bodies: Bodies
  readonly invalidInput: InvalidInput
  readonly meters: Meters
  readonly clock: Clock
}

const names = Object.keys(operations) as OperationName[]
const readsQuery = ({ method }: Operation): boolean => method === 'GET' || method === 'DELETE'

/** The routes of the table; any other method of one of its paths is answered 405. */
export function addOperations(app: Hono<Bindings>, parts: OperationParts): void {
  const methods = new Map<string, string[]>()
  for (const name of names) {
    const { method, path } = operations[name]
    const route = path.replace(/\{(\w+)\}/g, ':$1')
    app.on(method, route, c => answer(c, name, parts))
    methods.set(route, [...(methods.get(route) ?? []), ...(method === 'GET' ? ['GET', 'HEAD'] : [method])])
  }
  for (const [route, allowed] of methods)
    app.all(route, c => {
      const refusal = refuse('method_not_allowed', `${c.req.path} takes ${allowed.join(', ')}.`)
      return respond(refusal, parts.gate.site, { Allow: allowed.join(', ') })
    })
}

async function answer(c: Context<Bindings>, name: OperationName, parts: OperationParts): Promise<Response> {
  const { site } = parts.gate
  const call = await callOf(c, name, parts)
  if (!('error' in call))
    return parts.serve(name, call.raw, call.from, answer => {
      call.answered(answer)
      return encoded(answer, site)
    })
  parts.meters.operation(name, 'http').count(call.error.code)
  return respond(call, site)
}

/** `answered` is told what came of it. */
interface TakenCall {
  readonly raw: unknown
  readonly from: HttpCaller
  answered(answer: Answer<unknown>): void
}

/** Everything that can be told without the body is told before it is read. */
async function callOf(
  c: Context<Bindings>,
  name: OperationName,
  parts: OperationParts,
): Promise<TakenCall | Refusal> {
  const { core, gate, clock } = parts
  const request = c.env.incoming
  const unproven = operations[name].method === 'GET' ? null : gate.unproven(request)
  if (unproven) return unproven
  const pending = setUpRefusal(core, name)
  if (pending) return pending
  const admittedAt = clock.monotonic()
  const who = await gate.identity(request)
  if (who && 'error' in who) return who
  const admission = Admission.of(name, who)
  if ('error' in admission) return admission
  const refused = who && core.rateLimitRefusal(name, who.user)
  if (refused) return refused
  const origin = gate.origin(request)
  const { read, answered } = bodyOf(c, { user: who?.user ?? null, address: origin.address }, parts)
  const input = await inputOf(c, name, read)
  if ('error' in input) {
    answered(input)
    return input
  }
  const { raw, bytes } = input
  const from = { admission, admittedAt, transport: 'http', origin, request: c.env.request } as const
  return { raw, from: { ...from, ...(bytes && { bytes }) }, answered }
}

/** How the body is read, at most once, and what is done when it is known what came of it: who sent large JSON that is wrong pays for it. */
function bodyOf(
  c: Context<Bindings>,
  sender: Sender,
  { bodies, invalidInput }: OperationParts,
): { read: ReadBody; answered(answer: Answer<unknown>): void } {
  const { incoming, outgoing } = c.env
  let jsonBytes = 0
  return {
    read: async wanted => {
      const isJson = wanted.kind === 'json'
      const late = isJson && mayBeLarge(incoming) ? invalidInput.refusal(sender) : null
      if (late) return late
      const body = await bodies.read(incoming, wanted, sender)
      if ('error' in body) return body
      if (isJson) jsonBytes = body.bytes.length
      // Held until it is answered: what came of it is in memory as long.
      if (outgoing.closed) body[Symbol.dispose]()
      else outgoing.once('close', () => body[Symbol.dispose]())
      return body.bytes
    },
    answered: answer => {
      if (isInVain(answer)) invalidInput.charge(sender, jsonBytes)
    },
  }
}

/** By what is told of it before it comes. */
const mayBeLarge = ({ headers }: IncomingMessage): boolean =>
  headers['transfer-encoding'] !== undefined || isLarge(Number(headers['content-length'] ?? 0))

/** The input as the caller wrote it: parts of the path, and the query or the body. No field may come twice. */
async function inputOf(
  c: Context<Bindings>,
  name: OperationName,
  read: ReadBody,
): Promise<{ raw: unknown; bytes?: Uint8Array } | Refusal> {
  const operation: Operation = operations[name]
  const most = inputSize(name)
  const query = [...new URL(c.req.url).searchParams]
  const request = c.env.incoming
  if (query.length > most.entries) return tooManyEntries(most.entries)
  if (readsQuery(operation)) {
    if (hasBody(request))
      return refuse('invalid', `A ${operation.method} takes no body; give the fields in the query.`)
    return fieldsTogether(c, query)
  }
  const body = await (operation.bytes
    ? bytesOf(request, operation.bytes.max, read)
    : jsonOf(request, most, read))
  if ('error' in body) return body
  const input = fieldsTogether(c, [...query, ...body.fields])
  if ('error' in input) return input
  const stray = query[0]
  if (stray)
    return refuse('invalid', 'Give the fields in the body, not in the query.', {
      field: stray[0].slice(0, 100),
    })
  return { ...input, ...(body.bytes && { bytes: body.bytes }) }
}

/** The body of the request that is answered. */
type ReadBody = (wanted: BodyKind) => Promise<Uint8Array | Refusal>

type Body = { fields: readonly [string, unknown][]; bytes?: Uint8Array }

async function bytesOf(request: IncomingMessage, max: number, read: ReadBody): Promise<Body | Refusal> {
  const refusal = notBytes(request)
  if (refusal) return refusal
  const bytes = await read({ kind: 'upload', max })
  return 'error' in bytes ? bytes : { fields: [], bytes }
}

/** An absent body is an empty object, so that an operation without fields can be called without one. */
async function jsonOf(request: IncomingMessage, most: InputSize, read: ReadBody): Promise<Body | Refusal> {
  if (!hasBody(request) && request.headers['content-type'] === undefined) return { fields: [] }
  const refusal = notJson(request)
  if (refusal) return refusal
  const body = await read({ kind: 'json', max: limits.jsonBodyBytes })
  if ('error' in body) return body
  const fields = jsonFieldsOf(body, most)
  return 'error' in fields ? fields : { fields }
}

function fieldsTogether(
  c: Context<Bindings>,
  given: readonly [string, unknown][],
): { raw: unknown } | Refusal {
  const all = [...Object.entries(c.req.param() as Record<string, string>), ...given]
  const seen = new Set<string>()
  for (const [name] of all) {
    if (seen.has(name))
      return refuse('invalid', `${name.slice(0, 100)} is given twice.`, { field: name.slice(0, 100) })
    seen.add(name)
  }
  // Object.fromEntries defines each as an own field, `__proto__` too, so that an unknown one is seen and refused as what it is.
  return { raw: Object.fromEntries(all) }
}
