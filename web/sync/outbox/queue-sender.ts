import { errorCodes } from '../../../contract/codes.ts'
import type { WireError } from '../../../contract/frames.ts'
import type { RoomId } from '../../../contract/ids.ts'
import type { Output } from '../../../contract/operations.ts'
import type { Cancel } from '../ports.ts'
import type { SyncContext } from '../sync-context.ts'
import { Backoff } from '../transport/backoff.ts'
import type { OutboxRow, Queue, QueuedOperation } from './queued.ts'

/** The outbox, to who sends its rows. */
interface QueueSenderRows {
  /** The rows of a queue that are to be sent, in their order. */
  waiting(queue: Queue): readonly OutboxRow[]
  /** Reads them anew: another tab may have sent what this one remembers. */
  reload(): Promise<void>
  /** This one is on its way: the server may do it, whether its answer arrives or not. */
  sending(row: OutboxRow): void
  done(row: OutboxRow, answer: Output<QueuedOperation>): Promise<void>
  /** Refused for good. */
  refused(row: OutboxRow, error: WireError): Promise<void>
}

/**
 * What became of sending a room's rows: all were answered; there is no connection; no answer came, though there is one; or the server asked
 * for patience, for all rooms.
 */
type Outcome = 'sent' | 'offline' | 'unanswered' | 'patience'

/** Sends the rows of one queue: a room's by one tab at a time, each after the last one's answer (C3, C5). */
export class QueueSender {
  readonly #queue: Queue
  readonly #context: SyncContext
  readonly #rows: QueueSenderRows
  readonly #backoff: Backoff
  readonly #sending = new Map<RoomId, Promise<void>>()
  #notBefore = 0
  #again: Cancel = () => {}
  readonly #stopping = new AbortController()

  constructor(queue: Queue, context: SyncContext, rows: QueueSenderRows) {
    this.#queue = queue
    this.#context = context
    this.#rows = rows
    this.#backoff = new Backoff(() => context.ports.random())
  }

  /** Sends what is to be sent, as soon as may be: after a row came, and when the connection is back. */
  send(): void {
    this.#again()
    if (this.#isStopped || !this.#context.socket.isOnline) return
    const wait = this.#notBefore - this.#context.ports.clock.now()
    if (wait > 0) {
      this.#again = this.#context.ports.clock.after(wait, () => this.send())
      return
    }
    for (const { room } of this.#rows.waiting(this.#queue))
      if (!this.#sending.has(room)) this.#sending.set(room, this.#sendRoom(room))
  }

  /** Nothing is sent any more. Resolves when what was on its way has come to an end. */
  async stop(): Promise<void> {
    this.#stopping.abort()
    this.#again()
    await Promise.all(this.#sending.values())
  }

  get #isStopped(): boolean {
    return this.#stopping.signal.aborted
  }

  async #sendRoom(room: RoomId): Promise<void> {
    let outcome: Outcome = 'offline'
    const lock = `confab-outbox-${this.#context.me}-${this.#queue}-${room}`
    try {
      await this.#context.ports.locks.hold(lock, this.#stopping.signal, async () => {
        await this.#rows.reload()
        outcome = await this.#sendRows(room)
      })
    } catch {
      // The storage did not answer: what is in it is sent when it does.
      outcome = 'unanswered'
    }
    this.#sending.delete(room)
    this.#goOn(outcome)
  }

  async #sendRows(room: RoomId): Promise<Outcome> {
    for (;;) {
      const row = this.#rows.waiting(this.#queue).find(other => other.room === room)
      if (!row) return 'sent'
      if (this.#isStopped || !this.#context.socket.isOnline) return 'offline'
      const outcome = await this.#sendRow(row)
      if (outcome !== 'sent') return outcome
    }
  }

  async #sendRow(row: OutboxRow): Promise<Outcome> {
    this.#rows.sending(row)
    const answer = await this.#context.call(row.operation, row.input)
    if ('unreachable' in answer) return 'unanswered'
    if ('ok' in answer) {
      await this.#rows.done(row, answer.ok)
      return 'sent'
    }
    const { code, retryAfter } = answer.error
    // Nobody is signed in any more: the row is not refused, it waits for its author.
    if (code === 'signed_out') return 'offline'
    if (errorCodes[code].retry) {
      this.#notBefore = Math.max(
        this.#notBefore,
        this.#context.ports.clock.now() + this.#backoff.next(retryAfter),
      )
      return 'patience'
    }
    await this.#rows.refused(row, answer.error)
    return 'sent'
  }

  #goOn(outcome: Outcome): void {
    if (outcome === 'offline' || this.#isStopped) return
    if (outcome === 'unanswered') {
      this.#again = this.#context.ports.clock.after(this.#backoff.next(), () => this.send())
      return
    }
    if (outcome === 'sent') this.#backoff.worked()
    // A row may have come since the last look.
    this.send()
  }
}
