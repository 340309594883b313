import { errorCodes } from '../../../contract/codes.ts'
import type { ServerFrame, WireError } from '../../../contract/frames.ts'
import { limits } from '../../../contract/limits.ts'
import { utf8Bytes } from '../../../contract/storable.ts'
import type { CallResult } from '../model.ts'
import type { Cancel, ClientClock, SocketListener, SocketPort } from '../ports.ts'

/** How often the connection is looked at, ms: what ends it is noticed at most this much late. */
const lookEveryMs = 5_000
/** How long an answer to a ping is waited for where the network changed, ms. */
const probeMs = 2_000
/** How long a connection may take until it is welcome, ms. */
const welcomeMs = 15_000

/** A frame that answers no call: it is for whoever holds the connection. */
export type PushedFrame = Extract<ServerFrame, { t: 'welcome' | 'events' | 'reset' | 'gone' | 'signal' }>

export interface SocketConnectionListener {
  /** What the hello says: asked for when the socket is open, so that it is as new as can be. */
  hello(): string
  frame(frame: PushedFrame): void
  /** The end, once. `after`: the server asked for so many ms of patience. */
  closed(code: number, reason: string, after: number | undefined): void
}

const tooLarge: WireError = { code: 'too_large', message: 'This is more than can be sent at once.' }

/** One socket, from its opening to its end: a hello, then frames both ways, calls with their answers, and a heartbeat. It knows no topic. */
export class SocketConnection {
  readonly #socket: SocketPort
  readonly #clock: ClientClock
  readonly #listener: SocketConnectionListener
  readonly #calls = new Map<number, (answer: CallResult<unknown>) => void>()
  #refs = 0
  #isWelcome = false
  #isClosed = false
  #isProbed = false
  #bye: Extract<ServerFrame, { t: 'bye' }> | null = null
  #receivedAt: number
  #pingedAt: number
  #look: Cancel

  constructor(
    open: (listener: SocketListener) => SocketPort,
    clock: ClientClock,
    listener: SocketConnectionListener,
  ) {
    this.#clock = clock
    this.#listener = listener
    this.#receivedAt = this.#pingedAt = clock.now()
    this.#look = clock.after(lookEveryMs, () => this.#lookAtLine())
    this.#socket = open({
      opened: () => this.#socket.send(listener.hello()),
      received: text => this.#received(text),
      closed: (code, reason) => this.#ended(code, reason),
    })
  }

  get isWelcome(): boolean {
    return this.#isWelcome && !this.#isClosed
  }

  /** The answer of one call; `unreachable` when the connection ends before it comes. */
  call(op: string, input: unknown): Promise<CallResult<unknown>> {
    const ref = ++this.#refs
    const frame = JSON.stringify({ t: 'call', ref, op, input })
    if (utf8Bytes(frame) > limits.frameBytes) return Promise.resolve({ error: tooLarge })
    if (!this.isWelcome) return Promise.resolve({ unreachable: true })
    return new Promise(resolve => {
      this.#calls.set(ref, resolve)
      this.#socket.send(frame)
    })
  }

  /** A frame that nothing answers. */
  send(frame: object): void {
    if (this.isWelcome) this.#socket.send(JSON.stringify(frame))
  }

  /** Ends it from here, as if the connection had broken. */
  drop(reason: string): void {
    this.#socket.close()
    this.#ended(1006, reason)
  }

  /** Asks whether the connection still holds, where there is reason to doubt it: one that says nothing for two seconds is given up. */
  probe(): void {
    if (!this.isWelcome || this.#isProbed) return
    this.#isProbed = true
    const since = this.#clock.now()
    this.send({ t: 'ping' })
    this.#clock.after(probeMs, () => {
      this.#isProbed = false
      if (!this.#isClosed && this.#receivedAt <= since) this.drop('nothing is received')
    })
  }

  #received(text: string): void {
    if (this.#isClosed) return
    this.#receivedAt = this.#clock.now()
    const frame = parsed(text)
    if (frame) this.#take(frame)
    else this.drop('a frame that is not of the protocol')
  }

  #take(frame: ServerFrame): void {
    switch (frame.t) {
      case 'welcome':
      case 'events':
      case 'reset':
      case 'gone':
      case 'signal':
        this.#isWelcome ||= frame.t === 'welcome'
        this.#listener.frame(frame)
        break
      case 'reply':
        this.#answered(frame)
        break
      case 'bye':
        this.#bye = frame
        break
      case 'pong':
      case 'error':
        // A pong was received, and that was all; an error answers a frame that this page should not have sent, and the connection stays.
        break
    }
  }

  #answered(frame: Extract<ServerFrame, { t: 'reply' }>): void {
    const answer = this.#calls.get(frame.ref)
    this.#calls.delete(frame.ref)
    answer?.('error' in frame ? { error: knownError(frame.error) } : { ok: frame.ok })
  }

  #lookAtLine(): void {
    const now = this.#clock.now()
    const patience = this.#isWelcome ? limits.deadMs - lookEveryMs : welcomeMs
    if (now - this.#receivedAt >= patience) {
      this.drop('nothing is received')
      return
    }
    if (now - this.#pingedAt >= limits.pingMs) {
      this.#pingedAt = now
      this.send({ t: 'ping' })
    }
    this.#look = this.#clock.after(lookEveryMs, () => this.#lookAtLine())
  }

  #ended(code: number, reason: string): void {
    if (this.#isClosed) return
    this.#isClosed = true
    this.#look()
    // The code that the server said counts also where a proxy swallowed the closing handshake.
    const said = this.#bye?.code ?? code
    const calls = [...this.#calls.values()]
    this.#calls.clear()
    this.#listener.closed(said, this.#bye?.reason ?? reason, this.#bye?.after)
    for (const answer of calls) answer(said === 4013 ? { error: tooLarge } : { unreachable: true })
  }
}

/** A newer server may have codes that this page does not know: what it refuses by one of them is refused all the same, or is to wait. */
const knownError = (error: WireError): WireError =>
  Object.hasOwn(errorCodes, error.code)
    ? error
    : { ...error, code: error.retryAfter === undefined ? 'denied' : 'rate_limited' }

function parsed(text: string): ServerFrame | null {
  try {
    const frame = JSON.parse(text) as ServerFrame | null
    return frame !== null && typeof frame === 'object' && typeof frame.t === 'string' ? frame : null
  } catch {
    return null
  }
}
