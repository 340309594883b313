import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { HttpBindings } from '@hono/node-server'
import type { Context } from 'hono'
import { Hono } from 'hono'
import { refuse } from '../core/answer.ts'
import type { Core } from '../core/core.ts'
import { faultOf } from './calls.ts'
import { everyAnswer } from './headers.ts'
import type { Bindings } from './http-answer.ts'
import { json, tell } from './http-answer.ts'
import type { FileParts } from './http-files.ts'
import { addFiles } from './http-files.ts'
import type { OperationParts } from './http-operations.ts'
import { addOperations } from './http-operations.ts'
import { openApiDocument } from './openapi.ts'
import type { Found, Pages } from './pages.ts'

export interface HttpParts extends OperationParts, FileParts {
  readonly core: Core
  readonly pages: Pages
  readonly version: string
  /** Whether the store answers and the process is not ending. */
  ready(): Promise<boolean>
}

/** Answers a request; for `getRequestListener`. */
export type Fetch = (request: Request, env: HttpBindings) => Promise<Response>

/** The HTTP door: operations, files, pages, health. Every answer, whatever it is, carries the headers of security. */
export function createHttp(parts: HttpParts): Fetch {
  const app = new Hono<Bindings>()
  addHealth(app, parts)
  addGate(app, parts)
  app.get('/api/openapi.json', documentOf(parts.version))
  addOperations(app, parts)
  app.all('/api/*', () => tell(refuse('not_found', 'There is no such operation.'), parts.gate.site))
  addFiles(app, parts)
  addPages(app, parts)
  app.onError(error => tell(faultOf(error, 'http', parts.log), parts.gate.site))
  return async (request, env) => {
    const begun = performance.now()
    const id = randomUUID().slice(0, 8)
    const response = await app.fetch(request, env)
    for (const [name, value] of Object.entries(everyAnswer(parts.gate.site.secure)))
      if (!response.headers.has(name)) response.headers.set(name, value)
    response.headers.set('X-Request-Id', id)
    const ms = Math.round(performance.now() - begun)
    const path = new URL(request.url).pathname.slice(0, 200)
    parts.log.debug({ request: id, method: request.method, path, status: response.status, ms }, 'Answered.')
    return response
  }
}

/** Asked by machines at whatever name they reach us by; it tells nothing that a host could be wrong for. */
function addHealth(app: Hono<Bindings>, { ready, gate }: HttpParts): void {
  app.get('/healthz', () => json({ ok: true }, 200))
  app.get('/readyz', async () =>
    (await ready())
      ? json({ ok: true }, 200)
      : tell(
          refuse('unavailable', 'The store does not answer, or the server is ending.', { retryAfter: 1 }),
          gate.site,
        ),
  )
}

function addGate(app: Hono<Bindings>, { gate }: HttpParts): void {
  app.use(async (c, next) => {
    const request = c.env.incoming
    // RFC 9112, section 3.2.2: an absolute target overrides the Host that was checked. Only proxies are sent one.
    const refusal = request.url?.startsWith('/')
      ? gate.refusal(request)
      : refuse('invalid', 'Ask for a path, such as /api/me.')
    return refusal ? tell(refusal, gate.site) : next()
  })
}

/** Made when it is first asked for: no start waits for it. */
function documentOf(version: string): () => Response {
  let document: object | undefined
  return () => {
    document ??= openApiDocument(version)
    return json(document, 200)
  }
}

function addPages(app: Hono<Bindings>, { gate, pages, core }: HttpParts): void {
  const found = async (request: IncomingMessage): Promise<Found> => {
    if (core.setUpPending()) return 'setup'
    const proof = await gate.prove(request)
    // Where that cannot be told now the page asks by itself: it would forget what it keeps of somebody who is not here.
    return 'is' in proof && proof.is !== 'good' ? 'home' : 'session'
  }
  app.get('/ws', () =>
    tell(
      refuse('invalid', 'Connect to this address by WebSocket, with the subprotocol confab.v1.'),
      gate.site,
    ),
  )
  app.all('*', async (c: Context<Bindings>) => {
    if (c.req.method !== 'GET' && c.req.method !== 'HEAD')
      return tell(refuse('method_not_allowed', 'Pages take GET and HEAD.'), gate.site, { Allow: 'GET, HEAD' })
    return pages(c.req.path, c.req.raw.headers, () => found(c.env.incoming))
  })
}
