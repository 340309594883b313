import { errorCodes } from '../../../contract/codes.ts'
import type { MessageId, RoomId, Seq, UserId } from '../../../contract/ids.ts'
import type { Unsent } from '../model.ts'
import type { Cancel, Ports } from '../ports.ts'
import type { CallOperation } from '../replica/snapshots.ts'
import type { OutboxRow, Storage } from '../storage/storage.ts'
import { Backoff } from '../transport/backoff.ts'

interface OutboxParts {
  readonly me: UserId
  readonly storage: Storage
  readonly ports: Ports
  readonly call: CallOperation
}

export interface OutboxListener {
  isOnline(): boolean
  /** The rows of a room are others now. */
  changed(room: RoomId): void
  /** To the other tabs: what is stored is another now. */
  notify(notice: OutboxNotice): void
}

/** Rows were added, marked or dropped; `acked`: this one for having been taken by the server, at this seq. */
export interface OutboxNotice {
  readonly room: RoomId
  readonly acked?: { readonly draft: Unsent; readonly seq: Seq }
}

/**
 * What became of sending a room's rows: all were answered; there is no connection; no answer came, though there is one; or the server asked
 * for patience, for all rooms.
 */
type Outcome = 'sent' | 'offline' | 'unanswered' | 'patience'

/**
 * Messages on their way. A row is stored before anything else; the rows of a room are sent by one tab at a time, each after the last one's
 * answer; a row is dropped when the server took it; the same row may be sent many times, which is safe by its id (C3, C5).
 */
export class Outbox {
  readonly #user: UserId
  readonly #storage: Storage
  readonly #ports: Ports
  readonly #call: CallOperation
  readonly #listener: OutboxListener
  readonly #backoff: Backoff
  #rows: readonly OutboxRow[] = []
  /** Taken by the server, but not yet received as an event: they are shown until then. */
  readonly #acked = new Map<MessageId, { draft: Unsent; seq: Seq }>()
  /** Taken by the server, and about to be dropped from the storage: no rows any more, whenever that is read. */
  readonly #taken = new Set<MessageId>()
  readonly #sending = new Map<RoomId, Promise<void>>()
  #notBefore = 0
  #again: Cancel = () => {}
  readonly #stopping = new AbortController()

  constructor(of: OutboxParts, listener: OutboxListener) {
    this.#user = of.me
    this.#storage = of.storage
    this.#ports = of.ports
    this.#call = of.call
    this.#listener = listener
    this.#backoff = new Backoff(() => of.ports.random())
  }

  /** Rows that no answer came to yet, or that were refused, in their order. */
  get rows(): readonly OutboxRow[] {
    return this.#rows
  }

  get #isStopped(): boolean {
    return this.#stopping.signal.aborted
  }

  /** The rows of a room that its history up to `known` does not show yet, in their order. */
  rowsOf(room: RoomId, known: Seq): readonly Pick<OutboxRow, 'draft' | 'failed'>[] {
    const acked = [...this.#acked.values()].filter(row => row.draft.room === room)
    for (const row of acked) if (row.seq <= known) this.#acked.delete(row.draft.id)
    return [
      ...acked.filter(row => row.seq > known).map(({ draft }) => ({ draft, failed: null })),
      ...this.#rows.filter(({ draft }) => draft.room === room && !this.#acked.has(draft.id)),
    ]
  }

  /** What an earlier page, or another tab, left to be sent. */
  async load(): Promise<void> {
    await this.#reload().catch(() => {})
    for (const room of new Set(this.#rows.map(row => row.draft.room))) this.#listener.changed(room)
    this.send()
  }

  /** Resolves when the message is stored. */
  async add(draft: Unsent): Promise<void> {
    await this.#storage.addRow(this.#user, draft)
    await this.#changed({ room: draft.room })
    this.send()
  }

  retry(id: MessageId): Promise<void> {
    return this.#sendAgain(id, () => this.#storage.markRow(id, null))
  }

  /** Under the same id: what was refused has left nothing on the server. */
  retryUnquoted(id: MessageId): Promise<void> {
    return this.#sendAgain(id, () => this.#storage.unquoteRow(id))
  }

  async #sendAgain(id: MessageId, change: () => Promise<void>): Promise<void> {
    const row = this.#rows.find(other => other.draft.id === id)
    if (!row) return
    await change()
    await this.#changed({ room: row.draft.room })
    this.send()
  }

  /** Drops a row that the server did not take, and answers its text. */
  async discard(id: MessageId): Promise<string> {
    const row = this.#rows.find(other => other.draft.id === id)
    if (!row) return ''
    await this.#storage.dropRow(id)
    await this.#changed({ room: row.draft.room })
    return row.draft.text
  }

  /** The message was received as an event or found in the history: it is sent, whatever became of the answer. */
  arrived(id: MessageId): void {
    this.#acked.delete(id)
    const row = this.#rows.find(other => other.draft.id === id)
    if (!row) return
    const dropped = this.#drop(id)
    this.#listener.changed(row.draft.room)
    // A row that stays in the storage is sent once more by the next page, and taken once.
    void dropped.then(() => this.#listener.notify({ room: row.draft.room })).catch(() => {})
  }

  /** It is no row from now on. Resolves when it is none in the storage either. */
  async #drop(id: MessageId): Promise<void> {
    this.#taken.add(id)
    this.#rows = this.#rows.filter(row => row.draft.id !== id)
    await this.#storage.dropRow(id)
    this.#taken.delete(id)
  }

  /** Another tab's notice. */
  async received(notice: OutboxNotice): Promise<void> {
    if (notice.acked) this.#acked.set(notice.acked.draft.id, notice.acked)
    await this.#reload().catch(() => {})
    this.#listener.changed(notice.room)
    this.send()
  }

  /** Sends what is to be sent, as soon as may be: after a row came, and when the connection is back. */
  send(): void {
    this.#again()
    if (this.#isStopped || !this.#listener.isOnline()) return
    const wait = this.#notBefore - this.#ports.clock.now()
    if (wait > 0) {
      this.#again = this.#ports.clock.after(wait, () => this.send())
      return
    }
    for (const { draft, failed } of this.#rows)
      if (!failed && !this.#sending.has(draft.room)) this.#sending.set(draft.room, this.#sendRoom(draft.room))
  }

  /** Nothing is sent any more. Resolves when what was on its way has come to an end. */
  async stop(): Promise<void> {
    this.#stopping.abort()
    this.#again()
    await Promise.all(this.#sending.values())
  }

  async #sendRoom(room: RoomId): Promise<void> {
    let outcome: Outcome = 'offline'
    try {
      await this.#ports.locks.hold(`confab-outbox-${this.#user}-${room}`, this.#stopping.signal, async () => {
        // From the storage: another tab, which had the lock before, may have sent what this one remembers.
        await this.#reload()
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
      const row = this.#rows.find(other => other.draft.room === room && !other.failed)
      if (!row) return 'sent'
      if (this.#isStopped || !this.#listener.isOnline()) return 'offline'
      const outcome = await this.#sendRow(row)
      if (outcome !== 'sent') return outcome
    }
  }

  #goOn(outcome: Outcome): void {
    switch (outcome) {
      case 'sent':
        this.#backoff.worked()
        // A row may have come since the last look.
        this.send()
        break
      case 'unanswered':
        if (!this.#isStopped) this.#again = this.#ports.clock.after(this.#backoff.next(), () => this.send())
        break
      case 'patience':
        this.send()
        break
      case 'offline':
        break
    }
  }

  async #sendRow({ draft }: OutboxRow): Promise<Outcome> {
    const { id, room, text, quote } = draft
    const answer = await this.#call('messages.post', { id, room, text, ...(quote && { quote }) })
    if ('unreachable' in answer) return 'unanswered'
    if ('ok' in answer) {
      const acked = answer.ok.deleted ? undefined : { draft, seq: answer.ok.seq }
      if (acked && this.#rows.some(row => row.draft.id === id)) this.#acked.set(id, acked)
      await this.#drop(id)
      await this.#changed({ room, ...(acked && { acked }) })
      return 'sent'
    }
    const { code, retryAfter } = answer.error
    // Nobody is signed in any more: the row is not refused, it waits for its author.
    if (code === 'signed_out') return 'offline'
    if (errorCodes[code].retry) {
      this.#notBefore = Math.max(this.#notBefore, this.#ports.clock.now() + this.#backoff.next(retryAfter))
      return 'patience'
    }
    await this.#storage.markRow(id, answer.error)
    await this.#changed({ room })
    return 'sent'
  }

  async #changed(notice: OutboxNotice): Promise<void> {
    await this.#reload()
    this.#listener.changed(notice.room)
    this.#listener.notify(notice)
  }

  async #reload(): Promise<void> {
    const rows = await this.#storage.rows(this.#user)
    this.#rows = rows.filter(row => !this.#taken.has(row.draft.id))
  }
}
