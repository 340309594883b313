import type { Server } from 'node:http'
import type { SessionId, TokenId, UserId } from '../../../contract/ids.ts'
import { limits } from '../../../contract/limits.ts'
import { endOf } from '../../core/authentication/authentication.ts'
import type { Feed } from '../../core/log/feed.ts'
import type { Meters } from '../../core/meters.ts'
import type { Life } from '../../core/ports/authentication.ts'
import type { Clock } from '../../core/ports/clock.ts'
import type { Store } from '../../core/ports/store.ts'
import type { NodeSignals } from '../../core/presence/node-signals.ts'
import { Presence } from '../../core/presence/presence.ts'
import type { Gate } from '../http/gate.ts'
import type { SocketLoad } from '../metrics.ts'
import { ByPerson } from './by-person.ts'
import { Hub } from './hub.ts'
import { PendingSockets } from './pending-sockets.ts'
import { Expiry, Revocations } from './revocations.ts'
import type { Kept, SocketParts } from './socket-parts.ts'
import { Upgrades } from './upgrade.ts'

const sweepMs = 5_000
/** A drain tells so many sockets at once, this often: ten thousand in a second. */
const retiredTogether = 200
const retireEveryMs = 20
/** How often it is asked which of the open sockets' sessions and tokens are still there, beside the word of every commit. */
const aliveEveryMs = 60_000

const signedOut = 'You were signed out.'

interface SocketsParts
  extends Pick<
    SocketParts,
    'clock' | 'serve' | 'reads' | 'invalidInput' | 'node' | 'limits' | 'metrics' | 'identify' | 'epoch'
  > {
  readonly store: Store
  readonly feed: Feed
  readonly gate: Gate
  readonly signals: NodeSignals
  readonly sharesStore: boolean
  /** 0 <= n < 1. */
  random(): number
}

/** All sockets of this node. `sharesStore`: other nodes write to the store too, and end sessions and tokens there. */
export class Sockets implements Disposable {
  readonly hub: Hub
  readonly presence: Presence
  readonly metrics: Meters
  readonly #store: Pick<Store, 'alive' | 'ended'>
  readonly #clock: Clock
  readonly #random: () => number
  readonly #limits: 'on' | 'off'
  readonly #waiting = new PendingSockets()
  readonly #named = new ByPerson<Kept>()
  /** Those who are served nothing more, until their lines are closed: what was queued for them is on its way still. */
  readonly #leaving = new ByPerson<Kept>()
  readonly #held: Disposable[] = []
  readonly #expiry: Expiry
  /** Null where no other node can end a key. */
  readonly #revocations: Revocations | null
  #draining = false

  constructor(server: Server, parts: SocketsParts) {
    this.#store = parts.store
    this.#clock = parts.clock
    this.#random = () => parts.random()
    this.#limits = parts.limits
    this.metrics = parts.metrics
    this.presence = new Presence(parts)
    this.hub = new Hub(parts)
    this.#revocations = parts.sharesStore ? this.#readRevocations() : null
    this.#expiry = new Expiry(this.#clock, keys => void this.#closeExpired(keys))
    const shared: SocketParts = {
      ...parts,
      hub: this.hub,
      presence: this.presence,
      draining: () => this.#draining,
      holding: () => this.#revocations?.holding ?? false,
      admits: (address, identified) => this.#admits(address, identified),
      serves: user => parts.limits === 'off' || this.#of(user).length < limits.socketsAPerson,
      arrived: connection => this.#arrived(connection),
      named: connection => this.#name(connection),
      left: connection => this.#left(connection),
      gone: connection => this.#gone(connection),
    }
    const upgrades = new Upgrades(shared, parts.gate)
    server.on('upgrade', (request, tcp, head) => void upgrades.take(request, tcp, head))
    this.#held.push(
      parts.feed.onEnded(user => void this.#closeEnded(this.#of(user))),
      this.#clock.every(sweepMs, () => this.#sweep()),
      this.#clock.every(aliveEveryMs, () => void this.#closeEnded(this.#withLine())),
    )
  }

  /** Sockets with an identity. */
  get size(): number {
    return this.#named.size
  }

  /** What all sockets come to now, by one sweep over them. */
  load(): SocketLoad {
    const open = this.#all()
    const waiting = [...this.#waiting]
    let queuedBytes = 0
    let mostQueuedBytes = 0
    for (const one of [...open, ...waiting]) {
      queuedBytes += one.queuedBytes
      mostQueuedBytes = Math.max(mostQueuedBytes, one.queuedBytes)
    }
    return { open: open.length, waiting: waiting.length, queuedBytes, mostQueuedBytes }
  }

  /** Takes no new sockets from now on. */
  refuse(): void {
    this.#draining = true
  }

  /**
   * Tells every socket to come back after a time of its own, some at a time, so that ten thousand neither hear it nor return at once. Each
   * goes when its calls are answered. Resolves when all were told.
   */
  async drain(): Promise<void> {
    const all = [...this.#all(), ...this.#waiting]
    for (let at = 0; at < all.length; at += retiredTogether) {
      if (at > 0) await new Promise<void>(resolve => void this.#clock.after(retireEveryMs, resolve))
      for (const connection of all.slice(at, at + retiredTogether))
        connection.retire(500 + Math.floor(this.#random() * 2_500))
    }
  }

  [Symbol.dispose](): void {
    for (const held of this.#held) held[Symbol.dispose]()
    this.#revocations?.[Symbol.dispose]()
    this.#expiry[Symbol.dispose]()
    this.hub[Symbol.dispose]()
    for (const connection of [...this.#withLine(), ...this.#waiting]) connection.terminate()
    this.presence[Symbol.dispose]()
  }

  #all(): Kept[] {
    return this.#named.all()
  }

  /** All that something may still reach. */
  #withLine(): Kept[] {
    return [...this.#all(), ...this.#leaving.all()]
  }

  #of(user: UserId): Kept[] {
    return [...this.#named.of(user), ...this.#leaving.of(user)]
  }

  #admits(address: string, identified: boolean): boolean {
    return identified || this.#limits === 'off' || this.#waiting.admits(address)
  }

  #arrived(connection: Kept): void {
    this.#waiting.add(connection)
    this.#clock.after(limits.helloMs, () => {
      if (this.#waiting.has(connection)) connection.bye(4001, 'No hello came in time.')
    })
  }

  #name(connection: Kept): void {
    this.#waiting.remove(connection)
    this.#named.add(connection)
    this.presence.arrived(connection.user)
    const key = connection.identity?.id
    if (key && this.#revocations?.has(key)) this.#end(connection)
    // What proved it at the upgrade may have been ended before the hello, when nobody knew of this connection yet.
    void this.#closeEnded([connection])
  }

  /** It counts until its line is closed: the other end may keep that open for a while. */
  #left(connection: Kept): void {
    if (this.#waiting.has(connection)) return
    if (!this.#named.remove(connection)) return
    this.#leaving.add(connection)
    this.presence.watch(connection, [])
    this.presence.left(connection.user)
  }

  #gone(connection: Kept): void {
    if (this.#waiting.remove(connection) || !connection.identity) return
    this.#leaving.remove(connection)
    const key = connection.identity.id
    if (!this.#of(connection.user).some(({ identity }) => identity?.id === key)) this.#expiry.forget(key)
  }

  /** One sweep for all sockets: quiet ones are asked, dead ones end, and presence with them (S2). */
  #sweep(): void {
    const now = this.#clock.monotonic()
    for (const connection of this.#all()) {
      const quiet = now - connection.heardAt
      if (quiet > limits.deadMs) connection.terminate()
      else if (quiet > limits.pingMs) connection.ping()
      connection.endStalled()
    }
  }

  /** Closes those whose session or token is no longer there, or has run out (F4). Answers whether it could be read. */
  async #closeEnded(connections: readonly Kept[]): Promise<boolean> {
    const alive = await this.#lives(connections).catch(() => null)
    if (!alive) return false
    const now = this.#clock.now()
    for (const connection of connections) {
      if (!connection.identity) continue
      const { id } = connection.identity
      const life = alive.get(id)
      const end = life ? endOf(life) : now
      if (end !== null && end <= now) this.#end(connection)
      else this.#expiry.set(id, end)
    }
    return true
  }

  /** The time of these has come, unless they were used meanwhile. Where that cannot be read they are to come back, and are asked when they connect. */
  async #closeExpired(keys: ReadonlySet<SessionId | TokenId>): Promise<void> {
    const theirs = this.#withLine().filter(({ identity }) => identity && keys.has(identity.id))
    if (await this.#closeEnded(theirs)) return
    for (const connection of theirs)
      connection.bye(1001, 'Your session cannot be looked up now. Connect again.')
  }

  async #lives(connections: readonly Kept[]): Promise<ReadonlyMap<SessionId | TokenId, Life>> {
    const ids = connections.flatMap(({ identity }) => (identity ? [identity.id] : []))
    return ids.length === 0 ? new Map() : this.#store.alive(ids)
  }

  /**
   * Says goodbye to a socket whose session or token is no longer there. A reader that is slow or stopped has more queued before that, here
   * and in the operating system: its line is reset, so that none of it arrives when they read on (F4).
   */
  #end(connection: Kept): void {
    connection.bye(4001, signedOut)
    this.#clock.after(limits.endedLineMs, () => connection.terminate())
  }

  #readRevocations(): Revocations {
    return new Revocations({
      store: this.#store,
      clock: this.#clock,
      open: () => this.#withLine().flatMap(({ identity }) => (identity ? [identity.id] : [])),
      end: keys => {
        for (const connection of this.#withLine())
          if (connection.identity && keys.has(connection.identity.id)) this.#end(connection)
      },
      removed: removals => {
        this.hub.removed(removals)
        const closed = removals.filter(({ who }) => who === 'strangers').map(({ room }) => room)
        if (closed.length > 0) for (const connection of this.#all()) connection.estrange(closed)
      },
      formerMembers: () => this.hub.formerMembers(),
      release: () => {
        for (const connection of [...this.#all(), ...this.#waiting]) connection.release()
      },
    })
  }
}
