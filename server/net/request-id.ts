import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

/** What a request brings along from the proxies in front, which anybody else could make up. */
export interface Brought {
  /** Under what the log tells of it, and the answer's X-Request-Id. */
  readonly id: string
  /** The trace that it is part of (W3C Trace Context, section 3.2). */
  readonly parent: string | undefined
}

/** A request's number: the one that a trusted proxy gave it, where that is of a form that no log line or header is hurt by; else a new one. */
export function broughtBy({ headers }: Pick<IncomingMessage, 'headers'>, isTrusted: boolean): Brought {
  const given = isTrusted ? headers['x-request-id'] : undefined
  const parent = isTrusted ? headers.traceparent : undefined
  return {
    id: typeof given === 'string' && /^[\w.:-]{1,64}$/.test(given) ? given : randomUUID().slice(0, 8),
    parent: typeof parent === 'string' ? parent : undefined,
  }
}
