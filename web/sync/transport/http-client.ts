import type { ErrorCode } from '../../../contract/codes.ts'
import { errorCodes } from '../../../contract/codes.ts'
import type { WireError } from '../../../contract/frames.ts'
import { uuidForm } from '../../../contract/ids.ts'
import type { Input, OperationName, Output } from '../../../contract/operations.ts'
import type { Route } from '../../../contract/routes.ts'
import { routes } from '../../../contract/routes.ts'
import type { CallResult } from '../model.ts'

/** How the HTTP API is reached. A page leaves all of it out; a script gives its server's origin and its bearer token. */
export interface HttpClientOptions {
  /** The origin before `/api`, without a slash at its end. */
  readonly base?: string
  readonly fetch?: typeof globalThis.fetch
  readonly headers?: Readonly<Record<string, string>>
  /** Giving up is reported as `unreachable`, since the call may have arrived. */
  readonly signal?: AbortSignal
  /** The request outlives the page that made it (Fetch Standard, section 2.2.5, "keepalive"). */
  readonly keepalive?: boolean
}

/** After this long without an answer, in ms, the server counts as unreachable. */
export const patienceMs = 30_000

const carriesBody = (operation: Route) => operation.method !== 'GET' && operation.method !== 'DELETE'

/**
 * Calls an operation over HTTP. It never throws: a refusal is `error`, as the server worded it; whatever is not an answer of this
 * protocol (no connection, a time-out, a proxy's page) is `unreachable`.
 */
export async function callHttp<Name extends OperationName>(
  op: Name,
  input: Input<Name>,
  options: HttpClientOptions = {},
): Promise<CallResult<Output<Name>>> {
  const request = requestOf(routes[op], input)
  if ('error' in request) return request
  const timeout = AbortSignal.timeout(patienceMs)
  const fetchIt = options.fetch ?? globalThis.fetch
  try {
    const response = await fetchIt((options.base ?? '') + request.address, {
      method: routes[op].method,
      headers: {
        accept: 'application/json',
        ...(request.body !== undefined && { 'content-type': 'application/json' }),
        ...options.headers,
      },
      ...(request.body !== undefined && { body: request.body }),
      credentials: 'same-origin',
      cache: 'no-store',
      redirect: 'error',
      keepalive: options.keepalive ?? false,
      signal: options.signal ? AbortSignal.any([options.signal, timeout]) : timeout,
    })
    return answerOf(response.status, await response.text(), response.headers.get('retry-after'))
  } catch {
    return { unreachable: true }
  }
}

/** The address and JSON body of a call; an `error` where a part of the path is not an id, so that no address is ever made of `..`. */
export function requestOf(
  operation: Route,
  input: Readonly<Record<string, unknown>>,
): { address: string; body?: string } | { error: WireError } {
  const rest = new Map(Object.entries(input).filter(([, value]) => value !== undefined))
  let wrong: string | null = null
  const path = operation.path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const part = rest.get(name)
    rest.delete(name)
    if (typeof part === 'string' && uuidForm.test(part)) return part
    wrong = name
    return ''
  })
  if (wrong !== null) return { error: { code: 'invalid', field: wrong, message: `${wrong} must be an id.` } }
  if (operation.bytes) return { address: path }
  if (carriesBody(operation)) return { address: path, body: JSON.stringify(Object.fromEntries(rest)) }
  const query = new URLSearchParams([...rest].map(([name, value]) => [name, String(value)]))
  return { address: rest.size === 0 ? path : `${path}?${query}` }
}

/** What an HTTP answer came to, by its status, its body and its Retry-After header (RFC 9110, section 10.2.3, in seconds). */
export function answerOf<T>(status: number, body: string, retryAfter: string | null): CallResult<T> {
  const json = parsed(body)
  if (status >= 200 && status < 300) return json === undefined ? { unreachable: true } : { ok: json as T }
  const error = (json as { error?: WireError } | undefined)?.error
  if (!isWireError(error)) return { unreachable: true }
  const wait = Number(retryAfter)
  return { error: error.retryAfter === undefined && wait > 0 ? { ...error, retryAfter: wait } : error }
}

function parsed(body: string): unknown {
  try {
    const json: unknown = JSON.parse(body)
    return json !== null && typeof json === 'object' ? json : undefined
  } catch {
    return undefined
  }
}

const isWireError = (error: unknown): error is WireError =>
  typeof error === 'object' &&
  error !== null &&
  typeof (error as WireError).message === 'string' &&
  Object.hasOwn(errorCodes, (error as { code: ErrorCode }).code)
