import type { Message } from '../../../contract/entities.ts'
import type { WireError } from '../../../contract/frames.ts'
import type { RoomId, Seq } from '../../../contract/ids.ts'
import type { Output } from '../../../contract/operations.ts'
import type { RowChange } from '../storage/storage.ts'
import type { SyncContext } from '../sync-context.ts'
import { QueueSender } from './queue-sender.ts'
import type { AckedRow, Fact, OutboxNotice, OutboxRow, Queue, QueuedCall, QueuedOperation } from './queued.ts'
import {
  isConfirmedBy,
  isDoneBy,
  isOf,
  isReadable,
  isSame,
  queueOf,
  rebased,
  replacedBy,
  rest,
  rowKeyOf,
} from './queued.ts'

/**
 * Calls on their way. A row is stored before anything else; the rows of a room are sent by one tab at a time, each after the last one's
 * answer; a row is dropped when the server took it; the same row may be sent many times, which is safe (C3, C5).
 */
export class Outbox {
  readonly #context: SyncContext
  readonly #senders: readonly QueueSender[]
  #rows: readonly OutboxRow[] = []
  /** What was sent of a row and not answered: the row may be another by now. */
  readonly #sent = new Map<string, readonly OutboxRow[]>()
  /** The last write of a row that the storage has not answered yet, by key. */
  readonly #writing = new Map<string, symbol>()
  /** Of each reading of the storage that is under way: the rows that were written meanwhile, and are newer than what it finds. */
  readonly #reading = new Set<Set<string>>()
  /** Taken by the server, but not yet received as an event: they are shown until then. */
  readonly #acked = new Map<string, AckedRow>()

  constructor(context: SyncContext) {
    this.#context = context
    const queues: readonly Queue[] = ['messages', 'markers']
    this.#senders = queues.map(queue => new QueueSender(queue, context, this))
  }

  /** What people would miss: rows that no answer came to yet, or that were refused, in their order. Markers are none. */
  get unsent(): readonly OutboxRow[] {
    return this.#rows.filter(row => queueOf(row) === 'messages')
  }

  /** The rows of a queue that are to be sent, in their order. */
  waiting(queue: Queue): readonly OutboxRow[] {
    return this.#rows.filter(row => !row.failed && queueOf(row) === queue)
  }

  /** This one is on its way: the server may do it, whether its answer arrives or not. */
  sending(row: OutboxRow): void {
    this.#sent.set(row.key, [...(this.#sent.get(row.key) ?? []), row])
  }

  /** The rows of a room that its history up to `known` does not show yet, in their order. */
  rowsOf(room: RoomId, known: Seq): readonly OutboxRow[] {
    const acked = [...this.#acked.values()].filter(({ row }) => row.room === room)
    for (const { row, seq } of acked) if (seq <= known) this.#acked.delete(row.key)
    return [
      ...acked.filter(({ seq }) => seq > known).map(({ row }) => row),
      ...this.unsent.filter(row => row.room === room && !this.#isAcked(row)),
    ]
  }

  /** What an earlier page, or another tab, left to be sent. */
  async load(): Promise<void> {
    await this.reload().catch(() => {})
    for (const row of this.#rows) this.#context.rowLoaded(row)
    for (const room of new Set(this.#rows.map(row => row.room))) this.#context.rowsChanged(room)
    this.send()
  }

  /** Resolves when it is stored. */
  async add<Op extends QueuedOperation>(call: Omit<QueuedCall<Op>, 'at'>): Promise<void> {
    const whole = { ...call, at: this.#context.ports.clock.now() }
    const key = rowKeyOf(whole)
    const { storage, me } = this.#context
    const row = await this.#write(key, () => storage.addRow(me, key, whole))
    // An earlier one of its key may be shown no longer, though the server has it.
    this.#acked.delete(key)
    const replaced = replacedBy(whole).map(other => this.#change(other, now => (now.failed ? now : null)))
    await Promise.all(replaced)
    this.#changed(row)
    this.send()
  }

  retry(key: string): Promise<void> {
    return this.#sendAgain(key, row => ({ ...row, failed: null }))
  }

  /** A message without what it quotes, under the same id: what was refused has left nothing on the server. */
  retryUnquoted(key: string): Promise<void> {
    return this.#sendAgain(key, row => {
      if (!isOf(row, 'messages.post')) return row
      const { quote: _, ...input } = row.input
      return { ...row, input, failed: null }
    })
  }

  /** Drops a row that the server did not take, and answers its text. */
  async discard(key: string): Promise<string> {
    const row = this.#find(key)
    if (!row) return ''
    await this.#change(key, () => null)
    this.#changed(row)
    return 'text' in row.input ? row.input.text : ''
  }

  /** What these facts show to be done is on its way no longer, whatever became of the answer. */
  confirm(facts: readonly Fact[]): void {
    for (const { row } of this.#acked.values())
      if (facts.some(fact => isConfirmedBy(row, fact))) this.#acked.delete(row.key)
    for (const row of this.#rows) {
      this.#rebase(row, facts)
      if (!facts.some(fact => isConfirmedBy(row, fact))) continue
      this.#context.rowSettled(row)
      // A row that stays in the storage is sent once more by the next page, and taken once.
      const dropped = this.#change(row.key, now => (isSame(now, row) ? null : now)).catch(() => {})
      void dropped.then(() => this.#changed(row))
    }
  }

  /** These messages stand in the room's history. */
  confirmMessages(room: RoomId, messages: readonly Message[]): void {
    // Of nearly all messages nothing is asked for.
    if (this.rowsOf(room, 0).length > 0)
      this.confirm(messages.map(message => ({ is: 'message', ...message })))
  }

  /** Another tab's notice. */
  async received({ room, acked }: OutboxNotice): Promise<void> {
    const received = this.#context.replica.cursorOf(room) ?? 0
    if (acked && received < acked.seq) this.#acked.set(acked.row.key, acked)
    await this.reload().catch(() => {})
    this.#context.rowsChanged(room)
    this.send()
  }

  /** Sends what is to be sent, as soon as may be: after a row came, and when the connection is back. */
  send(): void {
    for (const sender of this.#senders) sender.send()
  }

  /** Nothing is sent any more. Resolves when what was on its way has come to an end. */
  async stop(): Promise<void> {
    await Promise.all(this.#senders.map(sender => sender.stop()))
  }

  /** An earlier input of the row was done, though no answer came: the row stands on that now. */
  #rebase(row: OutboxRow, facts: readonly Fact[]): void {
    const earlier = this.#sent.get(row.key)?.filter(sent => !isSame(sent, row)) ?? []
    const fact = facts.find(one => earlier.some(sent => isConfirmedBy(sent, one)))
    if (fact?.is !== 'message') return
    void this.#change(row.key, now => rebased(now, fact.rev))
      .then(() => this.#changed(row))
      .then(() => this.send())
      .catch(() => {})
  }

  /** The server has done what was sent. */
  async done(sent: OutboxRow, answer: Output<QueuedOperation>): Promise<void> {
    const isShown = queueOf(sent) === 'messages' && !('deleted' in answer) && this.#find(sent.key)
    const acked = isShown ? { row: sent, seq: answer.seq } : undefined
    if (acked) this.#acked.set(sent.key, acked)
    this.#context.rowSettled(sent)
    await this.#change(sent.key, row => rest(row, sent, answer))
    this.#changed(sent, acked)
  }

  /** The server has refused what was sent, for good. */
  async refused(sent: OutboxRow, error: WireError): Promise<void> {
    const isDone = isDoneBy(sent, error)
    if (isDone) this.#context.rowSettled(sent)
    await this.#change(sent.key, row => {
      if (!isDone) return { ...row, failed: error }
      return isSame(row, sent) ? null : row
    })
    this.#changed(sent)
  }

  async #sendAgain(key: string, change: (row: OutboxRow) => OutboxRow): Promise<void> {
    const row = this.#find(key)
    if (!row) return
    await this.#change(key, change)
    this.#changed(row)
    this.send()
  }

  /** The row is what it is changed to from now on. Resolves when the storage has it so too, with what others did to it meanwhile. */
  async #change(key: string, change: RowChange): Promise<void> {
    const row = this.#find(key)
    if (!row) return
    this.#put(key, change(row))
    const { storage, me } = this.#context
    await this.#write(key, () => storage.changeRow(me, key, change))
  }

  /** Of several writes of one row the storage answers the last one last, with what the row is then. */
  async #write<Row extends OutboxRow | null>(key: string, write: () => Promise<Row>): Promise<Row> {
    const turn = Symbol(key)
    this.#writing.set(key, turn)
    for (const written of this.#reading) written.add(key)
    try {
      const row = await write()
      if (this.#writing.get(key) === turn) this.#put(key, row)
      return row
    } finally {
      if (this.#writing.get(key) === turn) this.#writing.delete(key)
    }
  }

  /** Whether the server has taken it as it is. */
  #isAcked(row: OutboxRow): boolean {
    const acked = this.#acked.get(row.key)
    return acked !== undefined && isSame(acked.row, row)
  }

  #find(key: string): OutboxRow | undefined {
    return this.#rows.find(row => row.key === key)
  }

  #put(key: string, row: OutboxRow | null): void {
    if (!row) this.#sent.delete(key)
    const others = this.#rows.filter(other => other.key !== key)
    this.#rows = row ? [...others, row].sort((one, other) => one.order - other.order) : others
  }

  /** A marker is shown by the counts, and sent by the tab that moved it, or else by the next page. */
  #changed(row: OutboxRow, acked?: AckedRow): void {
    if (queueOf(row) === 'markers') return
    this.#context.rowsChanged(row.room)
    this.#context.notify({ is: 'outbox', room: row.room, ...(acked && { acked }) })
  }

  /** Reads the rows anew: another tab may have sent what this one remembers. */
  async reload(): Promise<void> {
    const written = new Set(this.#writing.keys())
    this.#reading.add(written)
    try {
      const stored = await this.#context.storage.rows(this.#context.me)
      // What another version of the page has left waits for it.
      const rows = stored.filter(row => isReadable(row) && !written.has(row.key))
      const newer = this.#rows.filter(row => written.has(row.key))
      this.#rows = [...rows, ...newer].sort((one, other) => one.order - other.order)
    } finally {
      this.#reading.delete(written)
    }
  }
}
