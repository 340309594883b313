import { createHash } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { HttpBindings } from '@hono/node-server'
import type { Context } from 'hono'
import { Hono } from 'hono'
import { refuse } from '../../core/answer.ts'
import type { Core } from '../../core/core.ts'
import type { Log } from '../../core/ports/log.ts'
import type { Tracer } from '../../core/ports/tracer.ts'
import { isLeftUnread, linger } from './body.ts'
import type { FileParts } from './files.ts'
import { addFiles } from './files.ts'
import { everyAnswer } from './headers.ts'
import type { Health } from './health.ts'
import { addHealth } from './health.ts'
import type { MetricsParts } from './metrics-server.ts'
import { addMetrics } from './metrics-server.ts'
import { openApiDocument } from './openapi.ts'
import type { OperationParts } from './operations.ts'
import { addOperations } from './operations.ts'
import type { Pages, Visitor } from './pages.ts'
import { tagMatches } from './pages.ts'
import type { Bindings } from './response.ts'
import { jsonBytes, respond } from './response.ts'

export interface HttpParts extends OperationParts, FileParts, MetricsParts {
  readonly core: Core
  readonly log: Log
  readonly pages: Pages
  readonly version: string
  readonly health: Health
  readonly tracer: Tracer | null
}

/** Answers a request; for `getRequestListener`. */
export type Fetch = (request: Request, env: HttpBindings) => Promise<Response>

/** The HTTP transport: operations, files, pages, health. Every answer, whatever it is, carries the headers of security. */
export function createHttp(parts: HttpParts): Fetch {
  const app = new Hono<Bindings>()
  addHealth(app, parts.health)
  addGate(app, parts)
  app.get('/api/openapi.json', documentOf(parts.version))
  addOperations(app, parts)
  app.all('/api/*', () => respond(refuse('not_found', 'There is no such operation.'), parts.gate.site))
  addFiles(app, parts)
  addMetrics(app, parts)
  addPages(app, parts)
  app.onError((error, c) => respond(parts.errors.refusal(error, 'http', c.env.request), parts.gate.site))
  const { gate, health, log, meters, clock } = parts
  const everywhere = Object.entries(everyAnswer(gate.site.secure))
  const answer = tracedBy(parts.tracer, async (request, env) => app.fetch(request, env))
  return async (request, env) => {
    const begun = performance.now()
    const { id, parent } = gate.brought(env.incoming)
    const response = await answer(request, { ...env, request: id }, parent)
    for (const [name, value] of everywhere) if (!response.headers.has(name)) response.headers.set(name, value)
    response.headers.set('X-Request-Id', id)
    const isUnread = await isLeftUnread(env.incoming)
    if (health.draining || isUnread) response.headers.set('Connection', 'close')
    if (isUnread) linger(env.incoming, clock)
    meters.answered(response.status)
    const ms = Math.round(performance.now() - begun)
    const path = new URL(request.url).pathname.slice(0, 200)
    log.debug({ request: id, method: request.method, path, status: response.status, ms }, 'Answered.')
    return response
  }
}

type Answering = (
  request: Request,
  env: Bindings['Bindings'],
  parent: string | undefined,
) => Promise<Response>

/** Requests as entries of a trace; those of machines that ask again and again are none. */
function tracedBy(tracer: Tracer | null, answer: Answering): Answering {
  if (!tracer) return answer
  return (request, env, parent) => {
    const work = () => answer(request, env, parent)
    if (/^\/(healthz|readyz|metrics)$/.test(env.incoming.url ?? '')) return work()
    const { method } = request
    const attributes = { 'http.request.method': method }
    return tracer.span({ name: `HTTP ${method}`, is: 'entry', parent, attributes }, work, ({ status }) => ({
      failed: status >= 500,
      attributes: { 'http.response.status_code': status },
    }))
  }
}

function addGate(app: Hono<Bindings>, { gate, core }: HttpParts): void {
  app.use(async (c, next) => {
    const request = c.env.incoming
    // RFC 9112, section 3.2.2: an absolute target overrides the Host that was checked. Only proxies are sent one.
    const refusal = request.url?.startsWith('/')
      ? gate.refusal(request)
      : refuse('invalid', 'Ask for a path, such as /api/me.')
    if (refusal) return respond(refusal, gate.site)
    // The workspace may have been set up on another node since. Where that cannot be told, it pends for now.
    if (core.setUpPending()) await core.lookForSetUp().catch(() => {})
    return next()
  })
}

/** Encoded once, when it is first asked for: no start waits for it. */
function documentOf(version: string): (c: Context<Bindings>) => Response {
  let encoded: { readonly bytes: Buffer<ArrayBuffer>; readonly tag: string } | undefined
  return c => {
    encoded ??= encode(openApiDocument(version))
    const { bytes, tag } = encoded
    const headers = { ETag: tag, 'Cache-Control': 'no-cache' }
    return tagMatches(c.req.header('if-none-match'), tag)
      ? new Response(null, { status: 304, headers })
      : jsonBytes(bytes, 200, headers)
  }
}

function encode(document: object) {
  const bytes = Buffer.from(JSON.stringify(document))
  return { bytes, tag: `"${createHash('sha256').update(bytes).digest('base64url')}"` }
}

function addPages(app: Hono<Bindings>, { gate, pages, core }: HttpParts): void {
  const found = async (request: IncomingMessage): Promise<Visitor> => {
    // Where that cannot be told now the set-up itself asks whose account is meant.
    if (core.setUpPending()) return (await core.hasImportedPeople().catch(() => false)) ? 'imported' : 'setup'
    const proof = await gate.prove(request)
    // Where that cannot be told now the page asks by itself: it would forget what it keeps of somebody who is not here.
    return 'is' in proof && proof.is !== 'good' ? 'home' : 'session'
  }
  app.get('/ws', () =>
    respond(
      refuse('invalid', 'Connect to this address by WebSocket, with the subprotocol confab.v1.'),
      gate.site,
    ),
  )
  app.all('*', async (c: Context<Bindings>) => {
    if (c.req.method !== 'GET' && c.req.method !== 'HEAD')
      return respond(refuse('method_not_allowed', 'Pages take GET and HEAD.'), gate.site, {
        Allow: 'GET, HEAD',
      })
    return pages(c.req.path, c.req.raw.headers, () => found(c.env.incoming))
  })
}
