import type pg from 'pg'
import type { Epoch } from '../../../../contract/ids.ts'
import type { Clock } from '../../../core/ports/clock.ts'
import { CannotOpen, Unavailable } from '../../../core/ports/failures.ts'
import type { StoreReads } from '../sql/reads.ts'
import { readsOf } from '../sql/reads.ts'
import { through } from './reader.ts'
import { beginServerSession } from './running.ts'
import type { PostgresSession } from './session.ts'
import { sessionTo } from './session.ts'

/** After a try that failed, this long passes before the next, ms, and twice as long each time; a connection that was good is replaced at once. */
const shortestMs = 50
const longestMs = 1_000

export interface LeaseConnectionParts {
  readonly url: string
  /** Of the history that the node works on. */
  readonly epoch: Epoch
  readonly clock: Clock
  /** The database is not this node's any more, or not with the history that it had: nothing more may be told from it. */
  lost(why: CannotOpen): void
}

/**
 * A node's hold on its database: a connection of its own that is there for as long as the node runs, also while nothing is to be done. It has
 * the lock of running servers, so that nothing is restored or moved beside the node, and when it breaks it is made anew at once. What happened
 * to the database in between is seen then, before anything else. What must not wait its turn behind whatever else is read is read over it.
 */
export class LeaseConnection implements AsyncDisposable {
  /** Whose keys ended, and whether the database answers. While it is not held, that is `Unavailable` at once. */
  readonly reads: Pick<StoreReads, 'ended' | 'alive' | 'workspace'>
  readonly #parts: LeaseConnectionParts
  #newest: PostgresSession
  /** The newest, when it holds. */
  #held: Promise<pg.Client>
  #isOver = false
  #pause: Disposable | null = null

  private constructor(parts: LeaseConnectionParts, session: PostgresSession) {
    this.#parts = parts
    this.#newest = session
    this.#held = Promise.resolve(session.client)
    this.#keep(session.client)
    const { ended, alive, workspace } = readsOf(async reading =>
      through(await this.#held.catch(notHeld), reading),
    )
    this.reads = { ended, alive, workspace }
  }

  /** Resolves when it holds. */
  static async on(parts: LeaseConnectionParts): Promise<LeaseConnection> {
    const session = sessionTo(parts.url)
    await begun(session, parts.epoch)
    return new LeaseConnection(parts, session)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isOver = true
    this.#pause?.[Symbol.dispose]()
    await this.#newest.leave()
  }

  #keep(client: pg.Client): void {
    client.once('end', () => this.#make(0))
  }

  #make(pausedMs: number): void {
    if (this.#isOver) return
    this.#newest = sessionTo(this.#parts.url)
    this.#held = begun(this.#newest, this.#parts.epoch)
    this.#held.then(
      client => this.#keep(client),
      (error: unknown) => this.#failed(error, pausedMs),
    )
  }

  #failed(error: unknown, pausedMs: number): void {
    if (this.#isOver) return
    if (error instanceof CannotOpen) {
      this.#isOver = true
      this.#parts.lost(error)
      return
    }
    const ms = Math.min(Math.max(2 * pausedMs, shortestMs), longestMs)
    this.#pause = this.#parts.clock.after(ms, () => this.#make(ms))
  }
}

async function begun({ client }: PostgresSession, epoch: Epoch): Promise<pg.Client> {
  // Whoever waits for an answer is told by it, and the end by itself.
  client.on('error', () => {})
  try {
    await client.connect()
    await beginServerSession(client, epoch)
    return client
  } catch (error) {
    client.end().catch(() => {})
    throw error
  }
}

function notHeld(cause: unknown): never {
  throw new Unavailable('The database is out of reach.', { cause })
}
