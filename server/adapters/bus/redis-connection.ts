import type { RedisClientOptions } from '@redis/client'
import { createClient, ErrorReply } from '@redis/client'
import type { Clock } from '../../core/ports/clock.ts'
import type { Log } from '../../core/ports/log.ts'
import { reasonOf } from '../reason.ts'

export type RedisClient = ReturnType<typeof createClient>

/** A connection that has not come about, and a ping that was not answered, after this long: that Redis is away or stands still. */
const deadlineMs = 2_000
const pingEveryMs = 1_000
const retryMs = { first: 100, most: 1_000 }
/** Each reason is told once until Redis is back, and no more of them than this. */
const mostReasons = 5

interface RedisConnectionParts {
  /** What the log calls it. */
  readonly name: string
  readonly options: RedisClientOptions
  readonly clock: Clock
  readonly log: Log
  /** A connection came about: what is to be done on it before it counts. */
  up(client: RedisClient): Promise<void>
  down(): void
}

/**
 * One connection to a Redis, made again whenever it ends, and given up when a ping is not answered in time: a paused Redis keeps its
 * connections and says nothing. Nothing waits here for a connection to come back.
 */
export class RedisConnection {
  readonly #parts: RedisConnectionParts
  #client: RedisClient | null = null
  /** The client, once `up` is done with it. */
  #ready: RedisClient | null = null
  #timer: Disposable | null = null
  #failures = 0
  readonly #reported = new Set<string>()
  #ended = false

  constructor(parts: RedisConnectionParts) {
    this.#parts = parts
    void this.#connect()
  }

  /** Null while there is none. */
  get client(): RedisClient | null {
    return this.#ready
  }

  /** Ends this connection, if it is still the one, because it is of no use any more; another one follows. */
  fail(client: RedisClient, error: unknown): void {
    this.#fell(client, error)
  }

  [Symbol.dispose](): void {
    this.#ended = true
    this.#timer?.[Symbol.dispose]()
    const client = this.#client
    this.#client = null
    this.#ready = null
    client?.destroy()
  }

  async #connect(): Promise<void> {
    const { options, clock } = this.#parts
    const client = createClient({
      ...options,
      disableOfflineQueue: true,
      disableClientInfo: true,
      maintNotifications: 'disabled',
      socket: { ...options.socket, reconnectStrategy: false, connectTimeout: deadlineMs },
    })
    this.#client = client
    client.on('error', error => this.#fell(client, error))
    client.on('sharded-channel-moved', () => this.#fell(client, new Error('A channel moved.')))
    this.#timer = clock.after(deadlineMs, () => this.#fell(client, new Error('It did not answer in time.')))
    try {
      await client.connect()
      await this.#parts.up(client)
    } catch (error) {
      this.#fell(client, error)
    }
    if (this.#client !== client) return
    this.#timer[Symbol.dispose]()
    this.#ready = client
    if (this.#failures > 0) this.#parts.log.info({ line: this.#parts.name }, 'Redis is back.')
    this.#failures = 0
    this.#reported.clear()
    this.#watch(client)
  }

  #watch(client: RedisClient): void {
    const { clock } = this.#parts
    this.#timer = clock.after(pingEveryMs, () => {
      this.#timer = clock.after(deadlineMs, () => this.#fell(client, new Error('It answers no ping.')))
      // While it loads, cannot save, or misses its primary, Redis answers a ping with an error, and carries messages all the same.
      const answered = (error: unknown) => {
        if (!(error instanceof ErrorReply)) throw error
      }
      client
        .ping()
        .then(() => {}, answered)
        .then(
          () => {
            if (this.#client !== client) return
            this.#timer?.[Symbol.dispose]()
            this.#watch(client)
          },
          error => this.#fell(client, error),
        )
    })
  }

  #fell(client: RedisClient, error: unknown): void {
    if (this.#client !== client) return
    const { clock } = this.#parts
    this.#client = null
    this.#ready = null
    this.#timer?.[Symbol.dispose]()
    client.destroy()
    this.#parts.down()
    if (this.#ended) return
    this.#report(error)
    const most = Math.min(retryMs.most, retryMs.first * 2 ** ++this.#failures)
    this.#timer = clock.after(most * (0.5 + Math.random() / 2), () => void this.#connect())
  }

  #report(error: unknown): void {
    const why = reasonOf(error)
    if (this.#reported.has(why) || this.#reported.size >= mostReasons) return
    this.#reported.add(why)
    this.#parts.log.warn(
      { line: this.#parts.name, why },
      `Redis ${error instanceof ErrorReply ? 'refuses commands' : 'is away'}. Deliveries between nodes catch up from the store.`,
    )
  }
}
