import type { Server } from 'node:http'
import type { BlockList, Socket } from 'node:net'
import { isIP } from 'node:net'
import { networkOf } from '../../core/limits/rates.ts'
import type { Clock } from '../../core/ports/clock.ts'
import type { Log } from '../../core/ports/log.ts'

/** Descriptors of this process: how many it may have, how many it has, and some that are kept for when there are no others. */
export interface Descriptors {
  readonly most: number
  /** Open now. */
  readonly open: number
  /** Whether one more can be had. Where not, those in reserve are given up; they are taken again when there is room. */
  probe(): boolean
}

/** Connections beyond the bound that are still answered, with 503: so that a load balancer and an operator can ask what is wrong. */
const surplusAnswered = 16
const probeEveryMs = 5_000
/** Idle connections are looked for at most this often. */
const closeIdleEveryMs = 1_000

/** Descriptors that are never given to clients: for the database, Redis, files and the log. */
const ownOf = (most: number): number => Math.min(256, Math.max(32, Math.floor(most / 8)))

/**
 * Connections of clients, bounded below the descriptors of the process, so that its own connections and files always get one. At most half
 * of them come from one network that is no proxy. The first connections beyond that are answered 503, further ones are closed; the log says
 * once that the limit is reached, and once that it is not any more.
 */
export class ClientSockets implements Disposable {
  readonly most: number
  open = 0
  refused = 0
  readonly #clock: Clock
  readonly #log: Log
  readonly #trusted: BlockList
  readonly #surplus = new WeakSet<Socket>()
  readonly #of = new Map<string, number>()
  #isFull = false
  #isOut = false
  #closedIdleAt = Number.NEGATIVE_INFINITY
  readonly #probing: Disposable | null

  /** `descriptors` is null where the system does not tell: then there is no bound. */
  constructor(parts: { descriptors: Descriptors | null; clock: Clock; log: Log; trustedProxies: BlockList }) {
    const { descriptors } = parts
    this.#clock = parts.clock
    this.#log = parts.log
    this.#trusted = parts.trustedProxies
    this.most = descriptors
      ? Math.max(1, descriptors.most - descriptors.open - ownOf(descriptors.most))
      : Number.POSITIVE_INFINITY
    this.#probing = descriptors && this.#clock.every(probeEveryMs, () => this.#probe(descriptors))
  }

  /** Whether new connections are refused now. */
  get isFull(): boolean {
    return this.#isFull || this.#isOut
  }

  /** Whether this connection is one too many: nothing but a refusal is to be answered on it. */
  isSurplus(socket: Socket): boolean {
    return this.#surplus.has(socket)
  }

  /** Counts every connection of a server from now on. */
  watch(server: Server): void {
    server.on('connection', socket => this.#arrived(server, socket))
  }

  [Symbol.dispose](): void {
    this.#probing?.[Symbol.dispose]()
  }

  #arrived(server: Server, socket: Socket): void {
    const from = this.#countedBy(socket)
    this.#count(from, 1)
    socket.once('close', () => {
      this.#count(from, -1)
      if (this.open < 0.9 * this.most) this.#becomeFull(false)
    })
    const isTooMany = this.open > this.most || this.#isOut
    const isGreedy = from !== null && (this.#of.get(from) ?? 0) > this.most / 2
    if (!isTooMany && !isGreedy) return
    this.refused++
    this.#surplus.add(socket)
    if (this.open > this.most) this.#becomeFull(true)
    this.#closeIdle(server)
    if (this.open > this.most + surplusAnswered || this.#isOut) socket.destroy()
  }

  /** By what a connection is counted beside all others: its network, unless it is a proxy's or this machine's own. */
  #countedBy({ remoteAddress = '' }: Socket): string | null {
    const network = networkOf(remoteAddress)
    if (network === '::1' || network.startsWith('127.') || remoteAddress === '::1') return null
    const version = isIP(network)
    return version !== 0 && this.#trusted.check(network, version === 4 ? 'ipv4' : 'ipv6') ? null : network
  }

  #count(from: string | null, more: number): void {
    this.open += more
    if (from === null) return
    const count = (this.#of.get(from) ?? 0) + more
    if (count > 0) this.#of.set(from, count)
    else this.#of.delete(from)
  }

  #becomeFull(isFull: boolean): void {
    if (this.#isFull === isFull) return
    this.#isFull = isFull
    const { open, most, refused } = this
    if (isFull)
      this.#log.warn(
        { open, most },
        'Connection limit reached: new connections are refused. Raise the limit of open files (ulimit -n, LimitNOFILE).',
      )
    else
      this.#log.info(
        { open, most, refused },
        'Below the connection limit: new connections are accepted again.',
      )
  }

  /** Connections that only wait for a next request make room for those that have one. */
  #closeIdle(server: Server): void {
    const now = this.#clock.monotonic()
    if (now - this.#closedIdleAt < closeIdleEveryMs) return
    this.#closedIdleAt = now
    server.closeIdleConnections()
  }

  #probe(descriptors: Descriptors): void {
    const isOut = !descriptors.probe()
    if (isOut === this.#isOut) return
    this.#isOut = isOut
    const { open, most } = descriptors
    if (isOut)
      this.#log.error(
        { open, most },
        'There are no file descriptors left: those in reserve are used, and new connections are refused. Raise the limit of open files (ulimit -n, LimitNOFILE).',
      )
    else this.#log.info({ open, most }, 'There are file descriptors again.')
  }
}
