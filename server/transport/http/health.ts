import type { Hono } from 'hono'
import { limits } from '../../../contract/limits.ts'
import { refuse } from '../../core/answer.ts'
import type { Bus } from '../../core/ports/bus.ts'
import type { Clock } from '../../core/ports/clock.ts'
import { Unavailable } from '../../core/ports/failures.ts'
import type { Store } from '../../core/ports/store.ts'
import { dataGone } from '../error-response.ts'
import type { Bindings } from './response.ts'
import { json } from './response.ts'

/** Who asked within this time asks again: there is a load balancer. */
const watchedMs = 30_000

/** What a node can be asked about itself. A lost bus makes it no less ready: what is missed is read from the store. */
export interface Readiness {
  /** `gone`: what it kept was taken away under the server. */
  readonly store: 'answers' | 'silent' | 'gone'
  readonly bus: Bus['state']
  readonly draining: boolean
  /** Present while the connection limit is reached. */
  readonly sockets?: 'full'
}

/** Whether this node should be sent anything. */
export class Health {
  /** It ends: whoever asks is told so at once. */
  draining = false
  readonly #store: Pick<Store, 'workspace'>
  readonly #bus: Pick<Bus, 'state'>
  readonly #clock: Clock
  readonly #clients: { readonly isFull: boolean } | null
  #askedAt = Number.NEGATIVE_INFINITY
  #asking: Promise<Readiness['store']> | null = null

  constructor(parts: {
    store: Pick<Store, 'workspace'>
    bus: Pick<Bus, 'state'>
    clock: Clock
    clients?: { readonly isFull: boolean }
  }) {
    this.#store = parts.store
    this.#bus = parts.bus
    this.#clock = parts.clock
    this.#clients = parts.clients ?? null
  }

  /** Whether somebody asks again and again, who must hear of a drain before it stops listening. */
  get isWatched(): boolean {
    return this.#clock.monotonic() - this.#askedAt < watchedMs
  }

  /** Answers within `limits.readyMs`, and at once while draining. However many ask, the store is asked once at a time. */
  async look(): Promise<Readiness> {
    this.#askedAt = this.#clock.monotonic()
    const store = this.draining ? 'answers' : await this.#answers()
    const sockets = this.#clients?.isFull ? ({ sockets: 'full' } as const) : {}
    return { store, bus: this.#bus.state, draining: this.draining, ...sockets }
  }

  async #answers(): Promise<Readiness['store']> {
    this.#asking ??= this.#store
      .workspace()
      .then(
        () => 'answers' as const,
        error => (error instanceof Unavailable && error.gone ? ('gone' as const) : ('silent' as const)),
      )
      .finally(() => {
        this.#asking = null
      })
    const { promise, resolve } = Promise.withResolvers<Readiness['store']>()
    using _late = this.#clock.after(limits.readyMs, () => resolve('silent'))
    return await Promise.race([this.#asking, promise])
  }
}

/** Asked by machines at whatever name they reach us by; it tells nothing that a host could be wrong for. */
export function addHealth(app: Hono<Bindings>, health: Health): void {
  app.get('/healthz', () => json({ ok: true }, 200))
  app.get('/readyz', async () => {
    const { draining, store, bus, sockets } = await health.look()
    if (draining) return unready('The server is ending: send people elsewhere.', { draining, bus })
    if (store === 'gone') return unready(dataGone, { store, bus })
    if (store === 'silent') return unready('The store does not answer.', { store, bus })
    if (sockets) return unready('Connection limit reached.', { store, bus, sockets })
    return json({ ok: true, store, bus }, 200)
  })
}

const unready = (message: string, is: Partial<Readiness>): Response =>
  json({ ...refuse('unavailable', message, { retryAfter: 1 }), ...is }, 503, { 'Retry-After': '1' })
