import { policyOf } from '../../../contract/codes.ts'
import type { CallResult, ConnectionStatus } from '../model.ts'
import type { Cancel, Ports } from '../ports.ts'
import { Backoff } from './backoff.ts'
import type { SocketConnectionListener } from './socket-connection.ts'
import { SocketConnection } from './socket-connection.ts'

/** A connection that lasted this long (ms) was a good one: the next one is tried at once again. */
const goodAfterMs = 5_000

export interface ReconnectingSocketListener extends Omit<SocketConnectionListener, 'closed'> {
  connectionChanged(): void
  /** The server does not know who this is any more (4001). */
  signedOut(): void
}

/** Keeps one connection to the server while it can. What follows a close is decided by the table of close codes, and by nothing else. */
export class ReconnectingSocket {
  readonly #ports: Ports
  readonly #listener: ReconnectingSocketListener
  readonly #backoff: Backoff
  #state: ConnectionStatus = { is: 'connecting' }
  #connection: SocketConnection | null = null
  #welcomedAt: number | null = null
  #retry: Cancel = () => {}
  #stopped = false

  constructor(ports: Ports, listener: ReconnectingSocketListener) {
    this.#ports = ports
    this.#listener = listener
    this.#backoff = new Backoff(() => ports.random())
  }

  get state(): ConnectionStatus {
    return this.#state
  }

  get isOnline(): boolean {
    return this.#connection?.isWelcome ?? false
  }

  /** Its end has come, from whichever side. */
  get isStopped(): boolean {
    return this.#stopped
  }

  /** Connects now, unless it is connected, connecting or at its end. */
  connect(): void {
    if (this.#stopped || this.#connection) return
    this.#retry()
    if (this.#state.is === 'offline') this.#become({ is: 'offline', retryAt: null })
    this.#connection = new SocketConnection(listener => this.#ports.openSocket(listener), this.#ports.clock, {
      hello: () => this.#listener.hello(),
      frame: frame => {
        const isWelcome = frame.t === 'welcome'
        if (isWelcome) {
          this.#welcomedAt = this.#ports.clock.now()
          this.#ports.welcomed()
        }
        this.#listener.frame(frame)
        if (isWelcome) this.#become({ is: 'online' })
      },
      closed: (code, reason, after) => this.#closed(code, reason, after),
    })
  }

  /** Connects, or asks whether the connection still holds: the network changed. */
  look(): void {
    this.connect()
    this.#connection?.probe()
  }

  /** Cuts the connection, so that the next one asks anew. */
  cut(reason: string): void {
    this.#connection?.drop(reason)
  }

  call(op: string, input: unknown): Promise<CallResult<unknown>> {
    return this.#connection?.call(op, input) ?? Promise.resolve({ unreachable: true })
  }

  send(frame: object): void {
    this.#connection?.send(frame)
  }

  /** The end: no connection is made any more. */
  stop(): void {
    this.#stopped = true
    this.#retry()
    this.#connection?.drop('the client ends')
  }

  #closed(code: number, reason: string, after: number | undefined): void {
    const lasted = this.#welcomedAt === null ? 0 : this.#ports.clock.now() - this.#welcomedAt
    if (lasted >= goodAfterMs) this.#backoff.worked()
    this.#connection = null
    this.#welcomedAt = null
    if (this.#stopped) return
    switch (policyOf(code)) {
      case 'stop':
        this.#refused(code, reason)
        break
      case 'reload':
        this.#stopped = true
        // Also where the page is loaded anew: somebody may decline that, to keep what they are typing.
        this.#ports.reloadOnce()
        this.#become({ is: 'outdated' })
        break
      case 'back-off':
        this.#backoff.slower()
        this.#connectIn((after ?? 0) + this.#backoff.next())
        break
      case 'reconnect':
        this.#connectIn((after ?? 0) + this.#backoff.next())
        break
    }
  }

  #refused(code: number, reason: string): void {
    this.#stopped = true
    if (code === 4001) this.#listener.signedOut()
    else this.#become({ is: 'refused', reason })
  }

  /** The first attempt after a good connection is quiet: it mostly works, and nobody needs to be shown it. */
  #connectIn(ms: number): void {
    const quiet = this.#backoff.failures === 1 && this.#state.is !== 'offline'
    const retryAt = this.#ports.clock.now() + ms
    this.#become(quiet ? { is: 'connecting' } : { is: 'offline', retryAt })
    this.#retry = this.#ports.clock.after(ms, () => this.connect())
  }

  #become(state: ConnectionStatus): void {
    this.#state = state
    this.#listener.connectionChanged()
  }
}
