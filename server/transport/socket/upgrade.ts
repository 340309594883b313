import type { IncomingMessage } from 'node:http'
import type { Socket as TcpSocket } from 'node:net'
import type { Duplex } from 'node:stream'
import type WebSocket from 'ws'
import { WebSocketServer } from 'ws'
import type { ErrorCode } from '../../../contract/codes.ts'
import { errorCodes } from '../../../contract/codes.ts'
import { limits } from '../../../contract/limits.ts'
import { subprotocol } from '../../../contract/protocol.ts'
import { refuse } from '../../core/answer.ts'
import type { Credentials, Gate, UpgradeRefusal } from '../http/gate.ts'
import { everyAnswer } from '../http/headers.ts'
import { rawRefusal } from '../http/response.ts'
import { ChatSocket } from './chat-socket.ts'
import { Connection } from './connection.ts'
import type { SocketParts } from './socket-parts.ts'

/** The types of ws do not know this one of its options yet. */
const closing: { readonly closeTimeout: number } = { closeTimeout: limits.closeMs }

const server = () =>
  new WebSocketServer<typeof ChatSocket>({
    ...closing,
    noServer: true,
    WebSocket: ChatSocket,
    maxPayload: limits.frameBytes,
    // A byte of a part keeps the whole chunk that it came in, so that few parts may wait for the rest of their message.
    maxFragments: limits.messageParts,
    maxBufferedChunks: limits.frameChunks,
    perMessageDeflate: false,
    clientTracking: false,
    autoPong: true,
    // A page of another version is told so by the close code 4003, which it can read, so that its offer is taken for now.
    handleProtocols: offered => (offered.has(subprotocol) ? subprotocol : ([...offered][0] ?? false)),
  })

/** Origin, identity, version, limits -> a connection or a refusal. */
export class Upgrades {
  readonly #server = server()
  readonly #ids = new WeakMap<IncomingMessage, string>()
  readonly #parts: SocketParts
  readonly #gate: Gate

  constructor(parts: SocketParts, gate: Gate) {
    this.#parts = parts
    this.#gate = gate
    // What ws refuses by itself would carry none of the headers of every other answer.
    this.#server.on('wsClientError', ({ message }, tcp, request) =>
      this.#answer(request, tcp, { status: request.method === 'GET' ? 400 : 405, message: `${message}.` }),
    )
    this.#server.on('headers', (headers, request) => headers.push(`X-Request-Id: ${this.#idOf(request)}`))
  }

  /** For the `upgrade` event of an HTTP server. */
  async take(request: IncomingMessage, tcp: Duplex, head: Buffer): Promise<void> {
    tcp.on('error', () => tcp.destroy())
    this.#ids.set(request, this.#gate.brought(request).id)
    const refusal = this.#refusal(request)
    if (refusal) return this.#answer(request, tcp, refusal)
    const proof = await this.#gate
      .prove(request)
      .catch(() => ({ status: 503, message: 'Try again shortly.' }))
    if ('status' in proof) return this.#answer(request, tcp, proof)
    if (tcp.destroyed) return
    const full = this.#full(request, proof)
    if (full) return this.#answer(request, tcp, full)
    this.#server.handleUpgrade(request, tcp, head, socket =>
      this.#begin(socket, tcp as TcpSocket, proof, request),
    )
  }

  #idOf(request: IncomingMessage): string {
    return this.#ids.get(request) ?? ''
  }

  #answer(request: IncomingMessage, tcp: Duplex, refusal: UpgradeRefusal): void {
    const { status, message, retryAfter = status === 503 ? 1 : undefined } = refusal
    this.#parts.metrics.answered(status)
    const headers = {
      ...everyAnswer(this.#gate.site.secure),
      'X-Request-Id': this.#idOf(request),
      'Sec-WebSocket-Version': '13',
      ...(retryAfter !== undefined && { 'Retry-After': String(retryAfter) }),
    }
    const answer = refuse(codeOf(status), message, retryAfter === undefined ? {} : { retryAfter })
    tcp.end(rawRefusal(answer, status, headers))
  }

  #full(request: IncomingMessage, proof: Credentials): UpgradeRefusal | null {
    if (this.#parts.draining()) return { status: 503, message: 'The server is ending. Try again shortly.' }
    if (this.#parts.admits(this.#gate.origin(request).address, proof.is === 'good')) return null
    // Not 503: proxies count that against the node, and a stranger with idle sockets could so take it from everybody.
    const retryAfter = limits.helloMs / 1_000
    return { status: 429, message: 'Too many sockets wait for their hello. Try again shortly.', retryAfter }
  }

  #refusal(request: IncomingMessage): UpgradeRefusal | null {
    if (request.url?.split('?')[0] !== '/ws') return { status: 404, message: 'Sockets are at /ws.' }
    if (!offers(request).some(name => /^confab\.v\d+$/.test(name)))
      return { status: 400, message: `Offer the subprotocol ${subprotocol}.` }
    return this.#gate.check(request)
  }

  #begin(socket: ChatSocket, tcp: TcpSocket, proof: Credentials, request: IncomingMessage): void {
    const identity = proof.is === 'good' ? proof.identity : null
    const connection = new Connection(
      socket,
      tcp,
      { id: this.#idOf(request), identity, origin: this.#gate.origin(request) },
      this.#parts,
    )
    this.#parts.metrics.answered(101)
    socket.connection = connection
    tcp.setNoDelay(true)
    socket
      .on('message', received)
      .on('close', closed)
      .on('error', ignored)
      .on('ping', control)
      .on('pong', control)
    tcp.on('drain', () => connection.flowing())
    this.#parts.arrived(connection)
    if (proof.is === 'bad') connection.bye(4001)
    else if (!offers(request).includes(subprotocol)) connection.bye(4003)
  }
}

const offers = (request: IncomingMessage): string[] =>
  (request.headers['sec-websocket-protocol'] ?? '').split(',').map(name => name.trim())

function received(this: WebSocket, data: WebSocket.RawData, isBinary: boolean): void {
  ;(this as ChatSocket).connection?.receive(data, isBinary)
}

function closed(this: WebSocket, code: number): void {
  ;(this as ChatSocket).connection?.closed(code)
}

function control(this: WebSocket): void {
  ;(this as ChatSocket).connection?.control()
}

/** ws closes the line by itself after an error; `close` follows. */
function ignored(): void {}

const codeOf = (status: number): ErrorCode =>
  (Object.keys(errorCodes) as ErrorCode[]).find(code => errorCodes[code].status === status) ?? 'unavailable'
