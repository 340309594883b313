import type { Server } from 'node:http'
import { createServer } from 'node:http'
import type { Context, Hono } from 'hono'
import type { Refusal } from '../../core/answer.ts'
import { refuse } from '../../core/answer.ts'
import type { Core } from '../../core/core.ts'
import { signedOut } from '../../core/refusals.ts'
import { expose, expositionType } from '../exposition.ts'
import type { Measured } from '../metrics.ts'
import { familiesOf } from '../metrics.ts'
import type { HttpGate } from './gate.ts'
import type { Bindings } from './response.ts'
import { respond } from './response.ts'

export interface MetricsParts {
  readonly core: Pick<Core, 'access' | 'setUpPending'>
  readonly gate: HttpGate
  readonly measured: Measured
}

const headers = { 'Content-Type': expositionType, 'Cache-Control': 'no-store' }
const text = (measured: Measured): string => expose(familiesOf(measured))

/** GET /metrics at the main port: for an administrator's token. */
export function addMetrics(app: Hono<Bindings>, parts: MetricsParts): void {
  app.get('/metrics', async c => {
    const refusal = await refusalFor(c, parts)
    return refusal ? respond(refusal, parts.gate.site) : new Response(text(parts.measured), { headers })
  })
}

async function refusalFor(c: Context<Bindings>, { core, gate }: MetricsParts): Promise<Refusal | null> {
  if (core.setUpPending()) return refuse('setup_needed', 'This server has no owner yet.')
  const who = await gate.identity(c.env.incoming)
  if (who && 'error' in who) return who
  if (who?.by !== 'token') return tokenNeeded
  const asked = await core.access.administrator(who)
  return 'error' in asked ? asked : null
}

const tokenNeeded: Refusal = {
  error: { ...signedOut.error, message: 'Send the token of an administrator as a bearer.' },
}

/** A host by its address or as localhost: what a page that points its own name at this machine cannot ask for. */
const byAddress = /^(localhost|[\d.]+|\[[\da-f:.]+\])(:\d+)?$/i

/**
 * A server of /metrics alone, for whoever reaches its port: nobody is asked who they are. With `isLocal` only this machine does, and its
 * browsers are kept out by the host that they ask for.
 */
export function createMetricsServer(measured: Measured, isLocal: boolean): Server {
  return createServer((request, response) => {
    const isOurs = !isLocal || byAddress.test(request.headers.host ?? '')
    const isAsked = request.method === 'GET' && request.url?.split('?')[0] === '/metrics'
    if (isOurs && isAsked) response.writeHead(200, headers).end(text(measured))
    else response.writeHead(isOurs ? 404 : 421).end()
  })
}
