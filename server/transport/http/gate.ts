import type { IncomingMessage } from 'node:http'
import type { BlockList } from 'node:net'
import { errorCodes } from '../../../contract/codes.ts'
import type { Identity, Origin, Refusal } from '../../core/answer.ts'
import { refuse } from '../../core/answer.ts'
import type { ErrorResponses } from '../error-response.ts'
import type { Brought, Site } from './origin.ts'
import {
  bearerOf,
  broughtBy,
  cookieOf,
  deviceOf,
  fromTrusted,
  noEvidence,
  originOf,
  wrongHost,
  wrongOrigin,
} from './origin.ts'

/** What the credentials at the upgrade came to. `bad`: they were given and are no longer good. */
export type Credentials = { is: 'none' } | { is: 'bad' } | { is: 'good'; identity: Identity }

/** Why an upgrade is refused, as an HTTP answer. `retryAfter` in seconds; 1 with 503, where it says none. */
export type UpgradeRefusal = { status: number; message: string; retryAfter?: number }

/** HTTP's checks of host, origin and credentials, the same for a page and a socket. */
export interface Gate {
  check(request: IncomingMessage): UpgradeRefusal | null
  prove(request: IncomingMessage): Promise<Credentials | UpgradeRefusal>
  origin(request: IncomingMessage): Origin
  brought(request: IncomingMessage): Brought
  readonly site: { readonly secure: boolean }
}

export interface GateParts {
  readonly site: Site
  readonly trustedProxies: BlockList
  readonly errors: ErrorResponses
  identify(proof: { cookie: string } | { bearer: string }): Promise<Identity | null>
}

/** Host, origin and credentials of a request: the same checks for a page, a script and a socket. */
export class HttpGate implements Gate {
  readonly #parts: GateParts

  constructor(parts: GateParts) {
    this.#parts = parts
  }

  get site(): Site {
    return this.#parts.site
  }

  origin(request: IncomingMessage): Origin {
    const device = deviceOf(this.site, request)
    return { ...originOf(request, this.#parts.trustedProxies), ...(device && { device }) }
  }

  /** The number and the trace that a trusted proxy gave a request. */
  brought(request: IncomingMessage): Brought {
    return broughtBy(request, fromTrusted(request, this.#parts.trustedProxies))
  }

  /** Why a request is refused whoever sends it: its host or its origin is not ours. */
  refusal(request: IncomingMessage): Refusal | null {
    return wrongHost(this.site, request) ?? wrongOrigin(this.site, request)
  }

  /** Why a request that changes something is refused: it carries no token, and nothing shows that a page of ours sent it. */
  unproven(request: IncomingMessage): Refusal | null {
    return bearerOf(request) === undefined ? noEvidence(this.site, request) : null
  }

  /**
   * Who is asking, by exactly one of cookie and bearer. A bearer that is not good is refused; a cookie that is not good is nobody, since
   * signing in anew must stay possible with it.
   */
  async identity(request: IncomingMessage): Promise<Identity | null | Refusal> {
    const bearer = bearerOf(request)
    const cookie = cookieOf(this.site, request)
    if (bearer === undefined && cookie === undefined) return null
    if (bearer !== undefined && cookie !== undefined)
      return refuse('invalid', 'Send a session cookie or a token, not both.', { field: 'authorization' })
    try {
      if (cookie !== undefined) return cookie === '' ? null : await this.#parts.identify({ cookie })
      const found = bearer ? await this.#parts.identify({ bearer }) : null
      return found ?? refuse('signed_out', 'This token is not good, or no longer. Make a new one.')
    } catch (error) {
      return this.#parts.errors.refusal(error, 'identify')
    }
  }

  /** The checks before an upgrade. A page always tells its origin there; a cookie without one is somebody else's doing. */
  check(request: IncomingMessage): UpgradeRefusal | null {
    const refusal = this.refusal(request)
    if (refusal) return upgradeRefusal(refusal)
    const byCookie = cookieOf(this.site, request) !== undefined && bearerOf(request) === undefined
    return byCookie && request.headers.origin === undefined
      ? { status: 403, message: 'An upgrade with a cookie needs its Origin.' }
      : null
  }

  async prove(request: IncomingMessage): Promise<Credentials | UpgradeRefusal> {
    const given = bearerOf(request) !== undefined || cookieOf(this.site, request) !== undefined
    if (!given) return { is: 'none' }
    const identity = await this.identity(request)
    if (!identity) return { is: 'bad' }
    if (!('error' in identity)) return { is: 'good', identity }
    return identity.error.code === 'signed_out' ? { is: 'bad' } : upgradeRefusal(identity)
  }
}

const upgradeRefusal = ({ error }: Refusal): UpgradeRefusal => ({
  status: errorCodes[error.code].status,
  message: error.message,
})
