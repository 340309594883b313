import { once } from 'node:events'
import type { IncomingMessage, Server } from 'node:http'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { getRequestListener } from '@hono/node-server'
import type { Refusal } from '../../core/answer.ts'
import { refuse } from '../../core/answer.ts'
import { CannotListen } from '../../core/ports/failures.ts'
import type { ClientSockets } from './client-sockets.ts'
import { everyAnswer } from './headers.ts'
import { json, rawRefusal } from './response.ts'
import type { Fetch } from './routes.ts'

/** How long a sender may take, in ms: for the headers, and for the whole request. `checkEvery`: how often that is looked at. */
export interface Patience {
  readonly headers: number
  readonly request: number
  readonly checkEvery: number
  /** How long nothing may go either way while an answer is due or being read. */
  readonly idle: number
}

/** An avatar of 10 MB comes through 700 kbit/s in this time. */
export const patience: Patience = { headers: 10_000, request: 120_000, checkEvery: 5_000, idle: 60_000 }

/** Node's HTTP server with our bounds, that answers in our own words too what it refuses by itself. It serves nothing before `serveHttp`. */
export function createHttpServer(clients: ClientSockets, bounds: Patience = patience): Server {
  const server = createServer({
    headersTimeout: bounds.headers,
    requestTimeout: bounds.request,
    connectionsCheckingInterval: bounds.checkEvery,
    keepAliveTimeout: 65_000,
    maxHeaderSize: 16 * 1024,
    // A missing Host is refused by us too, so that that answer has its headers.
    requireHostHeader: false,
    insecureHTTPParser: false,
    noDelay: true,
    // Any other upgrade, such as curl's to h2c, is ignored and the request answered as HTTP/1.1 (RFC 9110, section 7.8).
    shouldUpgradeCallback: ({ headers, socket }) =>
      !clients.isSurplus(socket) && /(^|,)\s*websocket\s*(,|$)/i.test(headers.upgrade ?? ''),
  })
  // Whoever stops reading an answer does not keep it in memory for good.
  server.timeout = bounds.idle
  clients.watch(server)
  return server
}

interface Serving {
  readonly clients: ClientSockets
  /** The site is on https. */
  readonly secure: boolean
}

export function serveHttp(server: Server, fetch: Fetch, { clients, secure }: Serving): void {
  const headers = everyAnswer(secure)
  const malformed = () => json(refuse('invalid', 'The request is malformed.'), 400, headers)
  const listener = getRequestListener((request, env) => fetch(request, env as Parameters<Fetch>[1]), {
    overrideGlobalObjects: false,
    errorHandler: malformed,
  })
  server.on('request', (incoming, outgoing) => {
    if (!clients.isSurplus(incoming.socket)) return void listener(incoming, outgoing)
    outgoing.setHeader('Connection', 'close')
    if (isAboutHealth(incoming)) void listener(incoming, outgoing)
    else incoming.socket.end(rawRefusal(connectionLimitReached, 503, { ...headers, 'Retry-After': '5' }))
  })
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => refuseRaw(error, socket, headers))
}

/** What a machine asks about this one is answered on a connection too many also. */
const isAboutHealth = ({ url = '' }: IncomingMessage): boolean =>
  /^\/(healthz|readyz|metrics)(\?|$)/.test(url)

const connectionLimitReached = refuse(
  'unavailable',
  'The server has reached its connection limit. Try again shortly.',
  {
    retryAfter: 5,
  },
)

const parserRefusals: Readonly<Record<string, readonly [number, Refusal]>> = {
  HPE_HEADER_OVERFLOW: [431, refuse('too_large', 'The headers are too large.')],
  ERR_HTTP_REQUEST_TIMEOUT: [408, refuse('timed_out', 'The request did not come in time.')],
}

/** What the parser refuses has no request yet: the answer is written to the line itself, which then ends. */
function refuseRaw(
  error: NodeJS.ErrnoException,
  socket: Duplex,
  headers: Readonly<Record<string, string>>,
): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy()
    return
  }
  const [status, refusal] = parserRefusals[error.code ?? ''] ?? [
    400,
    refuse('invalid', 'The request is malformed.'),
  ]
  socket.end(rawRefusal(refusal, status, headers), () => socket.destroy())
}

/**
 * Listens, and answers the port, which is a free one for 0.
 * @throws CannotListen
 */
export async function listen(
  server: Server,
  at: Pick<CannotListen, 'for' | 'port' | 'host'>,
): Promise<number> {
  server.listen(at.port, at.host)
  await once(server, 'listening').catch((cause: NodeJS.ErrnoException) => {
    throw new CannotListen(at, cause)
  })
  return (server.address() as AddressInfo).port
}
