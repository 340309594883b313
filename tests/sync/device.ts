import { LiveClient } from '../../web/sync/client.ts'
import type { ClientClock, Ports, SocketListener, SocketPort } from '../../web/sync/ports.ts'
import { emptyState } from '../../web/sync/replica/state.ts'
import { memoryStorage } from '../../web/sync/storage/memory.ts'
import type { Storage } from '../../web/sync/storage/storage.ts'
import type { HttpClientOptions } from '../../web/sync/transport/http-client.ts'
import { callHttp } from '../../web/sync/transport/http-client.ts'

/** What a device has to be given from outside: its network and its clock. */
export interface Outside {
  readonly clock: ClientClock
  readonly random: () => number
  readonly openSocket: (listener: SocketListener) => SocketPort
  readonly http: HttpClientOptions
}

/** One browser: its tabs share a storage, locks and channels, and outlive their reloads. */
export class Device {
  readonly storage: Storage
  readonly #outside: Outside
  readonly #locks = new Map<string, Promise<void>>()
  readonly #channels = new Map<string, Set<(notice: unknown) => void>>()
  readonly #memory = new Map<string, string>()
  readonly reloads: number[] = []
  /** Its tabs do not receive one another's notices, as where a browser has put one to sleep. */
  isMute = false
  #hasReloaded = false
  readonly #hiding = new Set<() => void>()
  readonly #waking = new Set<() => void>()

  constructor(outside: Outside, storage: Storage = memoryStorage()) {
    this.#outside = outside
    // Tabs close their storage; the device's stays.
    this.storage = { ...storage, close: () => {} }
  }

  get ports(): Ports {
    return {
      ...this.#outside,
      openStorage: async () => this.storage,
      locks: { hold: (name, signal, work) => this.#hold(name, signal, work) },
      tabStorage: {
        get: name => this.#memory.get(name) ?? null,
        set: (name, value) => {
          this.#memory.set(name, value)
          return true
        },
        remove: name => void this.#memory.delete(name),
      },
      openTabs: (name, listener) => this.#openTabs(name, notice => listener(notice as never)),
      reloadOnce: () => {
        if (this.#hasReloaded) return false
        this.#hasReloaded = true
        this.reloads.push(this.#outside.clock.now())
        return true
      },
      welcomed: () => {
        this.#hasReloaded = false
      },
      onWake: then => {
        this.#waking.add(then)
        return () => this.#waking.delete(then)
      },
      onHide: then => {
        this.#hiding.add(then)
        return () => this.#hiding.delete(then)
      },
    }
  }

  /** Its network changes, or its tabs come into view. */
  wake(): void {
    for (const then of this.#waking) then()
  }

  /** Its tabs go out of view. */
  hide(): void {
    for (const then of this.#hiding) then()
  }

  /** A tab of the page, as it starts with what the device keeps of who is signed in. */
  async tab(): Promise<LiveClient> {
    let answer = await callHttp('me.get', {}, this.#outside.http)
    while ('unreachable' in answer) answer = await callHttp('me.get', {}, this.#outside.http)
    if ('error' in answer) throw new Error(`nobody is signed in: ${answer.error.message}`)
    const saved = await this.storage.state(answer.ok.me.id)
    return new LiveClient(
      {
        ports: this.ports,
        storage: this.storage,
        saved: saved ?? { state: emptyState(answer.ok.me), cursors: new Map() },
      },
      () => true,
    )
  }

  async #hold(name: string, signal: AbortSignal, work: () => Promise<void>): Promise<void> {
    const before = this.#locks.get(name) ?? Promise.resolve()
    const held = before.then(() => (signal.aborted ? undefined : work()))
    this.#locks.set(
      name,
      held.catch(() => {}),
    )
    await held
  }

  #openTabs<Notice>(name: string, listener: (notice: Notice) => void) {
    const listeners = this.#channels.get(name) ?? new Set()
    this.#channels.set(name, listeners)
    const own = (notice: unknown) => listener(notice as Notice)
    listeners.add(own)
    return {
      emit: (notice: Notice) => {
        const copy = structuredClone(notice)
        for (const listener of this.isMute ? [] : listeners)
          if (listener !== own) queueMicrotask(() => listeners.has(listener) && listener(copy))
      },
      close: () => listeners.delete(own),
    }
  }
}
