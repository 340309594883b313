import type { PresenceState as State } from '../../../contract/frames.ts'
import type { UserId } from '../../../contract/ids.ts'
import type { Clock } from '../ports/clock.ts'
import type { NodeSignals } from './node-signals.ts'
import { RemotePresence } from './remote-presence.ts'

/** Hears of somebody's presence. */
export type Watcher = { presence(user: UserId, state: State): void }

/**
 * Who is here: whoever has a connection, to this node or another. Nothing of it is stored (S1). A connection that ends without a goodbye is found by the heartbeat,
 * and ends presence as a goodbye does (S2).
 */
export class Presence implements Disposable {
  readonly #connections = new Map<UserId, number>()
  readonly #watchers = new Map<UserId, Set<Watcher>>()
  readonly #watched = new Map<Watcher, readonly UserId[]>()
  /** Null where this node is alone. */
  readonly #remotePresence: RemotePresence | null

  constructor(parts: { signals: NodeSignals; clock: Clock }) {
    const here = () => this.#connections.keys()
    const changed = (user: UserId, state: State) => {
      if (!this.#connections.has(user)) this.#notify(user, state)
    }
    this.#remotePresence = parts.signals.alone ? null : new RemotePresence({ ...parts, here, changed })
  }

  isOnline(user: UserId): boolean {
    return this.#connections.has(user) || this.#isElsewhere(user)
  }

  arrived(user: UserId): void {
    const before = this.#connections.get(user) ?? 0
    this.#connections.set(user, before + 1)
    if (before === 0) this.#turned(user, 'online')
  }

  left(user: UserId): void {
    const now = (this.#connections.get(user) ?? 0) - 1
    if (now > 0) this.#connections.set(user, now)
    else if (this.#connections.delete(user)) this.#turned(user, 'offline')
  }

  /** Replaces what the watcher heard of before, and tells it at once who of them is here. An empty list ends it. */
  watch(watcher: Watcher, users: readonly UserId[]): void {
    for (const user of this.#watched.get(watcher) ?? []) this.#forget(watcher, user)
    this.#watched.delete(watcher)
    if (users.length === 0) return
    this.#watched.set(watcher, users)
    for (const user of users) {
      const watchers = this.#watchers.get(user) ?? new Set()
      this.#watchers.set(user, watchers.add(watcher))
      watcher.presence(user, this.isOnline(user) ? 'online' : 'offline')
    }
  }

  /** The other nodes are told that this one is gone, and its people with it. */
  [Symbol.dispose](): void {
    this.#remotePresence?.[Symbol.dispose]()
  }

  #isElsewhere(user: UserId): boolean {
    return this.#remotePresence?.has(user) ?? false
  }

  #turned(user: UserId, state: State): void {
    this.#remotePresence?.notify(user, state)
    if (!this.#isElsewhere(user)) this.#notify(user, state)
  }

  #forget(watcher: Watcher, user: UserId): void {
    const watchers = this.#watchers.get(user)
    watchers?.delete(watcher)
    if (watchers?.size === 0) this.#watchers.delete(user)
  }

  #notify(user: UserId, state: State): void {
    for (const watcher of this.#watchers.get(user) ?? []) watcher.presence(user, state)
  }
}
